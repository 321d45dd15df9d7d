/**
 * How a duty cycle waits after a turn without work; corresponds to Agrona's `IdleStrategy`.
 *
 * The decision ({@link parkNs}) is separate from its execution ({@link idle}). A loop that owns its thread calls `idle`. A runner on the event loop, which must not block
 * for long, asks for the decision and waits in its own way. Strategies keep state between turns, so use a separate one for each loop.
 */
export interface IdleStrategy {
  /** Agrona's short name of the strategy, such as `backoff`. */
  readonly alias: string
  /**
   * Decides how long to wait after a turn, in nanoseconds; 0 means to continue at once. Each call counts as one turn.
   *
   * @param workCount how much the turn did; above 0 means that the loop is not idle
   */
  parkNs(workCount: number): number
  /**
   * Decides, and waits by blocking the calling thread, along with everything that shares it, such as an event loop.
   *
   * @param workCount how much the turn did; 0 by default
   */
  idle(workCount?: number): void
  /** Forgets previous idle turns, as after a turn that did work. */
  reset(): void
}
