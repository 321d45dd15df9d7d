import { leastToWrite } from './least-to-write.ts'
import { nativeText } from './native-text.ts'
import { LONGEST_SHORT, tryGetShortAscii } from './short-ascii.ts'

// Nearly all text on the wire is short and ASCII. A TextEncoder or TextDecoder costs more than all of it, so it goes through these
// loops, and everything else through the slower ways behind them.

/** Characters of which a loop is never slower than a call into Node.js. */
const SHORT_TO_WRITE = 32
/** The high bits of four bytes. */
const NOT_ASCII = 0x8080_8080 | 0

/**
 * Writes text whose characters are all ASCII. The caller has checked that there is room for as many bytes as it has characters.
 *
 * @returns whether they were; if not, what was written in this room is of no use
 */
export function tryPutAscii(view: DataView, offset: number, value: string): boolean {
  const { length } = value
  const native = length >= SHORT_TO_WRITE && length >= leastToWrite() ? nativeText() : null
  // What is no ASCII takes more bytes than characters: some of it is then missing, or seen in what is written.
  if (native !== null)
    return native.utf8Write.call(view, value, offset, length) === length && isAscii(view, offset, length)
  let seen = 0
  let i = 0
  for (; i + 4 <= length; i += 4) {
    const a = value.charCodeAt(i)
    const b = value.charCodeAt(i + 1)
    const c = value.charCodeAt(i + 2)
    const d = value.charCodeAt(i + 3)
    seen |= a | b | c | d
    view.setInt32(offset + i, a | (b << 8) | (c << 16) | (d << 24), true)
  }
  for (; i < length; i++) {
    const code = value.charCodeAt(i)
    seen |= code
    view.setUint8(offset + i, code)
  }
  return seen <= 0x7f
}

/** Reads text whose bytes are all ASCII; undefined where one is not. */
export function tryGetAscii(view: DataView, offset: number, length: number): string | undefined {
  if (length <= LONGEST_SHORT) return tryGetShortAscii(view, offset, length)
  const native = nativeText()
  if (native !== null) {
    return isAscii(view, offset, length) ? native.latin1Slice.call(view, offset, offset + length) : undefined
  }
  let value = ''
  for (let i = 0; i < length; i += LONGEST_SHORT) {
    const piece = tryGetShortAscii(view, offset + i, Math.min(LONGEST_SHORT, length - i))
    if (piece === undefined) return undefined
    value += piece
  }
  return value
}

function isAscii(view: DataView, offset: number, length: number): boolean {
  let seen = 0
  let i = 0
  for (; i + 4 <= length; i += 4) seen |= view.getInt32(offset + i)
  for (; i < length; i++) seen |= view.getInt8(offset + i)
  return (seen & NOT_ASCII) === 0
}
