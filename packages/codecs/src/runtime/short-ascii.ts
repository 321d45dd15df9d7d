// A string that is put together costs more for each piece than for each character, and a call into Node.js as much as some 30
// characters (measured on Node.js 20 to 26): short text is made of all its characters at once, with a case for each length. In two
// functions, as to ask whether there is a character costs a third of what it costs to read it.

/** Characters up to which text is short. */
export const LONGEST_SHORT = 20

/** Reads text of at most 20 bytes, which the caller has seen to be ASCII. */
export function shortAscii(view: DataView, at: number, length: number): string {
  return length <= 10 ? upTo10(view, at, length) : upTo20(view, at, length)
}

function upTo10(view: DataView, at: number, length: number): string {
  if (length <= 0) return ''
  const a = view.getUint8(at)
  const b = length > 1 ? view.getUint8(at + 1) : 0
  const c = length > 2 ? view.getUint8(at + 2) : 0
  const d = length > 3 ? view.getUint8(at + 3) : 0
  const e = length > 4 ? view.getUint8(at + 4) : 0
  const f = length > 5 ? view.getUint8(at + 5) : 0
  const g = length > 6 ? view.getUint8(at + 6) : 0
  const h = length > 7 ? view.getUint8(at + 7) : 0
  const i = length > 8 ? view.getUint8(at + 8) : 0
  const j = length > 9 ? view.getUint8(at + 9) : 0
  switch (length) {
    case 1:
      return String.fromCharCode(a)
    case 2:
      return String.fromCharCode(a, b)
    case 3:
      return String.fromCharCode(a, b, c)
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

function upTo20(view: DataView, at: number, length: number): string {
  const a = view.getUint8(at)
  const b = view.getUint8(at + 1)
  const c = view.getUint8(at + 2)
  const d = view.getUint8(at + 3)
  const e = view.getUint8(at + 4)
  const f = view.getUint8(at + 5)
  const g = view.getUint8(at + 6)
  const h = view.getUint8(at + 7)
  const i = view.getUint8(at + 8)
  const j = view.getUint8(at + 9)
  const k = view.getUint8(at + 10)
  const l = length > 11 ? view.getUint8(at + 11) : 0
  const m = length > 12 ? view.getUint8(at + 12) : 0
  const n = length > 13 ? view.getUint8(at + 13) : 0
  const o = length > 14 ? view.getUint8(at + 14) : 0
  const p = length > 15 ? view.getUint8(at + 15) : 0
  const q = length > 16 ? view.getUint8(at + 16) : 0
  const r = length > 17 ? view.getUint8(at + 17) : 0
  const s = length > 18 ? view.getUint8(at + 18) : 0
  const t = length > 19 ? view.getUint8(at + 19) : 0
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
