// The order read straight on, as by-hand-encode.ts writes it: bounds and ranges are checked, and nothing else.
import { lastOf } from './sum-of.ts'

/** Characters up to which a string is made of all of them at once. */
const SHORT = 17

interface NativeText {
  readonly latin1Slice: (this: DataView, start: number, end: number) => string
}

const { latin1Slice } = Buffer.prototype as unknown as NativeText

/** Reads orders; the sum of all fields shows that each is read. */
export class OrderReader {
  readonly #asBytes: boolean
  readonly #signature = new Uint8Array(64)
  readonly #bytes = new Uint8Array(64)
  /** The texts come to lie here, so that each is really made. */
  readonly #texts = { text: '' }
  readonly #capacity: number
  #at = 0

  /**
   * @param capacity bytes of the view that is read, asked once: V8 calls a function for the length of a view
   * @param asBytes whether text is copied as bytes, in place of making strings
   */
  constructor(capacity: number, asBytes: boolean) {
    this.#capacity = capacity
    this.#asBytes = asBytes
  }

  /** The sum of an order whose header is at an offset. */
  sumOf(view: DataView, offset: number): number {
    if (offset < 0 || offset + 65 > this.#capacity) refuse(offset)
    const blockLength = view.getUint16(offset, true)
    if (blockLength < 57 || view.getUint16(offset + 2, true) !== 1) refuse(blockLength)
    if (view.getUint16(offset + 4, true) !== 900) refuse(offset)
    this.#at = offset + 8 + blockLength
    let sum = sumOfBlock(view, offset + 8) + this.#sumOfLegs(view) + this.#sumOfParties(view)
    sum += this.#text(view) + this.#text(view) + this.#copy(view, this.#signature)
    return sum + (this.#signature[63] as number) + (this.#bytes[0] as number)
  }

  #sumOfLegs(view: DataView): number {
    const blockLength = this.#dimensions(view, 21)
    const count = view.getUint16(this.#at - 2, true)
    const end = this.#at + count * blockLength
    if (end > this.#capacity) refuse(end)
    let sum = 0
    for (let at = this.#at; at < end; at += blockLength) {
      sum += getInt64(view, at) + getInt64(view, at + 8) + view.getInt32(at + 16, true)
      sum += side(view.getUint8(at + 20))
    }
    this.#at = end
    return sum
  }

  #sumOfParties(view: DataView): number {
    const blockLength = this.#dimensions(view, 1)
    const count = view.getUint16(this.#at - 2, true)
    let sum = 0
    for (let i = 0; i < count; i++) {
      if (this.#at + blockLength > this.#capacity) refuse(this.#at)
      sum += view.getUint8(this.#at)
      this.#at += blockLength
      sum += this.#text(view)
    }
    return sum
  }

  /** Moves behind the dimensions of a group; the length of its blocks. */
  #dimensions(view: DataView, needed: number): number {
    if (this.#at + 4 > this.#capacity) refuse(this.#at)
    const blockLength = view.getUint16(this.#at, true)
    if (blockLength < needed) refuse(blockLength)
    this.#at += 4
    return blockLength
  }

  #text(view: DataView): number {
    if (this.#asBytes) return this.#copy(view, this.#bytes)
    const start = this.#data(view)
    this.#texts.text = getAscii(view, start, this.#at - start)
    return lastOf(this.#texts.text)
  }

  #copy(view: DataView, target: Uint8Array): number {
    const start = this.#data(view)
    const length = this.#at - start
    if (length > target.length) refuse(length)
    if (length <= 32) copyShort(view, start, length, target)
    else target.set(new Uint8Array(view.buffer, view.byteOffset + start, length))
    return length
  }

  /** Moves behind variable-length data; where they start. */
  #data(view: DataView): number {
    if (this.#at + 2 > this.#capacity) refuse(this.#at)
    const start = this.#at + 2
    this.#at = start + view.getUint16(this.#at, true)
    if (this.#at > this.#capacity) refuse(this.#at)
    return start
  }
}

function sumOfBlock(view: DataView, at: number): number {
  const sum =
    getInt64(view, at) +
    getInt64(view, at + 8) +
    getInt64(view, at + 16) +
    getInt64(view, at + 24) +
    getInt64(view, at + 32)
  const small = view.getInt32(at + 40, true) + view.getUint16(at + 44, true) + view.getUint16(at + 46, true)
  return sum + small + side(view.getUint8(at + 48)) + view.getFloat64(at + 49, true)
}

function getInt64(view: DataView, at: number): number {
  const high = view.getInt32(at + 4, true)
  if ((high << 11) >> 11 !== high) refuse(high)
  return high * 0x1_0000_0000 + view.getUint32(at, true)
}

function side(value: number): number {
  return value === 1 || value === 2 ? value : 0
}

function copyShort(view: DataView, at: number, length: number, target: Uint8Array): void {
  let i = 0
  for (; i + 4 <= length; i += 4) {
    const four = view.getInt32(at + i, true)
    target[i] = four
    target[i + 1] = four >> 8
    target[i + 2] = four >> 16
    target[i + 3] = four >> 24
  }
  for (; i < length; i++) target[i] = view.getUint8(at + i)
}

function getAscii(view: DataView, at: number, length: number): string {
  let seen = 0
  let i = 0
  for (; i + 4 <= length; i += 4) seen |= view.getInt32(at + i)
  for (; i < length; i++) seen |= view.getInt8(at + i)
  if ((seen & 0x8080_8080) !== 0) refuse(seen)
  return length <= SHORT ? shortText(view, at, length) : latin1Slice.call(view, at, at + length)
}

/** Only of the lengths that the orders have. */
function shortText(view: DataView, at: number, length: number): string {
  const a = view.getUint8(at)
  const b = view.getUint8(at + 1)
  const c = view.getUint8(at + 2)
  const d = view.getUint8(at + 3)
  const e = view.getUint8(at + 4)
  const f = view.getUint8(at + 5)
  const g = view.getUint8(at + 6)
  const h = view.getUint8(at + 7)
  if (length === 8) return String.fromCharCode(a, b, c, d, e, f, g, h)
  if (length < 13) refuse(length)
  const i = view.getUint8(at + 8)
  const j = view.getUint8(at + 9)
  const k = view.getUint8(at + 10)
  const l = view.getUint8(at + 11)
  const m = view.getUint8(at + 12)
  if (length === 13) return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m)
  if (length !== 17) refuse(length)
  const n = view.getUint8(at + 13)
  const o = view.getUint8(at + 14)
  const p = view.getUint8(at + 15)
  const q = view.getUint8(at + 16)
  return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
}

function refuse(value: number): never {
  throw new RangeError(`Cannot decode the order: ${value} is out of range`)
}
