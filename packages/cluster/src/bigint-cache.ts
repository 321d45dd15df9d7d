import type { AtomicBuffer } from '@x/atomic'

/** Values to remember, a power of two: sessions have consecutive ids, and the entries of a poll few timestamps. */
const SLOT_COUNT = 256

/**
 * Reads int64 words as bigints, and gives a value that it has read lately as the object it was then: a bigint is an allocation of 24 bytes, and
 * entry after entry of the log has the same few session ids and timestamps.
 */
export class BigIntCache {
  readonly #lows = new Int32Array(SLOT_COUNT)
  readonly #highs = new Int32Array(SLOT_COUNT)
  readonly #values: bigint[] = Array.from({ length: SLOT_COUNT }, () => 0n)

  /** @throws RangeError when the word is not inside the buffer */
  read(buffer: AtomicBuffer, offset: number): bigint {
    const low = buffer.getInt32(offset)
    const high = buffer.getInt32(offset + 4)
    const slot = low & (SLOT_COUNT - 1)
    if (this.#lows[slot] === low && this.#highs[slot] === high) return this.#values[slot]!
    const value = buffer.getInt64(offset)
    this.#lows[slot] = low
    this.#highs[slot] = high
    this.#values[slot] = value
    return value
  }
}
