import type { Encoding } from '../ir/encoding.ts'
import type { Token } from '../ir/token.ts'
import { charsetNamed, type Charset } from '../parse/character-encoding.ts'
import { sizeOfPrimitive } from '../parse/primitives.ts'
import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import type { DecodedValue } from './token-listener.ts'

/** Reads one value of a primitive type. The caller has checked that it is there. */
export function readPrimitive(
  view: DataView,
  offset: number,
  type: PrimitiveType,
  littleEndian: boolean,
): PrimitiveValue {
  switch (type) {
    case 'char':
    case 'uint8':
      return view.getUint8(offset)
    case 'int8':
      return view.getInt8(offset)
    case 'int16':
      return view.getInt16(offset, littleEndian)
    case 'uint16':
      return view.getUint16(offset, littleEndian)
    case 'int32':
      return view.getInt32(offset, littleEndian)
    case 'uint32':
      return view.getUint32(offset, littleEndian)
    case 'int64':
      return view.getBigInt64(offset, littleEndian)
    case 'uint64':
      return view.getBigUint64(offset, littleEndian)
    case 'float':
      return view.getFloat32(offset, littleEndian)
    case 'double':
      return view.getFloat64(offset, littleEndian)
  }
}

/** The value of a number, a character or an array; null values are not told apart. */
export function readValue(view: DataView, offset: number, type: Token, encoding: Encoding): DecodedValue {
  const { primitiveType, littleEndian } = encoding
  const size = sizeOfPrimitive(primitiveType)
  const count = type.encodedLength / size
  if (primitiveType === 'char') {
    const charset = charsetNamed(encoding.characterEncoding ?? 'US-ASCII')
    const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, type.encodedLength)
    if (charset !== undefined && count > 1) return decodeText(withoutPadding(bytes, charset), charset)
  }
  if (count === 1) return readPrimitive(view, offset, primitiveType, littleEndian)
  return Array.from({ length: count }, (_, index) =>
    readPrimitive(view, offset + index * size, primitiveType, littleEndian),
  )
}

/** The text of bytes; what is none becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  switch (charset) {
    case 'ascii':
    case 'latin1': {
      const limit = charset === 'ascii' ? 0x80 : 0x100
      return Array.from(bytes, (byte) => (byte < limit ? String.fromCharCode(byte) : '\uFFFD')).join('')
    }
    case 'utf8':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    case 'utf16le':
    case 'utf16be':
      return new TextDecoder(charset === 'utf16le' ? 'utf-16le' : 'utf-16be', { ignoreBOM: true }).decode(
        bytes,
      )
    case 'utf16':
      // Protocol: the byte order mark says the order; without one it is big endian.
      return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-16be').decode(bytes)
  }
}

/** Text in an array of fixed length ends at the first zero. */
function withoutPadding(bytes: Uint8Array, charset: Charset): Uint8Array {
  if (charset.startsWith('utf16')) {
    for (let i = 0; i + 1 < bytes.length; i += 2) {
      if (bytes[i] === 0 && bytes[i + 1] === 0) return bytes.subarray(0, i)
    }
    return bytes
  }
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
