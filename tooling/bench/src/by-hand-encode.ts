// The order written straight on, as no generator would: what JavaScript takes for this message at least. The same checks of ranges and of
// room as the generated code has, but no flyweights, no order of calls, and no names in the errors.
import type { Leg, Order } from './order.ts'

/** A text, or its bytes where the application has bytes. */
export type Text = string | Uint8Array

/** An order whose texts are strings, or all bytes. */
export interface OrderOf<T extends Text> extends Omit<Order, 'parties' | 'clientReference' | 'note'> {
  readonly parties: readonly { readonly role: number; readonly partyName: T }[]
  readonly clientReference: T
  readonly note: T
}

const HEADER_AND_BLOCK = 65
const LEG = 21
const MAX_LENGTH = 65_534
/** Bytes from which on `set` is faster than a loop. */
const LONG = 32

/** Writes header and message; returns the bytes they take. The bytes are those of the view. */
export function encodeOrder(view: DataView, bytes: Uint8Array, order: OrderOf<Text>, index: number): number {
  // Asked of the bytes: V8 calls a function for the length of a view.
  const capacity = bytes.length
  if (HEADER_AND_BLOCK > capacity) refuse(capacity)
  view.setUint16(0, 57, true)
  view.setUint16(2, 1, true)
  view.setUint16(4, 900, true)
  view.setUint16(6, 1, true)
  putBlock(view, order, index)
  let at = putLegs(view, capacity, HEADER_AND_BLOCK, order.legs)
  const { parties } = order
  at = putDimensions(view, capacity, at, 1, parties.length)
  for (const { role, partyName } of parties) {
    if (at >= capacity) refuse(at)
    view.setUint8(at, uint8(role))
    at = putText(view, bytes, at + 1, partyName)
  }
  at = putText(view, bytes, at, order.clientReference)
  at = putText(view, bytes, at, order.note)
  return putBytes(view, bytes, at, order.signature)
}

function putBlock(view: DataView, order: OrderOf<Text>, index: number): void {
  putInt64(view, 8, order.orderId)
  putInt64(view, 16, order.accountId)
  putInt64(view, 24, order.price)
  putInt64(view, 32, order.quantity)
  putInt64(view, 40, order.timestampNs)
  view.setInt32(48, int32(index), true)
  view.setUint16(52, uint16(order.venue), true)
  view.setUint16(54, uint16(order.flags), true)
  view.setUint8(56, order.side)
  view.setFloat64(57, order.ratio, true)
}

function putLegs(view: DataView, capacity: number, offset: number, legs: readonly Leg[]): number {
  let at = putDimensions(view, capacity, offset, LEG, legs.length)
  if (at + legs.length * LEG > capacity) refuse(at)
  for (const leg of legs) {
    putInt64(view, at, leg.instrumentId)
    putInt64(view, at + 8, leg.legPrice)
    view.setInt32(at + 16, int32(leg.legQuantity), true)
    view.setUint8(at + 20, leg.legSide)
    at += LEG
  }
  return at
}

function putDimensions(
  view: DataView,
  capacity: number,
  at: number,
  blockLength: number,
  count: number,
): number {
  if (count > MAX_LENGTH || at + 4 > capacity) refuse(count)
  view.setUint16(at, blockLength, true)
  view.setUint16(at + 2, count, true)
  return at + 4
}

function putText(view: DataView, bytes: Uint8Array, at: number, text: Text): number {
  return typeof text === 'string' ? putAscii(view, bytes.length, at, text) : putBytes(view, bytes, at, text)
}

function putAscii(view: DataView, capacity: number, at: number, text: string): number {
  const start = putLength(view, capacity, at, text.length)
  let seen = 0
  let i = 0
  for (; i + 4 <= text.length; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    seen |= a | b | c | d
    view.setInt32(start + i, a | (b << 8) | (c << 16) | (d << 24), true)
  }
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    seen |= code
    view.setUint8(start + i, code)
  }
  if (seen > 0x7f) refuse(seen)
  return start + text.length
}

function putBytes(view: DataView, bytes: Uint8Array, at: number, source: Uint8Array): number {
  const start = putLength(view, bytes.length, at, source.length)
  if (source.length >= LONG) bytes.set(source, start)
  else putShort(view, start, source)
  return start + source.length
}

function putShort(view: DataView, at: number, source: Uint8Array): void {
  let i = 0
  for (; i + 4 <= source.length; i += 4) {
    const a = source[i] as number
    const b = source[i + 1] as number
    const c = source[i + 2] as number
    const d = source[i + 3] as number
    view.setInt32(at + i, a | (b << 8) | (c << 16) | (d << 24), true)
  }
  for (; i < source.length; i++) view.setUint8(at + i, source[i] as number)
}

function putLength(view: DataView, capacity: number, at: number, length: number): number {
  if (length > MAX_LENGTH || at + 2 + length > capacity) refuse(length)
  view.setUint16(at, length & 0xffff, true)
  return at + 2
}

function putInt64(view: DataView, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) refuse(value)
  view.setInt32(at, value | 0, true)
  view.setInt32(at + 4, Math.floor(value / 0x1_0000_0000) | 0, true)
}

function int32(value: number): number {
  const written = value | 0
  if (written !== value) refuse(value)
  return written
}

function uint16(value: number): number {
  const written = value & 0xffff
  if (written !== value) refuse(value)
  return written
}

function uint8(value: number): number {
  const written = value & 0xff
  if (written !== value) refuse(value)
  return written
}

function refuse(value: number): never {
  throw new RangeError(`Cannot encode the order: ${value} is out of range`)
}
