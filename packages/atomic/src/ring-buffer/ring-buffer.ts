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
import { ReadAction, type ControlledMessageHandler, type MessageHandler } from './message-handler.ts'
import {
  CONSUMER_HEARTBEAT_OFFSET,
  CORRELATION_COUNTER_OFFSET,
  HEAD_CACHE_POSITION_OFFSET,
  HEAD_POSITION_OFFSET,
  ringCapacity,
  TAIL_POSITION_OFFSET,
} from './ring-buffer-descriptor.ts'

/** Result of {@link RingBuffer.tryClaim} when the consumer has to make space first. */
export const INSUFFICIENT_CAPACITY = -2

/** What ring buffers share: a ring of records behind one another, and a trailer of positions. Agrona's `RingBuffer`. */
export abstract class RingBuffer {
  /** The memory, trailer included. */
  readonly buffer: AtomicBuffer
  /** Bytes of the ring, without the trailer; a power of two. */
  readonly capacity: number
  /** Longest message body in bytes. */
  readonly maxMessageLength: number

  protected readonly tailOffset: number
  protected readonly headCacheOffset: number
  protected readonly headOffset: number
  readonly #indexMask: bigint
  readonly #correlationOffset: number
  readonly #heartbeatOffset: number

  /**
   * @param buffer a ring, a power of two in length, followed by its trailer of `TRAILER_LENGTH` bytes
   * @throws RangeError when the length or the alignment does not fit
   */
  constructor(buffer: AtomicBuffer) {
    const capacity = ringCapacity(buffer)
    verifyAlignment(buffer)
    this.buffer = buffer
    this.capacity = capacity
    this.maxMessageLength = capacity === HEADER_LENGTH ? 0 : Math.max(HEADER_LENGTH, capacity / 8)
    this.#indexMask = BigInt(capacity - 1)
    this.tailOffset = capacity + TAIL_POSITION_OFFSET
    this.headCacheOffset = capacity + HEAD_CACHE_POSITION_OFFSET
    this.headOffset = capacity + HEAD_POSITION_OFFSET
    this.#correlationOffset = capacity + CORRELATION_COUNTER_OFFSET
    this.#heartbeatOffset = capacity + CONSUMER_HEARTBEAT_OFFSET
  }

  /** Bytes ever claimed by producers. */
  get producerPosition(): bigint {
    return this.buffer.getInt64Acquire(this.tailOffset)
  }

  /** Bytes ever consumed. */
  get consumerPosition(): bigint {
    return this.buffer.getInt64Acquire(this.headOffset)
  }

