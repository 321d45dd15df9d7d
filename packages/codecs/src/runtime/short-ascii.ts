// A string that is put together costs more for each piece than for each character, and a call into Node.js as much as some 30
// characters (measured on Node.js 20 to 26): short text is made of all its characters at once, with a case for each length. Its bytes
// are read four at a time, and those same reads tell whether they are ASCII.

/** Characters up to which text is short. */
export const LONGEST_SHORT = 20
/** The high bits of four bytes. */
const NOT_ASCII = 0x8080_8080 | 0

/** Reads text of at most 20 bytes; undefined where one is not ASCII. */
export function tryGetShortAscii(view: DataView, at: number, length: number): string | undefined {
  if (length > 10) return upTo20(view, at, length)
  return length > 3 ? upTo10(view, at, length) : upTo3(view, at, length)
}

/** The next four bytes of a text, or zeros where fewer than four are left. At least four are in front of them. */
function word(view: DataView, at: number, rest: number): number {
  if (rest > 3) return view.getInt32(at, true)
  // Nothing is read behind the text: its last four bytes, without those that belong to the word before.
  return rest > 0 ? view.getInt32(at + rest - 4, true) >>> (32 - 8 * rest) : 0
}

function upTo3(view: DataView, at: number, length: number): string | undefined {
  if (length <= 0) return ''
  const a = view.getUint8(at)
  const b = length > 1 ? view.getUint8(at + 1) : 0
  const c = length > 2 ? view.getUint8(at + 2) : 0
  if ((a | b | c) > 0x7f) return undefined
  if (length === 1) return String.fromCharCode(a)
  return length === 2 ? String.fromCharCode(a, b) : String.fromCharCode(a, b, c)
}

function upTo10(view: DataView, at: number, length: number): string | undefined {
  const first = view.getInt32(at, true)
  const second = word(view, at + 4, length - 4)
  const third = word(view, at + 8, length - 8)
  if (((first | second | third) & NOT_ASCII) !== 0) return undefined
  const a = first & 0x7f
  const b = (first >> 8) & 0x7f
  const c = (first >> 16) & 0x7f
  const d = first >>> 24
  const e = second & 0x7f
  const f = (second >> 8) & 0x7f
  const g = (second >> 16) & 0x7f
  const h = second >>> 24
  const i = third & 0x7f
  const j = (third >> 8) & 0x7f
  switch (length) {
    case 4:
      return String.fromCharCode(a, b, c, d)
    case 5:
      return String.fromCharCode(a, b, c, d, e)
    case 6:
      return String.fromCharCode(a, b, c, d, e, f)
    case 7:
      return String.fromCharCode(a, b, c, d, e, f, g)
    case 8:
      return String.fromCharCode(a, b, c, d, e, f, g, h)
    case 9:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i)
    default:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j)
  }
}

function upTo20(view: DataView, at: number, length: number): string | undefined {
  const first = view.getInt32(at, true)
  const second = view.getInt32(at + 4, true)
  const third = word(view, at + 8, length - 8)
  const fourth = word(view, at + 12, length - 12)
  const fifth = word(view, at + 16, length - 16)
  if (((first | second | third | fourth | fifth) & NOT_ASCII) !== 0) return undefined
  const a = first & 0x7f
  const b = (first >> 8) & 0x7f
  const c = (first >> 16) & 0x7f
  const d = first >>> 24
  const e = second & 0x7f
  const f = (second >> 8) & 0x7f
  const g = (second >> 16) & 0x7f
  const h = second >>> 24
  const i = third & 0x7f
  const j = (third >> 8) & 0x7f
  const k = (third >> 16) & 0x7f
  const l = third >>> 24
  const m = fourth & 0x7f
  const n = (fourth >> 8) & 0x7f
  const o = (fourth >> 16) & 0x7f
  const p = fourth >>> 24
  const q = fifth & 0x7f
  const r = (fifth >> 8) & 0x7f
  const s = (fifth >> 16) & 0x7f
  const t = fifth >>> 24
  switch (length) {
    case 11:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k)
    case 12:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l)
    case 13:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m)
    case 14:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n)
    case 15:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
    case 16:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
    case 17:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q)
    case 18:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r)
    case 19:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s)
    default:
      return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)
  }
}
