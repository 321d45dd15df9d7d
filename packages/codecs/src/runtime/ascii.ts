// Nearly all text on the wire is short and ASCII. A TextEncoder or TextDecoder costs more than all of it, so it goes through these
// loops, and everything else through the slower ways behind them.

/**
 * Writes text whose characters are all ASCII. The caller has checked that there is room for as many bytes as it has characters.
 *
 * @returns whether they were; if not, what was written is of no use
 */
export function tryPutAscii(view: DataView, offset: number, value: string): boolean {
  const { length } = value
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
  const end8 = offset + length - (length & 7)
  let value = ''
  let at = offset
  for (; at < end8; at += 8) {
    const a = view.getUint8(at)
    const b = view.getUint8(at + 1)
    const c = view.getUint8(at + 2)
    const d = view.getUint8(at + 3)
    const e = view.getUint8(at + 4)
    const f = view.getUint8(at + 5)
    const g = view.getUint8(at + 6)
    const h = view.getUint8(at + 7)
    if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined
    value += String.fromCharCode(a, b, c, d, e, f, g, h)
  }
  // Three pieces at most for the rest: each costs as much as eight characters.
  if ((length & 4) !== 0) {
    const a = view.getUint8(at)
    const b = view.getUint8(at + 1)
    const c = view.getUint8(at + 2)
    const d = view.getUint8(at + 3)
    if ((a | b | c | d) > 0x7f) return undefined
    value += String.fromCharCode(a, b, c, d)
    at += 4
  }
  if ((length & 2) !== 0) {
    const a = view.getUint8(at)
    const b = view.getUint8(at + 1)
    if ((a | b) > 0x7f) return undefined
    value += String.fromCharCode(a, b)
    at += 2
  }
  if ((length & 1) !== 0) {
    const a = view.getUint8(at)
    if (a > 0x7f) return undefined
    value += String.fromCharCode(a)
  }
  return value
}
