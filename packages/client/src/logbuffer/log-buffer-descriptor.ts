import { isPowerOfTwo } from '@x/atomic'
import { FRAME_ALIGNMENT, HEADER_LENGTH } from './frame-descriptor.ts'

/** Term partitions in a log. Protocol: Aeron's `LogBufferDescriptor`, as all of this file. */
export const PARTITION_COUNT = 3
/** Shortest term, in bytes. */
export const TERM_MIN_LENGTH: number = 64 * 1024
/** Longest term, in bytes. */
export const TERM_MAX_LENGTH: number = 1024 * 1024 * 1024
/** Longest frame that a driver can be set to send, in bytes. Protocol: Aeron's `Configuration.MAX_UDP_PAYLOAD_LENGTH`. */
const MAX_MTU_LENGTH = 65_504
/** Smallest page of a log file, in bytes. */
export const PAGE_MIN_SIZE = 4096
/** Largest page of a log file, in bytes. */
export const PAGE_MAX_SIZE: number = 1024 * 1024 * 1024

/**
 * The metadata is the last block of a log file.
 * ```
 *   0 raw tails                   int64 x 3, term id in the high word, offset in the low one
 *  24 active term count           int32
 * 128 end of stream position      int64, 2^63 - 1 while open
 * 136 is connected                int32
 * 140 active transport count      int32
 * 256 correlation id              int64
 * 264 initial term id             int32
 * 268 default frame header length int32
 * 272 mtu length                  int32
 * 276 term length                 int32
 * 280 page size                   int32
 * 320 default frame header        128 bytes
 * 496 is publication revoked      uint8, since 1.48
 * ```
 */
export const LOG_META_DATA_LENGTH = 4096
/** Place of the raw tail of partition 0; the others follow. */
export const TERM_TAIL_COUNTERS_OFFSET = 0
/** Place of the active term count. */
export const ACTIVE_TERM_COUNT_OFFSET = 24
/** Place of the end of stream position. */
export const END_OF_STREAM_POSITION_OFFSET = 128
/** Place of the flag that says a subscriber is connected. */
export const IS_CONNECTED_OFFSET = 136
/** Place of the count of transports that carry an image. */
export const ACTIVE_TRANSPORT_COUNT_OFFSET = 140
/** Place of the flag that says the publication was revoked. */
export const IS_PUBLICATION_REVOKED_OFFSET = 496
/** Place of the initial term id. */
export const INITIAL_TERM_ID_OFFSET = 264
/** Place of the MTU length. */
export const MTU_LENGTH_OFFSET = 272
/** Place of the term length. */
export const TERM_LENGTH_OFFSET = 276
/** Place of the page size. */
export const PAGE_SIZE_OFFSET = 280

/** Value of the end of stream position while the stream is open: the largest int64. */
export const OPEN_END_OF_STREAM: bigint = 2n ** 63n - 1n

/** Place of the raw tail of a partition. */
export function rawTailOffset(partitionIndex: number): number {
  return TERM_TAIL_COUNTERS_OFFSET + partitionIndex * 8
}

/** @throws RangeError when `termLength` is not a power of two between 64 KiB and 1 GiB */
export function checkTermLength(termLength: number): void {
  if (termLength < TERM_MIN_LENGTH || termLength > TERM_MAX_LENGTH || !isPowerOfTwo(termLength)) {
    throw new RangeError(
      `Cannot use the log: term length must be a power of two from ${TERM_MIN_LENGTH} to ${TERM_MAX_LENGTH}, current value is ${termLength}`,
    )
  }
}

/** @throws RangeError when `pageSize` is not a power of two between 4 KiB and 1 GiB */
export function checkPageSize(pageSize: number): void {
  if (pageSize < PAGE_MIN_SIZE || pageSize > PAGE_MAX_SIZE || !isPowerOfTwo(pageSize)) {
    throw new RangeError(
      `Cannot use the log: page size must be a power of two from ${PAGE_MIN_SIZE} to ${PAGE_MAX_SIZE}, current value is ${pageSize}`,
    )
  }
}

/** @throws RangeError when `mtuLength` is not a multiple of 32 that leaves room for a payload, up to 65504: with another, a message would never end */
export function checkMtuLength(mtuLength: number): void {
  if (mtuLength <= HEADER_LENGTH || mtuLength > MAX_MTU_LENGTH || mtuLength % FRAME_ALIGNMENT !== 0) {
    throw new RangeError(
      `Cannot use the log: MTU length must be a multiple of ${FRAME_ALIGNMENT} above ${HEADER_LENGTH} and up to ${MAX_MTU_LENGTH}, current value is ${mtuLength}`,
    )
  }
}
