import type { AtomicBuffer } from '../atomic-buffer.ts'
import { align } from '../bit-util.ts'
import {
  ENCODED_ERROR_OFFSET,
  ERROR_RECORD_ALIGNMENT,
  FIRST_OBSERVATION_TIMESTAMP_OFFSET,
  LAST_OBSERVATION_TIMESTAMP_OFFSET,
  LENGTH_OFFSET,
  OBSERVATION_COUNT_OFFSET,
} from './error-record-descriptor.ts'

/** Takes one distinct error; times in milliseconds since the epoch. */
export type ErrorConsumer = (
  observationCount: number,
  firstObservationTimestampMs: bigint,
  lastObservationTimestampMs: bigint,
  encodedError: string,
) => void

/** Whether an error log holds any error. */
export function hasErrors(buffer: AtomicBuffer): boolean {
  return buffer.capacity >= ENCODED_ERROR_OFFSET && buffer.getInt32Acquire(LENGTH_OFFSET) > 0
}

/**
 * Reads an error log, also while it is written: Agrona's `ErrorLogReader`.
 *
 * @param sinceTimestampMs leaves out errors that were last seen before this
 * @returns how many errors were given to `consumer`
 */
export function readErrorLog(buffer: AtomicBuffer, consumer: ErrorConsumer, sinceTimestampMs = 0n): number {
  let count = 0
  let offset = 0
  while (offset + ENCODED_ERROR_OFFSET <= buffer.capacity) {
    const length = Math.min(buffer.getInt32Acquire(offset + LENGTH_OFFSET), buffer.capacity - offset)
    if (length < ENCODED_ERROR_OFFSET) break
    const lastMs = buffer.getInt64Acquire(offset + LAST_OBSERVATION_TIMESTAMP_OFFSET)
    if (lastMs >= sinceTimestampMs) {
      count++
      consumer(
        buffer.getInt32Acquire(offset + OBSERVATION_COUNT_OFFSET),
        buffer.getInt64(offset + FIRST_OBSERVATION_TIMESTAMP_OFFSET),
        lastMs,
        buffer.getStringWithoutLengthUtf8(offset + ENCODED_ERROR_OFFSET, length - ENCODED_ERROR_OFFSET),
      )
    }
    offset += align(length, ERROR_RECORD_ALIGNMENT)
  }
  return count
}
