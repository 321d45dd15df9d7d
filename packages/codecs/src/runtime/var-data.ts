import { tryPutAscii } from './ascii.ts'
import type { SbeBuffer } from './sbe-buffer.ts'
import { bytesOf } from './sbe-buffer.ts'
import { putText, textLength, type TextEncoding } from './text.ts'

// What is thrown is made in functions of their own: V8 inlines the checks into the generated code only as long as they are short.
// A byte order that is not a constant makes an access of a DataView several times as slow in V8: hence a function for each.

const TWO_POW_32 = 0x1_0000_0000
/** Bytes that are copied by a loop, measured on Node.js 20 to 26: for more, a view is worth its cost. */
const SHORT_DATA = 48
/** The same where all of a source is copied, for which no view is made. */
const SHORT_SOURCE = 16

/**
 * The offset behind variable-length data whose length of 8 bits is at an offset.
 *
 * @throws RangeError where its length or its bytes go beyond the end of the message
 */
export function varDataEnd8(view: DataView, at: number, end: number, name: string): number {
  if (at + 1 > end) throw truncatedLengthError(at, end, name)
  const next = at + 1 + view.getUint8(at)
  if (next > end) throw truncatedDataError(at + 1, next, end, name)
  return next
}

/** As varDataEnd8, of 16 bits, little endian. */
export function varDataEnd16Le(view: DataView, at: number, end: number, name: string): number {
  if (at + 2 > end) throw truncatedLengthError(at, end, name)
  const next = at + 2 + view.getUint16(at, true)
  if (next > end) throw truncatedDataError(at + 2, next, end, name)
  return next
}

/** As varDataEnd8, of 16 bits, big endian. */
export function varDataEnd16Be(view: DataView, at: number, end: number, name: string): number {
  if (at + 2 > end) throw truncatedLengthError(at, end, name)
  const next = at + 2 + view.getUint16(at)
  if (next > end) throw truncatedDataError(at + 2, next, end, name)
  return next
}

/** As varDataEnd8, of 32 bits, little endian. */
export function varDataEnd32Le(view: DataView, at: number, end: number, name: string): number {
  if (at + 4 > end) throw truncatedLengthError(at, end, name)
  const next = at + 4 + view.getUint32(at, true)
  if (next > end) throw truncatedDataError(at + 4, next, end, name)
  return next
}

/** As varDataEnd8, of 32 bits, big endian. */
export function varDataEnd32Be(view: DataView, at: number, end: number, name: string): number {
  if (at + 4 > end) throw truncatedLengthError(at, end, name)
  const next = at + 4 + view.getUint32(at)
  if (next > end) throw truncatedDataError(at + 4, next, end, name)
  return next
}

/** As varDataEnd8, of 64 bits. */
export function varDataEnd64(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
  name: string,
): number {
  if (at + 8 > end) throw truncatedLengthError(at, end, name)
  const next = at + 8 + getLength64(view, at, littleEndian)
  if (next > end) throw truncatedDataError(at + 8, next, end, name)
  return next
}

/** A length or count of 64 bits; not exact beyond 2^53, which no message reaches. */
export function getLength64(view: DataView, at: number, littleEndian: boolean): number {
  const high = view.getUint32(littleEndian ? at + 4 : at, littleEndian)
  return high * TWO_POW_32 + view.getUint32(littleEndian ? at : at + 4, littleEndian)
}

/** Writes a length or count of 64 bits. */
export function putLength64(view: DataView, at: number, length: number, littleEndian: boolean): void {
  view.setUint32(littleEndian ? at + 4 : at, Math.floor(length / TWO_POW_32), littleEndian)
  view.setUint32(littleEndian ? at : at + 4, length >>> 0, littleEndian)
}

/**
 * Copies variable-length data into a buffer of the caller.
 *
 * @returns the bytes copied
 * @throws RangeError where the target is too short
 */
export function copyVarData(
  view: DataView,
  offset: number,
  length: number,
  target: Uint8Array,
  targetOffset: number,
  name: string,
): number {
  if (!(targetOffset >= 0 && targetOffset + length <= target.length))
    throw copyVarDataError(length, target, targetOffset, name)
  if (length <= SHORT_DATA) readShort(view, offset, length, target, targetOffset)
  else setBytes(target, new Uint8Array(view.buffer, view.byteOffset + offset, length), targetOffset)
  return length
}

/**
 * Writes text in US-ASCII; a character that it does not have becomes '?'. The caller then writes the length in front.
 *
 * @param max the largest length that the schema or the width of the length allows
 * @returns the bytes written
 * @throws RangeError where it is too long, or does not fit in the buffer
 */
export function putVarAscii(
  view: DataView,
  capacity: number,
  at: number,
  value: string,
  max: number,
  name: string,
): number {
  const { length } = value
  if (length > max || at + length > capacity) throw tooLongError(capacity, at, length, max, name)
  if (!tryPutAscii(view, at, value)) putText(view, at, value, 'ascii')
  return length
}

