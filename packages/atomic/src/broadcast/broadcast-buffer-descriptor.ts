/*
 * The trailer behind a broadcast buffer of `capacity` bytes. Protocol: Agrona's `BroadcastBufferDescriptor`. Offsets are from the end
 * of the buffer; the values are positions that count bytes from 0 and never wrap.
 *
 *     0  tail intent   where the tail will be once the write that is under way has ended
 *     8  tail          end of the last complete record
 *    16  latest        start of the last complete record
 *   128  end
 */
import type { AtomicBuffer } from '../atomic-buffer.ts'
import { CACHE_LINE_LENGTH, isPowerOfTwo, SIZE_OF_INT64 } from '../bit-util.ts'
import { RECORD_ALIGNMENT } from '../record-descriptor.ts'

/** Where the tail will be once the write that is under way has ended, int64. */
export const TAIL_INTENT_OFFSET = 0
/** End of the last complete record, int64. */
export const TAIL_OFFSET: number = TAIL_INTENT_OFFSET + SIZE_OF_INT64
/** Start of the last complete record, int64. */
export const LATEST_OFFSET: number = TAIL_OFFSET + SIZE_OF_INT64
/** Length in bytes of the trailer that follows the buffer. */
export const TRAILER_LENGTH: number = 2 * CACHE_LINE_LENGTH

/**
 * The capacity for records in a buffer that also holds the trailer.
 *
 * @throws RangeError when it is not a power of two, or below 8
 */
export function broadcastCapacity(buffer: AtomicBuffer): number {
  const capacity = buffer.capacity - TRAILER_LENGTH
  if (!isPowerOfTwo(capacity) || capacity < RECORD_ALIGNMENT) {
    throw new RangeError(
      `Cannot use the buffer as a broadcast buffer: its length must be a power of two of at least ${RECORD_ALIGNMENT}, plus ` +
        `${TRAILER_LENGTH} bytes of trailer, current length is ${buffer.capacity}`,
    )
  }
  return capacity
}
