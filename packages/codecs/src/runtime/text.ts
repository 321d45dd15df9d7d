import { tryGetAscii, tryPutAscii } from './ascii.ts'
import { getLatin1, latin1Length, putLatin1 } from './latin1.ts'
import { getUtf16, putUtf16, type Utf16 } from './utf16.ts'

/** The text encodings that variable-length data and char arrays may have. `utf16` begins with a byte order mark. */
export type TextEncoding = 'ascii' | 'latin1' | 'utf8' | Utf16

const encoder = /* @__PURE__ */ new TextEncoder()
// A byte order mark belongs to the text, and malformed bytes are replaced: decoding text never fails.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })
const QUESTION_MARK = 0x3f
const REPLACEMENT = '\uFFFD'

/** Bytes that a string takes. */
export function textLength(value: string, encoding: TextEncoding): number {
  switch (encoding) {
    case 'ascii':
      return value.length
    case 'latin1':
      return latin1Length(value)
    case 'utf8':
      return isAscii(value) ? value.length : encoder.encode(value).length
    case 'utf16':
      // Protocol: as in Java, text that is empty has no byte order mark.
      return value === '' ? 0 : 2 + 2 * value.length
    case 'utf16be':
    case 'utf16le':
      return 2 * value.length
  }
}

/**
 * Writes a string. A character that the encoding does not have becomes '?', as in Java.
 * The caller has checked that it fits.
 */
export function putText(view: DataView, offset: number, value: string, encoding: TextEncoding): void {
  switch (encoding) {
    case 'ascii':
      return putAscii(view, offset, value)
    case 'latin1':
      return putLatin1(view, offset, value)
    case 'utf8':
      if (!isAscii(value) || !tryPutAscii(view, offset, value)) putBytes(view, offset, encoder.encode(value))
      return
    case 'utf16':
    case 'utf16be':
    case 'utf16le':
      putUtf16(view, offset, value, encoding)
  }
}

/** Reads a string. A byte that the encoding does not have becomes U+FFFD. */
export function getText(view: DataView, offset: number, length: number, encoding: TextEncoding): string {
  switch (encoding) {
    case 'ascii':
      return getAscii(view, offset, length)
    case 'latin1':
      return getLatin1(view, offset, length)
    case 'utf8':
      return getUtf8(view, offset, length)
    case 'utf16':
    case 'utf16be':
    case 'utf16le':
      return getUtf16(view, offset, length, encoding)
  }
}

/** Reads a char array of fixed length: up to its first zero byte, or the first zero of two bytes in UTF-16. */
export function getFixedText(view: DataView, offset: number, length: number, encoding: TextEncoding): string {
  let end = 0
  if (encoding === 'utf16' || encoding === 'utf16be' || encoding === 'utf16le') {
    while (end + 1 < length && view.getUint16(offset + end) !== 0) end += 2
  } else while (end < length && view.getUint8(offset + end) !== 0) end++
  return getText(view, offset, end, encoding)
}

/**
 * Writes a char array of fixed length, filled up with zero bytes.
 *
 * @throws RangeError where the text is longer than the array
 */
export function putFixedText(
  view: DataView,
  offset: number,
  length: number,
  value: string,
  encoding: TextEncoding,
  name: string,
): void {
  const written = textLength(value, encoding)
  if (written > length) {
    throw new RangeError(
      `Cannot encode ${name}: the text has ${written} bytes, and should have at most ${length}`,
    )
  }
  putText(view, offset, value, encoding)
  for (let i = written; i < length; i++) view.setUint8(offset + i, 0)
}

/** Copies bytes into a view. */
export function putBytes(view: DataView, offset: number, source: Uint8Array): void {
  // Short data by a loop: set() would need a view made for it.
  if (source.length < 64) {
    for (let i = 0; i < source.length; i++) view.setUint8(offset + i, source[i] as number)
  } else {
    new Uint8Array(view.buffer, view.byteOffset + offset, source.length).set(source)
  }
}

function putAscii(view: DataView, offset: number, value: string): void {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    view.setUint8(offset + i, code <= 0x7f ? code : QUESTION_MARK)
  }
}

/** Reads text in US-ASCII. */
export function getAscii(view: DataView, offset: number, length: number): string {
  const text = tryGetAscii(view, offset, length)
  if (text !== undefined) return text
  let value = ''
  for (let i = 0; i < length; i++) {
    const code = view.getUint8(offset + i)
    value += code > 0x7f ? REPLACEMENT : String.fromCharCode(code)
  }
  return value
}

/** Reads text in UTF-8. */
export function getUtf8(view: DataView, offset: number, length: number): string {
  const text = tryGetAscii(view, offset, length)
  if (text !== undefined) return text
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, length)
  // A browser refuses to decode shared memory: it decodes a copy.
  const shared = typeof SharedArrayBuffer !== 'undefined' && view.buffer instanceof SharedArrayBuffer
  return decoder.decode(shared ? bytes.slice() : bytes)
}

function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 0x7f) return false
  }
  return true
}