/** As putVarAscii, in UTF-8. */
export function putVarUtf8(
  view: DataView,
  capacity: number,
  at: number,
  value: string,
  max: number,
  name: string,
): number {
  const { length } = value
  // One pass where all is ASCII: the bytes are as many as the characters.
  if (length <= max && at + length <= capacity && tryPutAscii(view, at, value)) return length
  return putVarText(view, capacity, at, value, max, name, 'utf8')
}

/** As putVarAscii, in any encoding. */
export function putVarText(
  view: DataView,
  capacity: number,
  at: number,
  value: string,
  max: number,
  name: string,
  encoding: TextEncoding,
): number {
  const length = textLength(value, encoding)
  if (length > max || at + length > capacity) throw tooLongError(capacity, at, length, max, name)
  putText(view, at, value, encoding)
  return length
}

/**
 * Writes bytes. The caller then writes the length in front.
 *
 * @returns the bytes written
 * @throws RangeError where they are too long, do not fit in the buffer, or are not within the source
 */
export function putVarBytes(
  buffer: SbeBuffer,
  view: DataView,
  capacity: number,
  at: number,
  source: SbeBuffer,
  sourceOffset: number,
  sourceLength: number | undefined,
  max: number,
  name: string,
): number {
  const from = bytesOf(source)
  const length = sourceLength ?? from.length - sourceOffset
  if (!(sourceOffset >= 0 && length >= 0 && sourceOffset + length <= from.length))
    throw putVarBytesError(sourceOffset, name, length, from)
  if (length > max || at + length > capacity) throw tooLongError(capacity, at, length, max, name)
  if (length === from.length && length > SHORT_SOURCE) setBytes(bytesOf(buffer), from, at)
  else if (length <= SHORT_DATA) writeShort(view, at, from, sourceOffset, length)
  else setBytes(bytesOf(buffer), new Uint8Array(from.buffer, from.byteOffset + sourceOffset, length), at)
  return length
}

/**
 * `target.set(source, offset)`. V8 leaves the look-up of a property of a typed array, but `length`, to a call of 10 to 20 ns when it compiles in the
 * background, as it does; not that of one of its prototype.
 */
function setBytes(target: Uint8Array, source: Uint8Array, offset: number): void {
  Uint8Array.prototype.set.call(target, source, offset)
}

// Four bytes for each access of the DataView.

function readShort(view: DataView, at: number, length: number, target: Uint8Array, offset: number): void {
  let i = 0
  for (; i + 4 <= length; i += 4) {
    const four = view.getInt32(at + i, true)
    const to = offset + i
    target[to] = four
    target[to + 1] = four >> 8
    target[to + 2] = four >> 16
    target[to + 3] = four >> 24
  }
  for (; i < length; i++) target[offset + i] = view.getUint8(at + i)
}

function writeShort(view: DataView, at: number, source: Uint8Array, offset: number, length: number): void {
  let i = 0
  for (; i + 4 <= length; i += 4) {
    const from = offset + i
    const a = source[from] as number
    const b = source[from + 1] as number
    const c = source[from + 2] as number
    const d = source[from + 3] as number
    view.setInt32(at + i, a | (b << 8) | (c << 16) | (d << 24), true)
  }
  for (; i < length; i++) view.setUint8(at + i, source[offset + i] as number)
}

function truncatedLengthError(at: number, end: number, name: string): RangeError {
  return new RangeError(
    `Cannot decode ${name}: its length at ${at} goes beyond the end of the message at ${end}; the message is truncated`,
  )
}

function truncatedDataError(start: number, next: number, end: number, name: string): RangeError {
  return new RangeError(
    `Cannot decode ${name}: ${next - start} bytes at ${start} go beyond the end of the message at ${end}; ` +
      'the message is truncated or damaged',
  )
}

function copyVarDataError(
  length: number,
  target: Uint8Array,
  targetOffset: number,
  name: string,
): RangeError {
  return new RangeError(
    `Cannot copy ${name}: ${length} bytes at ${targetOffset} go beyond the end of the target at ${target.length}; give a larger target`,
  )
}

function putVarBytesError(sourceOffset: number, name: string, length: number, from: Uint8Array): RangeError {
  return new RangeError(
    `Cannot encode ${name}: ${length} bytes at ${sourceOffset} are not within the source of ${from.length} bytes; correct the offset or length`,
  )
}

function tooLongError(capacity: number, at: number, length: number, max: number, name: string): RangeError {
  return new RangeError(
    length > max
      ? `Cannot encode ${name}: it has ${length} bytes, and should have at most ${max}`
      : `Cannot encode ${name}: ${length} bytes at ${at} go beyond the end of the buffer at ${capacity}; give a larger buffer`,
  )
}
