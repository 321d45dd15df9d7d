/** The encodings of two bytes. `utf16` has a byte order mark, and is big endian without one, as in Java. */
export type Utf16 = 'utf16' | 'utf16be' | 'utf16le'

const BYTE_ORDER_MARK = 0xfeff
const BYTE_ORDER_MARK_LITTLE = 0xfffe
const REPLACEMENT = 0xfffd

/** Writes a string in two bytes a unit; half of a surrogate pair becomes U+FFFD. */
export function putUtf16(view: DataView, offset: number, value: string, encoding: Utf16): void {
  const text = wellFormed(value)
  let at = offset
  if (encoding === 'utf16' && text !== '') {
    view.setUint16(at, BYTE_ORDER_MARK)
    at += 2
  }
  for (let i = 0; i < text.length; i++, at += 2)
    view.setUint16(at, text.charCodeAt(i), encoding === 'utf16le')
}

/** Reads a string; half of a surrogate pair, and an odd byte at the end, become U+FFFD. */
export function getUtf16(view: DataView, offset: number, length: number, encoding: Utf16): string {
  let littleEndian = encoding === 'utf16le'
  let at = offset
  const end = offset + length
  if (encoding === 'utf16' && length >= 2) {
    const mark = view.getUint16(at)
    littleEndian = mark === BYTE_ORDER_MARK_LITTLE
    if (littleEndian || mark === BYTE_ORDER_MARK) at += 2
  }
  let value = ''
  while (at < end) {
    value += String.fromCharCode(at + 1 < end ? view.getUint16(at, littleEndian) : REPLACEMENT)
    at += 2
  }
  return wellFormed(value)
}

/** A string whose halves of surrogate pairs are replaced; String.prototype.toWellFormed is not in every runtime. */
function wellFormed(value: string): string {
  return value.replaceAll(/\p{Surrogate}/gu, '\uFFFD')
}
