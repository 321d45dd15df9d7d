import type { AtomicBuffer } from '../atomic-buffer.ts'
import { readErrorLog } from './error-log-reader.ts'

/** One distinct error of an error log; times in milliseconds since the epoch. */
export interface ErrorObservation {
  readonly observationCount: number
  readonly firstObservationTimestampMs: bigint
  readonly lastObservationTimestampMs: bigint
  /** Message and stack, as its owner wrote it. */
  readonly encodedError: string
}

/**
 * The errors of an error log as a list, also while it is written.
 *
 * @param sinceTimestampMs leaves out errors that were last seen before this
 */
export function errorObservations(buffer: AtomicBuffer, sinceTimestampMs = 0n): ErrorObservation[] {
  const observations: ErrorObservation[] = []
  readErrorLog(
    buffer,
    (observationCount, firstObservationTimestampMs, lastObservationTimestampMs, encodedError) => {
      observations.push({
        observationCount,
        firstObservationTimestampMs,
        lastObservationTimestampMs,
        encodedError,
      })
    },
    sinceTimestampMs,
  )
  return observations
}
