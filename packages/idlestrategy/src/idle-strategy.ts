/**
 * How a duty cycle waits after a turn in which little or nothing happened: Agrona's `IdleStrategy`.
 *
 * The decision ({@link parkNs}) stands apart from its effect ({@link idle}): a loop that owns its thread calls `idle`, a runner on the event
 * loop, which must not block, takes the decision and waits in its own way. Strategies keep state between turns, so use one for one loop.
 */
export interface IdleStrategy {
  /** Agrona's short name of the strategy, such as `backoff`. */
  readonly alias: string
  /**
   * Decides how long to wait after a turn, in nanoseconds; 0 means to go on at once. Each call counts as one turn.
   *
   * @param workCount what the turn did; above 0 means that the loop is not idle
   */
  parkNs(workCount: number): number
  /**
   * Decides, and waits by blocking this thread. Whatever shares the thread, an event loop for instance, waits too.
   *
   * @param workCount what the turn did; 0 when not given
   */
  idle(workCount?: number): void
  /** Forgets the idle turns before, as after a turn that did work. */
  reset(): void
}
