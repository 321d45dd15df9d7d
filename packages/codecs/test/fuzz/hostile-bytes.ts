/** Bytes that a case is made of, the same for the same seed. */
export class HostileBytes {
  #state: number

  constructor(seed: number) {
    // A state of zero would stay zero.
    this.#state = (seed ^ 0x9e3779b9) | 1
  }

  /** A whole number from 0 to `max`. */
  upTo(max: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % (max + 1)
  }

  /** One of some values. */
  oneOf<T>(...values: readonly [T, ...T[]]): T {
    return values[this.upTo(values.length - 1)] ?? values[0]
  }

  /** Fills a span: mostly with zeros, small numbers and likely block lengths, so that many lengths and counts fit. */
  fill(bytes: Uint8Array, start: number, end: number): void {
    const kind = this.upTo(3)
    for (let i = start; i < end; i++) {
      if (kind === 0 ? this.upTo(7) > 0 : kind < 3 && this.upTo(2) > 0) bytes[i] = 0
      else if (kind < 3 && this.upTo(15) > 0) bytes[i] = LIKELY[this.upTo(LIKELY.length - 1)] ?? 0
      else bytes[i] = this.oneOf(this.upTo(255), 255, 127, 128)
    }
  }
}

const LIKELY = [1, 1, 1, 2, 2, 3, 4, 4, 8, 12, 16, 20, 24, 32, 40, 44, 48, 56, 60]
