/** The text encodings that variable-length data and char arrays may have. */
export type TextEncoding = 'ascii' | 'latin1' | 'utf8'

const encoder = new TextEncoder()
// A byte order mark belongs to the text, and malformed bytes are replaced: decoding text never fails.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const QUESTION_MARK = 0x3f
const REPLACEMENT = '\uFFFD'

/** Bytes that a string takes. */
export function textLength(value: string, encoding: TextEncoding): number {
  return encoding === 'utf8' && !isAscii(value) ? encoder.encode(value).length : value.length
}

/**
 * Writes a string. A character that the encoding does not have becomes '?', as in Java.
 * The caller has checked that it fits.
 */
export function putText(view: DataView, offset: number, value: string, encoding: TextEncoding): void {
  if (encoding === 'utf8' && !isAscii(value)) {
    putBytes(view, offset, encoder.encode(value))
    return
  }
  const max = encoding === 'latin1' ? 0xff : 0x7f
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    view.setUint8(offset + i, code <= max ? code : QUESTION_MARK)
  }
}

/** Reads a string. A byte that the encoding does not have becomes U+FFFD. */
export function getText(view: DataView, offset: number, length: number, encoding: TextEncoding): string {
  if (encoding === 'utf8') return getUtf8(view, offset, length)
  let value = ''
  for (let i = 0; i < length; i++) {
    const code = view.getUint8(offset + i)
    value += code > 0x7f && encoding === 'ascii' ? REPLACEMENT : String.fromCharCode(code)
  }
  return value
}

/** Reads a char array of fixed length: up to its first zero byte. */
export function getFixedText(view: DataView, offset: number, length: number, encoding: TextEncoding): string {
  let end = 0
  while (end < length && view.getUint8(offset + end) !== 0) end++
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

function getUtf8(view: DataView, offset: number, length: number): string {
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
