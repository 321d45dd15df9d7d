import type { Agent } from './agent.ts'
import { forEachAgent } from './composite-agent.ts'

/** Where a {@link DynamicCompositeAgent} is in its life. */
export type DynamicCompositeAgentStatus = 'init' | 'active' | 'closed'

/**
 * Several agents as one, which may come and go while it runs: Agrona's `DynamicCompositeAgent`. An agent is added or removed at the start of
 * the next turn, and started or closed then.
 */
export class DynamicCompositeAgent implements Agent {
  readonly roleName: string
  // Replaced, never changed, so that an agent may add and remove agents in its turn.
  #agents: readonly Agent[]
  #next = 0
  #status: DynamicCompositeAgentStatus = 'init'
  #toAdd: Agent | undefined
  #toRemove: Agent | undefined

  /** @param agents those that are there from the start */
  constructor(roleName: string, ...agents: readonly Agent[]) {
    this.roleName = roleName
    this.#agents = [...agents]
  }

  /** Agents come and go while this is `active`: from its start until it is closed. */
  get status(): DynamicCompositeAgentStatus {
    return this.#status
  }

  /** Whether the agent given to {@link tryAdd} last has been taken in. */
  get hasAddCompleted(): boolean {
    return this.#toAdd === undefined
  }

  /** Whether the agent given to {@link tryRemove} last has been let go. */
  get hasRemoveCompleted(): boolean {
    return this.#toRemove === undefined
  }

  /**
   * Asks for an agent to be added.
   *
   * @returns false when one asked for before is not taken in yet: try again after a turn
   * @throws Error when this is not active
   */
  tryAdd(agent: Agent): boolean {
    this.#checkActive('add')
    if (this.#toAdd !== undefined) return false
    this.#toAdd = agent
    return true
  }

  /**
   * Asks for an agent to be removed; one that is not there is let go quietly.
   *
   * @returns false when one asked for before is not let go yet: try again after a turn
   * @throws Error when this is not active
   */
  tryRemove(agent: Agent): boolean {
    this.#checkActive('remove')
    if (this.#toRemove !== undefined) return false
    this.#toRemove = agent
    return true
  }

  /** Starts all. When one throws, the others are not started, and this is not active. */
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

  /** Closes all, whatever some of them throw. @throws AggregateError of what they threw */
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
