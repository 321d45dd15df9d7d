/** Exponent above which a pause does not grow: any first pause of a millisecond has reached any limit by then. */
const MAX_DOUBLINGS = 31

/**
 * Pause before an attempt to connect again, in milliseconds: it doubles with each failure up to a limit, and half of it is random, so that the
 * clients of a cluster that was gone do not all come back at once.
 *
 * @param failureCount attempts that failed since the last session, 0 or more
 * @param random a number from 0 up to 1
 */
export function retryPauseMs(
  failureCount: number,
  firstMs: number,
  limitMs: number,
  random: number = Math.random(),
): number {
  const pauseMs = Math.min(limitMs, firstMs * 2 ** Math.min(failureCount, MAX_DOUBLINGS))
  return pauseMs / 2 + (pauseMs / 2) * random
}
