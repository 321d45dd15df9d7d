import { tryPutAscii } from './ascii.ts'
import type { SbeBuffer } from './sbe-buffer.ts'
import { bytesOf } from './sbe-buffer.ts'
import { putText, textLength, type TextEncoding } from './text.ts'

// What is thrown is made in functions of their own: V8 inlines the checks into the generated code only as long as they are short.

/** Bytes of the length in front of variable-length data. */
export type LengthWidth = 1 | 2 | 4 | 8

// A byte order that is not a constant makes an access of a DataView several times as slow in V8: hence the two branches.

const TWO_POW_32 = 0x1_0000_0000

/**
 * The length of the variable-length data at an offset, checked against the end of the message.
 *
 * @throws RangeError where its length or its bytes go beyond the end
 */
export function varDataLength(
  view: DataView,
  at: number,
  end: number,
  width: LengthWidth,
  littleEndian: boolean,
  name: string,
): number {
  if (at + width > end) throw truncatedLengthError(at, end, name)
  const length = uncheckedVarDataLength(view, at, end, width, littleEndian)
  if (at + width + length > end) throw truncatedDataError(at, end, width, name, length)
  return length
}

/** As varDataLength, for code that is generated without bounds checks. */
export function uncheckedVarDataLength(
  view: DataView,
  at: number,
  _end: number,
  width: LengthWidth,
  littleEndian: boolean,
  _name?: string,
): number {
  switch (width) {
    case 1:
      return view.getUint8(at)
    case 2:
      return littleEndian ? view.getUint16(at, true) : view.getUint16(at)
    case 4:
      return littleEndian ? view.getUint32(at, true) : view.getUint32(at)
    case 8:
      return getLength64(view, at, littleEndian)
  }
}

/** A length or count of 64 bits; not exact beyond 2^53, which no message reaches. */
export function getLength64(view: DataView, at: number, littleEndian: boolean): number {
  const high = view.getUint32(littleEndian ? at + 4 : at, littleEndian)
  return high * TWO_POW_32 + view.getUint32(littleEndian ? at : at + 4, littleEndian)
}

/** As varDataEnd, for code that is generated without bounds checks. */
export function uncheckedVarDataEnd(
  view: DataView,
  at: number,
  end: number,
  width: LengthWidth,
  littleEndian: boolean,
  _name?: string,
): number {
  return at + width + uncheckedVarDataLength(view, at, end, width, littleEndian)
}

/** The offset behind the variable-length data at an offset. Throws as varDataLength. */
export function varDataEnd(
  view: DataView,
  at: number,
  end: number,
  width: LengthWidth,
  littleEndian: boolean,
  name: string,
): number {
  return at + width + varDataLength(view, at, end, width, littleEndian, name)
}

/**
 * Copies variable-length data into a buffer of the caller.
 *
 * @returns the bytes copied
 * @throws RangeError where the target is too short
 */
export function copyVarData(
  buffer: SbeBuffer,
  offset: number,
  length: number,
  target: Uint8Array,
  targetOffset: number,
  name: string,
): number {
  if (!(targetOffset >= 0 && targetOffset + length <= target.length))
    throw copyVarDataError(length, target, targetOffset, name)
  target.set(bytesOf(buffer).subarray(offset, offset + length), targetOffset)
  return length
}

/**
 * Writes text with its length in front.
 *
 * @param max the largest length that the schema or the width of the length allows
 * @returns the offset behind it
 * @throws RangeError where it is too long, or does not fit in the buffer
 */
export function putVarText(
  view: DataView,
  at: number,
  value: string,
  encoding: TextEncoding,
  width: LengthWidth,
  max: number,
  littleEndian: boolean,
  name: string,
): number {
  if (encoding === 'ascii' || encoding === 'utf8' || encoding === 'latin1') {
    // One pass where all is ASCII: the bytes are as many as the characters.
    const count = value.length
    if (count <= max && at + width + count <= view.byteLength && tryPutAscii(view, at + width, value)) {
      putLength(view, at, count, width, littleEndian)
      return at + width + count
    }
  }
  const length = textLength(value, encoding)
  checkVarData(view, at, length, width, max, name)
  putLength(view, at, length, width, littleEndian)
  putText(view, at + width, value, encoding)
  return at + width + length
}

/**
 * Writes bytes with their length in front.
 *
 * @returns the offset behind them
 * @throws RangeError where they are too long, do not fit in the buffer, or are not within the source
 */
export function putVarBytes(
  buffer: SbeBuffer,
  view: DataView,
  at: number,
  source: SbeBuffer,
  sourceOffset: number,
  sourceLength: number | undefined,
  width: LengthWidth,
  max: number,
  littleEndian: boolean,
  name: string,
): number {
  const from = bytesOf(source)
  const length = sourceLength ?? from.length - sourceOffset
  if (!(sourceOffset >= 0 && length >= 0 && sourceOffset + length <= from.length))
    throw putVarBytesError(sourceOffset, name, length, from)
  checkVarData(view, at, length, width, max, name)
  putLength(view, at, length, width, littleEndian)
  copyBytes(from, sourceOffset, length, buffer, at + width)
  return at + width + length
}

function copyBytes(from: Uint8Array, offset: number, length: number, buffer: SbeBuffer, at: number): void {
  const to = bytesOf(buffer)
  // Short data by a loop: set() would need a view made for it.
  if (length < 64) {
    for (let i = 0; i < length; i++) to[at + i] = from[offset + i] as number
  } else {
    to.set(offset === 0 && length === from.length ? from : from.subarray(offset, offset + length), at)
  }
}

function checkVarData(
  view: DataView,
  at: number,
  length: number,
  width: LengthWidth,
  max: number,
  name: string,
): void {
  if (length > max) {
    throw new RangeError(`Cannot encode ${name}: it has ${length} bytes, and should have at most ${max}`)
  }
  if (at + width + length > view.byteLength) throw tooLongError(view, at, length, width, name)
}

function putLength(
  view: DataView,
  at: number,
  length: number,
  width: LengthWidth,
  littleEndian: boolean,
): void {
  switch (width) {
    case 1:
      return view.setUint8(at, length)
    case 2:
      return littleEndian ? view.setUint16(at, length, true) : view.setUint16(at, length)
    case 4:
      return littleEndian ? view.setUint32(at, length, true) : view.setUint32(at, length)
    case 8:
      view.setUint32(littleEndian ? at + 4 : at, Math.floor(length / TWO_POW_32), littleEndian)
      view.setUint32(littleEndian ? at : at + 4, length >>> 0, littleEndian)
  }
}

function truncatedLengthError(at: number, end: number, name: string): RangeError {
  return new RangeError(
    `Cannot decode ${name}: its length at ${at} goes beyond the end of the message at ${end}; the message is truncated`,
  )
}

function truncatedDataError(
  at: number,
  end: number,
  width: LengthWidth,
  name: string,
  length: number,
): RangeError {
  return new RangeError(
    `Cannot decode ${name}: ${length} bytes at ${at + width} go beyond the end of the message at ${end}; ` +
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

function tooLongError(
  view: DataView,
  at: number,
  length: number,
  width: LengthWidth,
  name: string,
): RangeError {
  return new RangeError(
    `Cannot encode ${name}: ${width + length} bytes at ${at} go beyond the end of the buffer at ${view.byteLength}; give a larger buffer`,
  )
}
