import type { Agent } from './agent.ts'

/** Does something with every agent, whatever the others throw. @throws AggregateError of all that was thrown */
export function forEachAgent(agents: readonly Agent[], action: string, call: (agent: Agent) => void): void {
  const errors: unknown[] = []
  for (const agent of agents) {
    try {
      call(agent)
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) {
    throw new AggregateError(
      errors,
      `Cannot ${action} all agents: ${errors.length} of ${agents.length} failed`,
    )
  }
}

/**
 * Combines several agents, which take their turns one after the other; corresponds to Agrona's `CompositeAgent`. If one throws, the next turn continues with the agent
 * after it, so that none starves the others.
 */
export class CompositeAgent implements Agent {
  readonly roleName: string
  readonly #agents: readonly Agent[]
  #next = 0

  /** @throws RangeError when there is no agent */
  constructor(...agents: readonly Agent[]) {
    if (agents.length === 0) {
      throw new RangeError('Cannot make a composite agent: there must be at least one agent, there is none')
    }
    this.#agents = [...agents]
    this.roleName = `[${agents.map(({ roleName }) => roleName).join()}]`
  }

  /** Starts all agents, even if some of them throw. @throws AggregateError of what they threw */
  onStart(): void {
    forEachAgent(this.#agents, 'start', (agent) => agent.onStart?.())
  }

  doWork(): number {
    const agents = this.#agents
    let workCount = 0
    while (this.#next < agents.length) workCount += agents[this.#next++]!.doWork()
    this.#next = 0
    return workCount
  }

  /** Closes all agents, even if some of them throw. @throws AggregateError of what they threw */
  onClose(): void {
    forEachAgent(this.#agents, 'close', (agent) => agent.onClose?.())
  }
}
