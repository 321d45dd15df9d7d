import type { AtomicBuffer } from '../atomic-buffer.ts'
import { align } from '../bit-util.ts'
import { verifyAlignment } from '../buffer-alignment.ts'
import { fullFence } from '../memory-fence.ts'
import {
  checkMessageLength,
  checkTypeId,
  HEADER_LENGTH,
  LENGTH_OFFSET,
  PADDING_TYPE_ID,
  RECORD_ALIGNMENT,
  TYPE_OFFSET,
} from '../record-descriptor.ts'
import {
  broadcastCapacity,
  LATEST_OFFSET,
  TAIL_INTENT_OFFSET,
  TAIL_OFFSET,
} from './broadcast-buffer-descriptor.ts'

/**
 * Sends messages from one writer to any number of receivers, without waiting for any of them: Agrona's `BroadcastTransmitter`.
 * A receiver that falls behind by more than the capacity loses messages, and notices.
 */
export class BroadcastTransmitter {
  /** Bytes for records, without the trailer; a power of two. */
  readonly capacity: number
  /** Longest message body in bytes. */
  readonly maxMessageLength: number

  readonly #buffer: AtomicBuffer
  readonly #indexMask: bigint
  readonly #tailIntentOffset: number
  readonly #tailOffset: number
  readonly #latestOffset: number

  /**
   * @param buffer a power of two in length, plus `TRAILER_LENGTH` bytes
   * @throws RangeError when the length or the alignment does not fit
   */
  constructor(buffer: AtomicBuffer) {
    const capacity = broadcastCapacity(buffer)
    verifyAlignment(buffer)
    this.#buffer = buffer
    this.capacity = capacity
    this.maxMessageLength = Math.floor(capacity / 8)
    this.#indexMask = BigInt(capacity - 1)
    this.#tailIntentOffset = capacity + TAIL_INTENT_OFFSET
    this.#tailOffset = capacity + TAIL_OFFSET
    this.#latestOffset = capacity + LATEST_OFFSET
  }

  /**
   * Sends one message.
   *
   * @param typeId the message's type, at least 1
   * @throws RangeError when the type id, the length or the span in `source` is not allowed
   */
  transmit(typeId: number, source: Uint8Array | AtomicBuffer, offset: number, length: number): void {
    checkTypeId(typeId)
    checkMessageLength(length, this.maxMessageLength)
    const sourceLength = source instanceof Uint8Array ? source.length : source.capacity
    if (!(offset >= 0 && offset + length <= sourceLength)) {
      throw new RangeError(
        `Cannot transmit a message: offset and length must lie within the source of ${sourceLength} bytes, current values are ${offset} and ${length}`,
      )
    }
    const buffer = this.#buffer
    const recordLength = length + HEADER_LENGTH
    const required = align(recordLength, RECORD_ALIGNMENT)
    let tail = buffer.getInt64(this.#tailOffset)
    let index = Number(tail & this.#indexMask)
    const toEnd = this.capacity - index
    const padding = toEnd < required ? toEnd : 0

    const end = tail + BigInt(padding + required)
    buffer.putInt64Release(this.#tailIntentOffset, end)
    fullFence()
    if (padding > 0) {
      buffer.putInt32(index + LENGTH_OFFSET, padding)
      buffer.putInt32(index + TYPE_OFFSET, PADDING_TYPE_ID)
      tail += BigInt(padding)
      index = 0
    }
    buffer.putInt32(index + LENGTH_OFFSET, recordLength)
    buffer.putInt32(index + TYPE_OFFSET, typeId)
    buffer.putBytes(index + HEADER_LENGTH, source, offset, length)

    buffer.putInt64Release(this.#latestOffset, tail)
    buffer.putInt64Release(this.#tailOffset, end)
  }
}
