import { HEADER_LENGTH } from '../record-descriptor.ts'
import { INSUFFICIENT_CAPACITY, RingBuffer } from './ring-buffer.ts'

/**
 * Messages from one producer to one consumer, in threads or processes, over shared memory: Agrona's `OneToOneRingBuffer`, with the layout of
 * the many-to-one ring buffer. No read-modify-write, and the consumer does not clear what it has read: the producer keeps the header behind
 * the last record zero instead, so 8 bytes of the ring always stay free.
 */
export class OneToOneRingBuffer extends RingBuffer {
  /** Nothing to do, as in Agrona: without its one producer there is nobody to go on for. Always false. */
  override unblock(): boolean {
    return false
  }

  protected override claim(required: number): number {
    const { buffer, capacity } = this
    // The producer alone writes the tail and the head cache, so it reads them plainly.
    const tail = buffer.getInt64AsNumber(this.tailOffset)
    const needed = required + HEADER_LENGTH
    let head = buffer.getInt64AsNumber(this.headCacheOffset)
    if (needed > capacity - (tail - head)) {
      head = this.#refreshHead()
      if (needed > capacity - (tail - head)) return INSUFFICIENT_CAPACITY
    }
    const index = tail % capacity
    const toEnd = capacity - index
    if (required === toEnd) {
      this.#advance(tail + required, 0)
      return index
    }
    if (needed <= toEnd) {
      this.#advance(tail + required, index + required)
      return index
    }
    if (needed > head % capacity) head = this.#refreshHead()
    // The padding is written even when the message does not fit behind it: so the consumer comes round and makes space.
    const fits = needed <= head % capacity
    this.#advance(tail + toEnd + (fits ? required : 0), 0)
    if (fits) buffer.putInt64(required, 0n)
    this.writePadding(index, toEnd)
    return fits ? 0 : INSUFFICIENT_CAPACITY
  }

  protected override onConsumed(_start: number, _end: number): void {}

  #refreshHead(): number {
    const head = this.buffer.getInt64AsNumberAcquire(this.headOffset)
    this.buffer.putInt64FromNumber(this.headCacheOffset, head)
    return head
  }

  /** Takes the space, and clears the header that the consumer will look at behind it. */
  #advance(newTail: number, nextIndex: number): void {
    this.buffer.putInt64(nextIndex, 0n)
    this.buffer.putInt64FromNumberRelease(this.tailOffset, newTail)
  }
}
