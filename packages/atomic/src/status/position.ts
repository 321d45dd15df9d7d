import type { AtomicBuffer } from '../atomic-buffer.ts'
import { counterOffset } from './counters-descriptor.ts'

/**
 * A counter whose value is a stream position, as a number and without allocation: Agrona's `UnsafeBufferPosition`.
 * Reading throws a `RangeError` when the value is not a safe integer. Only one thread may write it.
 */
export class Position {
  /** The counter's id. */
  readonly id: number
  private readonly values: AtomicBuffer
  private readonly offset: number

  /**
   * @param values the values buffer of the counters
   * @throws RangeError when there is no such id in `values`
   */
  constructor(values: AtomicBuffer, id: number) {
    this.id = id
    this.values = values
    this.offset = counterOffset(id)
    values.getInt64Acquire(this.offset)
  }

  /** The position without ordering: for the thread that writes it. */
  get(): number {
    return this.values.getInt64AsNumber(this.offset)
  }

  /** The position with acquire ordering. */
  getAcquire(): number {
    return this.values.getInt64AsNumberAcquire(this.offset)
  }

  /** Sets the position without ordering; another reader may see half of it. */
  set(position: number): void {
    this.values.putInt64FromNumber(this.offset, position)
  }

  /** Sets the position with release ordering. */
  setRelease(position: number): void {
    this.values.putInt64FromNumberRelease(this.offset, position)
  }

  /** Sets the position with release ordering if that moves it forward, and tells whether it did. */
  proposeMaxRelease(position: number): boolean {
    if (this.get() >= position) return false
    this.setRelease(position)
    return true
  }
}
