/** A unit of work that is driven in turns, by an `AgentRunner` or an `AgentInvoker`; corresponds to Agrona's `Agent`. */
export interface Agent {
  /** Name of the agent's role, for messages. */
  readonly roleName: string
  /** Called once, before the first turn, by whoever drives the agent. */
  onStart?(): void
  /**
   * Does one turn. Must not block.
   *
   * @returns how much was done; 0 or less lets the idle strategy wait
   * @throws AgentTerminationError to end the loop; other errors go to the error handler, and the loop continues
   */
  doWork(): number
  /** Called once, after the last turn. */
  onClose?(): void
}
