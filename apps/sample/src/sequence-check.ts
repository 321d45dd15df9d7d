/** What a stream that should be 0, 1, 2, ... turned out to be. */
export interface SequenceReport {
  /** Sequence numbers seen for the first time. */
  readonly received: number
  /** Sequence numbers below the highest one seen that never came. */
  readonly missing: number
  /** Sequence numbers seen again. */
  readonly duplicated: number
  /** Sequence numbers that came after a higher one. */
  readonly outOfOrder: number
}

/** Watches a stream of sequence numbers for loss, duplicates and disorder. */
export class SequenceCheck {
  readonly #missing = new Set<number>()
  #expected = 0
  #duplicated = 0
  #outOfOrder = 0

  /** Takes the next sequence number; true when this one had not been seen before. */
  onSequence(sequence: number): boolean {
    if (sequence === this.#expected) {
      this.#expected++
      return true
    }
    if (sequence > this.#expected) {
      for (let skipped = this.#expected; skipped < sequence; skipped++) this.#missing.add(skipped)
      this.#expected = sequence + 1
      return true
    }
    if (this.#missing.delete(sequence)) {
      this.#outOfOrder++
      return true
    }
    this.#duplicated++
    return false
  }

  report(): SequenceReport {
    return {
      received: this.#expected - this.#missing.size,
      missing: this.#missing.size,
      duplicated: this.#duplicated,
      outOfOrder: this.#outOfOrder,
    }
  }
}
