import type { Agent } from './agent.ts'
import { forEachAgent } from './composite-agent.ts'

/** Status of a {@link DynamicCompositeAgent}. */
export type DynamicCompositeAgentStatus = 'init' | 'active' | 'closed'

/**
 * Combines several agents, which can be added and removed while it runs; corresponds to Agrona's `DynamicCompositeAgent`. An agent is added and started, or removed and
 * closed, at the start of the next turn.
 */
export class DynamicCompositeAgent implements Agent {
  readonly roleName: string
  // Replaced, never changed, so that an agent may add and remove agents in its turn.
  #agents: readonly Agent[]
  #next = 0
  #status: DynamicCompositeAgentStatus = 'init'
  #toAdd: Agent | undefined
  #toRemove: Agent | undefined

  /** @param agents the initial agents */
  constructor(roleName: string, ...agents: readonly Agent[]) {
    this.roleName = roleName
    this.#agents = [...agents]
  }

  /** Agents can be added and removed while this is `active`, that is, from its start until it is closed. */
  get status(): DynamicCompositeAgentStatus {
    return this.#status
  }

  /** Whether the agent last passed to {@link tryAdd} has been added. */
  get hasAddCompleted(): boolean {
    return this.#toAdd === undefined
  }

  /** Whether the agent last passed to {@link tryRemove} has been removed. */
  get hasRemoveCompleted(): boolean {
    return this.#toRemove === undefined
  }

  /**
   * Requests that an agent be added.
   *
   * @returns false if the previous one has not been added yet; try again after a turn
   * @throws Error when this is not active
   */
  tryAdd(agent: Agent): boolean {
    this.#checkActive('add')
    if (this.#toAdd !== undefined) return false
    this.#toAdd = agent
    return true
  }

  /**
   * Requests that an agent be removed; does nothing for an agent that is not there.
   *
   * @returns false if the previous one has not been removed yet; try again after a turn
   * @throws Error when this is not active
   */
  tryRemove(agent: Agent): boolean {
    this.#checkActive('remove')
    if (this.#toRemove !== undefined) return false
    this.#toRemove = agent
    return true
  }

  /** Starts all agents. If one throws, the others are not started, and this does not become active. */
  onStart(): void {
    for (const agent of this.#agents) agent.onStart?.()
    this.#status = 'active'
  }

  doWork(): number {
    this.#addAsked()
    this.#removeAsked()
    const agents = this.#agents
    let workCount = 0
    while (this.#next < agents.length) workCount += agents[this.#next++]!.doWork()
    this.#next = 0
    return workCount
  }

  /** Closes all agents, even if some of them throw. @throws AggregateError of what they threw */
  onClose(): void {
    const agents = this.#agents
    this.#status = 'closed'
    this.#agents = []
    forEachAgent(agents, 'close', (agent) => agent.onClose?.())
  }

  #addAsked(): void {
    const agent = this.#toAdd
    if (agent === undefined) return
    this.#toAdd = undefined
    try {
      agent.onStart?.()
    } catch (error) {
      try {
        agent.onClose?.()
      } catch (closeError) {
        throw new AggregateError(
          [error, closeError],
          `Cannot add agent "${agent.roleName}": start and close failed`,
        )
      }
      throw error
    }
    this.#agents = [...this.#agents, agent]
  }

  #removeAsked(): void {
    const agent = this.#toRemove
    if (agent === undefined) return
    this.#toRemove = undefined
    const remaining = this.#agents.filter((other) => other !== agent)
    if (remaining.length === this.#agents.length) return
    this.#agents = remaining
    // Where the turn was broken off by an error, the places behind have moved.
    this.#next = 0
    agent.onClose?.()
  }

  #checkActive(action: string): void {
    if (this.#status === 'active') return
    throw new Error(
      `Cannot ${action} an agent: "${this.roleName}" must be active, its status is "${this.#status}"; drive it first`,
    )
  }
}
