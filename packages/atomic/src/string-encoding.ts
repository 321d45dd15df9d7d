const LAST_ASCII = 0x7f
const QUESTION_MARK = 0x3f
const REPLACEMENT_CHARACTER = '\uFFFD'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Writes `value` as ASCII, one byte for each UTF-16 unit; a unit that is not ASCII becomes `?`, as in Agrona.
 * The caller has checked that it fits.
 */
export function writeAscii(bytes: Uint8Array, offset: number, value: string): void {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    bytes[offset + i] = unit > LAST_ASCII ? QUESTION_MARK : unit
  }
}

/** Reads `length` bytes as ASCII; a byte that is not ASCII becomes U+FFFD, as in Java. */
export function readAscii(bytes: Uint8Array, offset: number, length: number): string {
  let text = ''
  for (let i = offset; i < offset + length; i++) {
    const byte = bytes[i]!
    text += byte > LAST_ASCII ? REPLACEMENT_CHARACTER : String.fromCharCode(byte)
  }
  return text
}

/** The UTF-8 bytes of `value`, in memory of their own. */
export function encodeUtf8(value: string): Uint8Array {
  return encoder.encode(value)
}

/** Reads `length` bytes as UTF-8; malformed sequences become U+FFFD. */
export function readUtf8(bytes: Uint8Array, offset: number, length: number): string {
  // A copy, because browsers refuse to decode shared memory, and because its writer may change it meanwhile.
  return decoder.decode(bytes.slice(offset, offset + length))
}
