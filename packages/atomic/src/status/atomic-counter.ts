import type { AtomicBuffer } from '../atomic-buffer.ts'
import { counterOffset } from './counters-descriptor.ts'

/** One counter, to read and to write: Agrona's `AtomicCounter`. */
export class AtomicCounter {
  /** The counter's id. */
  readonly id: number
  readonly #values: AtomicBuffer
  readonly #offset: number

  /**
   * @param values the values buffer of the counters
   * @throws RangeError when there is no such id in `values`
   */
  constructor(values: AtomicBuffer, id: number) {
    this.id = id
    this.#values = values
    this.#offset = counterOffset(id)
    values.getInt64Acquire(this.#offset)
  }

  /** The value, with acquire ordering. */
  get(): bigint {
    return this.#values.getInt64Acquire(this.#offset)
  }

  /** Sets the value, seen by all before anything that follows. */
  set(value: bigint): void {
    this.#values.putInt64Release(this.#offset, value)
  }

  /** Sets the value, with release ordering. */
  setRelease(value: bigint): void {
    this.#values.putInt64Release(this.#offset, value)
  }

  /** Adds 1 and returns the value before. */
  increment(): bigint {
    return this.#values.getAndAddInt64(this.#offset, 1n)
  }

  /** Subtracts 1 and returns the value before. */
  decrement(): bigint {
    return this.#values.getAndAddInt64(this.#offset, -1n)
  }

  /** Adds `delta` and returns the value before. */
  getAndAdd(delta: bigint): bigint {
    return this.#values.getAndAddInt64(this.#offset, delta)
  }

  /** Sets `update` when the value is `expected`, and tells whether it did. */
  compareAndSet(expected: bigint, update: bigint): boolean {
    return this.#values.compareAndSetInt64(this.#offset, expected, update)
  }
}
