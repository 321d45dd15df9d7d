import type { SbeBuffer } from './sbe-buffer.ts'
import { bytesOf } from './sbe-buffer.ts'
import { putText, textLength, type TextEncoding } from './text.ts'

/** Bytes of the length in front of variable-length data. */
export type LengthWidth = 1 | 2 | 4

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
  if (at + width > end) {
    throw new RangeError(
      `Cannot decode ${name}: its length at ${at} goes beyond the end of the message at ${end}; the message is truncated`,
    )
  }
  const length =
    width === 4
      ? view.getUint32(at, littleEndian)
      : width === 2
        ? view.getUint16(at, littleEndian)
        : view.getUint8(at)
  if (at + width + length > end) {
    throw new RangeError(
      `Cannot decode ${name}: ${length} bytes at ${at + width} go beyond the end of the message at ${end}; ` +
        'the message is truncated or damaged',
    )
  }
  return length
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
  if (!(targetOffset >= 0 && targetOffset + length <= target.length)) {
    throw new RangeError(
      `Cannot copy ${name}: ${length} bytes at ${targetOffset} go beyond the end of the target at ${target.length}; give a larger target`,
    )
  }
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
  if (!(sourceOffset >= 0 && length >= 0 && sourceOffset + length <= from.length)) {
    throw new RangeError(
      `Cannot encode ${name}: ${length} bytes at ${sourceOffset} are not within the source of ${from.length} bytes; correct the offset or length`,
    )
  }
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
  width: number,
  max: number,
  name: string,
): void {
  if (length > max) {
    throw new RangeError(`Cannot encode ${name}: it has ${length} bytes, and should have at most ${max}`)
  }
  if (at + width + length > view.byteLength) {
    throw new RangeError(
      `Cannot encode ${name}: ${width + length} bytes at ${at} go beyond the end of the buffer at ${view.byteLength}; give a larger buffer`,
    )
  }
}

function putLength(
  view: DataView,
  at: number,
  length: number,
  width: LengthWidth,
  littleEndian: boolean,
): void {
  if (width === 4) view.setUint32(at, length, littleEndian)
  else if (width === 2) view.setUint16(at, length, littleEndian)
  else view.setUint8(at, length)
}
