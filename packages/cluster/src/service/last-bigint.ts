import type { AtomicBuffer } from '@x/atomic'

/**
 * Reads an int64 word as a bigint, and gives the object that it gave before when the word is the same: a bigint is an allocation of 24 bytes,
 * and entry after entry of the log has the same timestamp, as many as one millisecond has.
 */
export class LastBigInt {
  #low = 0
  #high = 0
  #value = 0n

  /** @throws RangeError when the word is not inside the buffer */
  read(buffer: AtomicBuffer, offset: number): bigint {
    const low = buffer.getInt32(offset)
    const high = buffer.getInt32(offset + 4)
    if (low !== this.#low || high !== this.#high) {
      this.#value = buffer.getInt64(offset)
      this.#low = low
      this.#high = high
    }
    return this.#value
  }
}
