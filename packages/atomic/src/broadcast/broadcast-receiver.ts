import type { AtomicBuffer } from '../atomic-buffer.ts'
import { align } from '../bit-util.ts'
import { verifyAlignment } from '../buffer-alignment.ts'
import { fullFence } from '../memory-fence.ts'
import {
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
 * Receives what a `BroadcastTransmitter` sends, where it lies: Agrona's `BroadcastReceiver`.
 * The transmitter does not wait, so what {@link receiveNext} found may be overwritten while it is read: call {@link validate} after reading
 * and before believing. `CopyBroadcastReceiver` does that.
 *
 * It starts at the last message that was sent already, if there is one, and delivers that too.
 */
export class BroadcastReceiver {
  /** The memory that {@link offset} counts in. */
  readonly buffer: AtomicBuffer
  /** Bytes for records, without the trailer; a power of two. */
  readonly capacity: number

  readonly #capacity: bigint
  readonly #indexMask: bigint
  readonly #tailIntentOffset: number
  readonly #tailOffset: number
  readonly #latestOffset: number
  #cursor: bigint
  #nextRecord: bigint
  #recordIndex = 0
  #lappedCount = 0

  /**
   * @param buffer what the transmitter writes to
   * @throws RangeError when the length or the alignment does not fit
   */
  constructor(buffer: AtomicBuffer) {
    const capacity = broadcastCapacity(buffer)
    verifyAlignment(buffer)
    this.buffer = buffer
    this.capacity = capacity
    this.#capacity = BigInt(capacity)
    this.#indexMask = BigInt(capacity - 1)
    this.#tailIntentOffset = capacity + TAIL_INTENT_OFFSET
    this.#tailOffset = capacity + TAIL_OFFSET
    this.#latestOffset = capacity + LATEST_OFFSET
    this.#cursor = buffer.getInt64Acquire(this.#latestOffset)
    this.#nextRecord = this.#cursor
  }

  /** How often the transmitter has overtaken this receiver, each time with the loss of messages. */
  get lappedCount(): number {
    return this.#lappedCount
  }

  /** Type id of the current message. */
  get typeId(): number {
    return this.buffer.getInt32(this.#recordIndex + TYPE_OFFSET)
  }

  /** Where the body of the current message starts in {@link buffer}. */
  get offset(): number {
    return this.#recordIndex + HEADER_LENGTH
  }

  /** Length in bytes of the body of the current message. */
  get length(): number {
    return this.buffer.getInt32(this.#recordIndex + LENGTH_OFFSET) - HEADER_LENGTH
  }

  /** Moves on to the next message; when the transmitter has overtaken us, to the last one it sent. Returns whether there is one. */
  receiveNext(): boolean {
    const buffer = this.buffer
    const tail = buffer.getInt64Acquire(this.#tailOffset)
    let cursor = this.#nextRecord
    if (tail <= cursor) return false

    if (!this.#isValid(cursor)) {
      this.#lappedCount++
      cursor = buffer.getInt64Acquire(this.#latestOffset)
    }
    // A message after padding is only where it is while the padding is whole, so the cursor stays at the padding.
    this.#cursor = cursor
    let index = Number(cursor & this.#indexMask)
    let next = cursor + this.#recordSpan(index)
    if (buffer.getInt32(index + TYPE_OFFSET) === PADDING_TYPE_ID) {
      index = 0
      next += this.#recordSpan(0)
    }
    this.#recordIndex = index
    this.#nextRecord = next
    return true
  }

  /** Whether the current message was still whole after everything that was read from it before this call; if not, the next is the last one sent. */
  validate(): boolean {
    fullFence()
    if (this.#isValid(this.#cursor)) return true
    // What said where the next record starts was overwritten too.
    this.#nextRecord = this.#cursor
    return false
  }

  #isValid(cursor: bigint): boolean {
    return cursor + this.#capacity > this.buffer.getInt64Acquire(this.#tailIntentOffset)
  }

  #recordSpan(index: number): bigint {
    return BigInt(align(this.buffer.getInt32(index + LENGTH_OFFSET), RECORD_ALIGNMENT))
  }
}