  /** When the consumer was last alive, in milliseconds since the epoch; 0 before it ever was. Aeron's driver writes -1 when it stops. */
  get consumerHeartbeatTime(): bigint {
    return this.buffer.getInt64Acquire(this.#heartbeatOffset)
  }

  /** Bytes claimed and not consumed yet, as seen at one moment. */
  get size(): number {
    let head = this.consumerPosition
    for (;;) {
      const tail = this.producerPosition
      const headAfter = this.consumerPosition
      if (headAfter === head) return Math.min(Math.max(Number(tail - head), 0), this.capacity)
      head = headAfter
    }
  }

  /** Says that the consumer is alive. Only the consumer calls this. */
  updateConsumerHeartbeatTime(timeMs: bigint): void {
    this.buffer.putInt64Release(this.#heartbeatOffset, timeMs)
  }

  /** An id that nobody else on this ring buffer gets. */
  nextCorrelationId(): bigint {
    return this.buffer.getAndAddInt64(this.#correlationOffset, 1n)
  }

  /**
   * Claims space for a message to be written in place; end it with {@link commit} or {@link abort}, and soon, because the consumer cannot
   * pass it.
   *
   * @param typeId the message's type, at least 1
   * @param length of the body, in bytes
   * @returns offset of the body in {@link buffer}, or {@link INSUFFICIENT_CAPACITY}
   * @throws RangeError when the type id or length is not allowed
   */
  tryClaim(typeId: number, length: number): number {
    checkTypeId(typeId)
    checkMessageLength(length, this.maxMessageLength)
    const recordLength = length + HEADER_LENGTH
    const index = this.claim(align(recordLength, RECORD_ALIGNMENT))
    if (index === INSUFFICIENT_CAPACITY) return INSUFFICIENT_CAPACITY
    this.#beginRecord(index, recordLength)
    this.buffer.putInt32(index + TYPE_OFFSET, typeId)
    return index + HEADER_LENGTH
  }

  /**
   * Hands a claimed message to the consumer.
   *
   * @param index what {@link tryClaim} returned
   * @throws RangeError when `index` cannot be a claim's; Error when the claim has ended already
   */
  commit(index: number): void {
    const recordIndex = this.#recordIndex(index)
    const length = this.#claimedLength('commit', recordIndex)
    this.buffer.putInt32Release(recordIndex + LENGTH_OFFSET, length)
  }

  /**
   * Gives up a claimed message; the consumer skips it.
   *
   * @param index what {@link tryClaim} returned
   * @throws RangeError when `index` cannot be a claim's; Error when the claim has ended already
   */
  abort(index: number): void {
    const recordIndex = this.#recordIndex(index)
    const length = this.#claimedLength('abort', recordIndex)
    this.buffer.putInt32(recordIndex + TYPE_OFFSET, PADDING_TYPE_ID)
    this.buffer.putInt32Release(recordIndex + LENGTH_OFFSET, length)
  }

  /**
   * Writes a message whose bytes are ready.
   *
   * @param typeId the message's type, at least 1
   * @returns false when the consumer has to make space first
   * @throws RangeError when the type id, the length or the span in `source` is not allowed
   */
  write(typeId: number, source: Uint8Array | AtomicBuffer, offset: number, length: number): boolean {
    const index = this.tryClaim(typeId, length)
    if (index === INSUFFICIENT_CAPACITY) return false
    try {
      this.buffer.putBytes(index, source, offset, length)
    } catch (error) {
      this.abort(index)
      throw error
    }
    this.commit(index)
    return true
  }

  /**
   * Delivers messages that are ready, never across the end of the ring in one call. Only the consumer calls this.
   * When the handler throws, its message counts as read.
   *
   * @param limit most messages to deliver
   * @returns how many were delivered
   */
  read(handler: MessageHandler, limit: number = Number.MAX_SAFE_INTEGER): number {
    const deliver = (typeId: number, buffer: AtomicBuffer, offset: number, length: number): ReadAction => {
      handler(typeId, buffer, offset, length)
      return ReadAction.CONTINUE
    }
    return this.controlledRead(deliver, limit)
  }

  /** As {@link read}, with a handler that says after each message how to go on; a message answered with `ABORT` is not counted. */
  controlledRead(handler: ControlledMessageHandler, limit: number = Number.MAX_SAFE_INTEGER): number {
    const buffer = this.buffer
    let head = buffer.getInt64(this.headOffset)
    let start = this.indexOf(head)
    let next = start
    let count = 0
    try {
      while (next < this.capacity && count < limit) {
        const index = next
        const length = buffer.getInt32Acquire(index + LENGTH_OFFSET)
        if (length <= 0) break
        next = index + align(length, RECORD_ALIGNMENT)
        const typeId = buffer.getInt32(index + TYPE_OFFSET)
        if (typeId === PADDING_TYPE_ID) continue
        const action = handler(typeId, buffer, index + HEADER_LENGTH, length - HEADER_LENGTH)
        if (action === ReadAction.ABORT) {
          next = index
          break
        }
        count++
        if (action === ReadAction.BREAK) break
        if (action === ReadAction.COMMIT) {
          head = this.#release(head, start, next)
          start = next
        }
      }
    } finally {
      this.#release(head, start, next)
    }
    return count
  }

  /**
   * Turns what a dead producer has left at the consumer's place into padding. Only the consumer calls this.
   *
   * @returns whether something was unblocked
   */
  abstract unblock(): boolean

  /** Claims space for a record, with its padding a multiple of 8 bytes long; gives its index, or {@link INSUFFICIENT_CAPACITY}. */
  protected abstract claim(required: number): number

  /** Called before the bytes from `start` up to `end` are given back to the producers. */
  protected abstract onConsumed(start: number, end: number): void

  protected indexOf(position: bigint): number {
    return Number(position & this.#indexMask)
  }

  protected writePadding(index: number, length: number): void {
    this.#beginRecord(index, length)
    this.buffer.putInt32(index + TYPE_OFFSET, PADDING_TYPE_ID)
    this.buffer.putInt32Release(index + LENGTH_OFFSET, length)
  }

  /** Marks claimed space as being written, before anything else in it can be seen. */
  #beginRecord(index: number, length: number): void {
    this.buffer.putInt32Release(index + LENGTH_OFFSET, -length)
    fullFence()
  }

  #release(head: bigint, start: number, end: number): bigint {
    if (end === start) return head
    this.onConsumed(start, end)
    const newHead = head + BigInt(end - start)
    this.buffer.putInt64Release(this.headOffset, newHead)
    return newHead
  }

  #recordIndex(index: number): number {
    const recordIndex = index - HEADER_LENGTH
    if (!(recordIndex >= 0 && recordIndex <= this.capacity - HEADER_LENGTH)) {
      throw new RangeError(
        `Cannot end a claim: index must be one that tryClaim returned, current value is ${index}`,
      )
    }
    return recordIndex
  }

  #claimedLength(action: string, recordIndex: number): number {
    const length = this.buffer.getInt32(recordIndex + LENGTH_OFFSET)
    if (length >= 0) {
      throw new Error(
        `Cannot ${action} the claim at index ${recordIndex + HEADER_LENGTH}: it has been committed or aborted already, or was never made`,
      )
    }
    return -length
  }
}
