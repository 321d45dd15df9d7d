// A string that is put together costs more for each piece than for each character, and a call into Node.js as much as some 30
// characters (measured on Node.js 20 to 26): short text is made of all its characters at once, with a case for each length.

/** Characters up to which text is short. */
export const LONGEST_SHORT = 20

/** Reads text of at most 20 bytes, which the caller has seen to be ASCII. */
export function shortAscii(view: DataView, at: number, length: number): string {
  if (length <= 6) return upTo6(view, at, length)
  if (length <= 10) return upTo10(view, at, length)
  if (length <= 13) return upTo13(view, at, length)
  if (length <= 16) return upTo16(view, at, length)
  return length <= 18 ? upTo18(view, at, length) : upTo20(view, at, length)
}

function upTo6(view: DataView, at: number, length: number): string {
  switch (length) {
    case 1:
      return String.fromCharCode(view.getUint8(at))
    case 2:
      return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1))
    case 3:
      return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2))
    case 4:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
      )
    case 5:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
      )
    case 6:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
      )
    default:
      return ''
  }
}

function upTo10(view: DataView, at: number, length: number): string {
  switch (length) {
    case 7:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
      )
    case 8:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
      )
    case 9:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
      )
    default:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
      )
  }
}

function upTo13(view: DataView, at: number, length: number): string {
  switch (length) {
    case 11:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
      )
    case 12:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
      )
    default:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
      )
  }
}

function upTo16(view: DataView, at: number, length: number): string {
  switch (length) {
    case 14:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
      )
    case 15:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        view.getUint8(at + 14),
      )
    default:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        view.getUint8(at + 14),
        view.getUint8(at + 15),
      )
  }
}

function upTo18(view: DataView, at: number, length: number): string {
  switch (length) {
    case 17:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        view.getUint8(at + 14),
        view.getUint8(at + 15),
        view.getUint8(at + 16),
      )
    default:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        view.getUint8(at + 14),
        view.getUint8(at + 15),
        view.getUint8(at + 16),
        view.getUint8(at + 17),
      )
  }
}

function upTo20(view: DataView, at: number, length: number): string {
  switch (length) {
    case 19:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        view.getUint8(at + 14),
        view.getUint8(at + 15),
        view.getUint8(at + 16),
        view.getUint8(at + 17),
        view.getUint8(at + 18),
      )
    default:
      return String.fromCharCode(
        view.getUint8(at),
        view.getUint8(at + 1),
        view.getUint8(at + 2),
        view.getUint8(at + 3),
        view.getUint8(at + 4),
        view.getUint8(at + 5),
        view.getUint8(at + 6),
        view.getUint8(at + 7),
        view.getUint8(at + 8),
        view.getUint8(at + 9),
        view.getUint8(at + 10),
        view.getUint8(at + 11),
        view.getUint8(at + 12),
        view.getUint8(at + 13),
        view.getUint8(at + 14),
        view.getUint8(at + 15),
        view.getUint8(at + 16),
        view.getUint8(at + 17),
        view.getUint8(at + 18),
        view.getUint8(at + 19),
      )
  }
}
