/*
 * The trailer behind a ring of `capacity` bytes. Protocol: Agrona's `RingBufferDescriptor`. Offsets are from the end of the ring.
 *
 *     0  unused
 *   128  tail position              bytes ever claimed by producers
 *   256  head cache position        a head position that producers have seen
 *   384  head position              bytes ever consumed
 *   512  correlation counter        next id
 *   640  consumer heartbeat         milliseconds since the epoch
 *   768  end
 */
import type { AtomicBuffer } from '../atomic-buffer.ts'
import { CACHE_LINE_LENGTH, isPowerOfTwo } from '../bit-util.ts'
import { HEADER_LENGTH } from '../record-descriptor.ts'

// Each word owns two cache lines, so that no neighbour shares one with it.
const SLOT_LENGTH: number = 2 * CACHE_LINE_LENGTH

/** Bytes ever claimed, int64. */
export const TAIL_POSITION_OFFSET: number = SLOT_LENGTH
/** A head position that producers have seen, int64. */
export const HEAD_CACHE_POSITION_OFFSET: number = TAIL_POSITION_OFFSET + SLOT_LENGTH
/** Bytes ever consumed, int64. */
export const HEAD_POSITION_OFFSET: number = HEAD_CACHE_POSITION_OFFSET + SLOT_LENGTH
/** Next correlation id, int64. */
export const CORRELATION_COUNTER_OFFSET: number = HEAD_POSITION_OFFSET + SLOT_LENGTH
/** When the consumer was last alive, int64, milliseconds since the epoch. */
export const CONSUMER_HEARTBEAT_OFFSET: number = CORRELATION_COUNTER_OFFSET + SLOT_LENGTH
/** Length in bytes of the trailer that follows the ring. */
export const TRAILER_LENGTH: number = CONSUMER_HEARTBEAT_OFFSET + SLOT_LENGTH

/** Smallest ring: one record without a body. */
const MIN_CAPACITY: number = HEADER_LENGTH

/**
 * The capacity of the ring in a buffer that also holds the trailer.
 *
 * @throws RangeError when it is not a power of two, or below 8
 */
export function ringCapacity(buffer: AtomicBuffer): number {
  const capacity = buffer.capacity - TRAILER_LENGTH
  if (!isPowerOfTwo(capacity) || capacity < MIN_CAPACITY) {
    throw new RangeError(
      `Cannot use the buffer as a ring buffer: its length must be a power of two of at least ${MIN_CAPACITY}, plus ${TRAILER_LENGTH} bytes of ` +
        `trailer, current length is ${buffer.capacity}`,
    )
  }
  return capacity
}
