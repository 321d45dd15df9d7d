import { type AtomicBuffer, byteLengthOf, copyUnchecked } from '@x/atomic'

/** What can be offered: the bytes of a message. */
export type OfferSource = AtomicBuffer | Uint8Array

/** One part of a message given in several, from `offset` for `length` bytes; all of `buffer` when neither is given. */
export interface OfferVector {
  readonly buffer: OfferSource
  readonly offset?: number
  readonly length?: number
}

const NOTHING = new Uint8Array(0)

/** Bytes that a source holds, 0 once its memory is gone; `NaN` of what is no source at all, which {@link checkSpan} then refuses. */
export function sourceLength(source: OfferSource): number {
  return ArrayBuffer.isView(source)
    ? arrayLength(source)
    : ((source.bytes as Uint8Array | undefined)?.length as number)
}

// From JavaScript there may come arrays of longer elements, and data views.
function arrayLength(source: Uint8Array): number {
  const { length } = source
  return length >= 0 && length === byteLengthOf(source) ? length : Number.NaN
}

/** @throws RangeError when the span does not lie inside the source */
export function checkSpan(source: OfferSource, offset: number, length: number): void {
  const capacity = sourceLength(source)
  // `n >>> 0` changes what is negative, a fraction, or beyond 32 bits. The last comparison is this way round for what has no capacity, such
  // as a string from JavaScript.
  if (offset >>> 0 !== offset || length >>> 0 !== length || !(offset + length <= capacity)) {
    throw badSpan(source, offset, length)
  }
}

// A function of its own, so that the check is short enough to be compiled into its callers.
function badSpan(source: OfferSource, offset: number, length: number): RangeError | TypeError {
  const capacity = sourceLength(source)
  if (!(capacity >= 0)) {
    const what = Object.prototype.toString.call(source).slice('[object '.length, -1)
    return new TypeError(
      `Cannot offer: the message must be a Uint8Array, such as a Buffer, or an AtomicBuffer, current value is of type ${what}`,
    )
  }
  return new RangeError(
    `Cannot offer: offset and length must be integers within the buffer of ${capacity} bytes, current values are ${offset} and ${length}`,
  )
}

/**
 * The parts of the message being offered, and how far they have been copied. One per publication, filled anew for each offer, so that an
 * offer allocates nothing and there is one way to append, whatever the number of parts.
 */
export class MessageParts {
  /** Bytes of all parts together. */
  length = 0
  private count = 0
  private readonly buffers: OfferSource[] = [NOTHING, NOTHING]
  private readonly offsets: number[] = [0, 0]
  private readonly lengths: number[] = [0, 0]
  private index = 0
  private copied = 0

  /** Forgets the parts of the message before. */
  clear(): void {
    this.length = 0
    this.count = 0
    this.index = 0
    this.copied = 0
  }

  /** Adds a part. @throws RangeError when the span does not lie inside the source */
  add(source: OfferSource, offset: number, length: number): void {
    checkSpan(source, offset, length)
    this.buffers[this.count] = source
    this.offsets[this.count] = offset
    this.lengths[this.count] = length
    this.count++
    this.length += length
  }

  /** Copies the next `length` bytes of the message into a term. */
  copyNext(term: AtomicBuffer, termOffset: number, length: number): void {
    let offset = termOffset
    let remaining = length
    while (remaining > 0) {
      const available = this.lengths[this.index]! - this.copied
      const count = Math.min(available, remaining)
      if (count > 0) {
        const partOffset = this.offsets[this.index]! + this.copied
        copyUnchecked(this.buffers[this.index]!, partOffset, term, offset, count)
        offset += count
        remaining -= count
      }
      if (count === available) {
        this.index++
        this.copied = 0
      } else {
        this.copied += count
      }
    }
  }
}
