import { type AtomicBuffer, copyUnchecked } from '@x/atomic'

/** What can be offered: the bytes of a message. */
export type OfferSource = AtomicBuffer | Uint8Array

/** One part of a message given in several, from `offset` for `length` bytes; all of `buffer` when neither is given. */
export interface OfferVector {
  readonly buffer: OfferSource
  readonly offset?: number
  readonly length?: number
}

const NOTHING = new Uint8Array(0)

/** Bytes that a source holds; `undefined` or `NaN` of what is no source at all, which {@link checkSpan} then refuses. */
export function sourceLength(source: OfferSource): number {
  return ArrayBuffer.isView(source) ? source.length : source.capacity
}

/** @throws RangeError when the span does not lie inside the source */
export function checkSpan(source: OfferSource, offset: number, length: number): void {
  const capacity = sourceLength(source)
  // One unsigned comparison each would not catch fractions, which a bit operation does: `n | 0` changes them. The last comparison is this way
  // round for what has no capacity, such as a string from JavaScript: it must be refused before a frame is claimed that it could not fill.
  if (
    (offset | 0) !== offset ||
    (length | 0) !== length ||
    offset < 0 ||
    length < 0 ||
    !(offset + length <= capacity)
  ) {
    throw new RangeError(
      `Cannot offer: offset and length must be integers within the buffer of ${capacity} bytes, current values are ${offset} and ${length}`,
    )
  }
}

/**
 * The parts of the message being offered, and how far they have been copied. One per publication, filled anew for each offer, so that an
 * offer allocates nothing and there is one way to append, whatever the number of parts.
 */
export class MessageParts {
  /** Bytes of all parts together. */
  length = 0
  #count = 0
  readonly #buffers: OfferSource[] = [NOTHING, NOTHING]
  readonly #offsets: number[] = [0, 0]
  readonly #lengths: number[] = [0, 0]
  #index = 0
  #copied = 0

  /** Forgets the parts of the message before. */
  clear(): void {
    this.length = 0
    this.#count = 0
    this.#index = 0
    this.#copied = 0
  }

  /** Adds a part. @throws RangeError when the span does not lie inside the source */
  add(source: OfferSource, offset: number, length: number): void {
    checkSpan(source, offset, length)
    this.#buffers[this.#count] = source
    this.#offsets[this.#count] = offset
    this.#lengths[this.#count] = length
    this.#count++
    this.length += length
  }

  /** Copies the next `length` bytes of the message into a term. */
  copyNext(term: AtomicBuffer, termOffset: number, length: number): void {
    let offset = termOffset
    let remaining = length
    while (remaining > 0) {
      const available = this.#lengths[this.#index]! - this.#copied
      const count = Math.min(available, remaining)
      if (count > 0) {
        const partOffset = this.#offsets[this.#index]! + this.#copied
        copyUnchecked(this.#buffers[this.#index]!, partOffset, term, offset, count)
        offset += count
        remaining -= count
      }
      if (count === available) {
        this.#index++
        this.#copied = 0
      } else {
        this.#copied += count
      }
    }
  }
}
