import type { AtomicBuffer } from '../atomic-buffer.ts'
import { INSUFFICIENT_CAPACITY, RingBuffer } from './ring-buffer.ts'
import { unblockAt } from './unblock.ts'

/**
 * Messages from many producers, in threads or processes, to one consumer, over shared memory: Agrona's `ManyToOneRingBuffer`.
 * Delivery is in the order in which space was claimed.
 */
export class ManyToOneRingBuffer extends RingBuffer {
  readonly #capacity: bigint

  /**
   * @param buffer a ring, a power of two in length, followed by its trailer of `TRAILER_LENGTH` bytes
   * @throws RangeError when the length or the alignment does not fit
   */
  constructor(buffer: AtomicBuffer) {
    super(buffer)
    this.#capacity = BigInt(this.capacity)
  }

  /**
   * Turns a record that a dead producer has left at the consumer's place into padding. Only the consumer calls this, when its place has not
   * moved for longer than any live producer needs.
   *
   * @returns whether something was unblocked
   */
  override unblock(): boolean {
    const head = this.consumerPosition
    const tail = this.producerPosition
    if (head === tail) return false
    const consumerIndex = this.indexOf(head)
    const producerIndex = this.indexOf(tail)
    return unblockAt(
      this.buffer,
      consumerIndex,
      producerIndex > consumerIndex ? producerIndex : this.capacity,
    )
  }

  /** Claims `required` bytes, a multiple of 8, behind padding where the ring ends before them; returns the record's index. */
  protected override claim(required: number): number {
    const buffer = this.buffer
    const need = BigInt(required)
    let head = buffer.getInt64Acquire(this.headCacheOffset)
    for (;;) {
      const tail = this.producerPosition
      if (need > this.#capacity - (tail - head)) {
        head = this.consumerPosition
        if (need > this.#capacity - (tail - head)) return INSUFFICIENT_CAPACITY
        buffer.putInt64Release(this.headCacheOffset, head)
      }
      const tailIndex = this.indexOf(tail)
      const toEnd = this.capacity - tailIndex
      if (required <= toEnd) {
        if (buffer.compareAndSetInt64(this.tailOffset, tail, tail + need)) return tailIndex
        continue
      }
      let fits = required <= this.indexOf(head)
      if (!fits) {
        head = this.consumerPosition
        fits = required <= this.indexOf(head)
        buffer.putInt64Release(this.headCacheOffset, head)
      }
      // The padding is claimed even when the message does not fit behind it: so the consumer comes round and makes space.
      const newTail = tail + BigInt(toEnd) + (fits ? need : 0n)
      if (buffer.compareAndSetInt64(this.tailOffset, tail, newTail)) {
        this.writePadding(tailIndex, toEnd)
        return fits ? 0 : INSUFFICIENT_CAPACITY
      }
    }
  }

  // Claims rely on finding zeros, so they go in before producers may come here.
  protected override onConsumed(start: number, end: number): void {
    this.buffer.setMemory(start, end - start, 0)
  }
}
