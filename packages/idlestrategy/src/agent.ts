/** A unit of work that is driven in turns, by an `AgentRunner` or an `AgentInvoker`: Agrona's `Agent`. */
export interface Agent {
  /** What this agent does, for messages. */
  readonly roleName: string
  /** Called once, before the first turn, by whoever drives the agent. */
  onStart?(): void
  /**
   * One turn. Must not block.
   *
   * @returns how much was done; 0 or less lets the idle strategy wait
   * @throws AgentTerminationError to end the loop; other errors go to the error handler, and the loop goes on
   */
  doWork(): number
  /** Called once, after the last turn. */
  onClose?(): void
}
