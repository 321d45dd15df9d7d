import { tryGetAscii } from './ascii.ts'

const QUESTION_MARK = 0x3f

/** Bytes that a string takes in ISO-8859-1: one for each character, as a pair of surrogates is one. */
export function latin1Length(value: string): number {
  let length = value.length
  for (let i = 1; i < value.length; i++) {
    if (isPair(value, i)) length--
  }
  return length
}

/** Writes a string in ISO-8859-1. A character that it does not have becomes '?'. */
export function putLatin1(view: DataView, offset: number, value: string): void {
  let at = offset
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (i === 0 || !isPair(value, i)) view.setUint8(at++, code <= 0xff ? code : QUESTION_MARK)
  }
}

/** Reads a string in ISO-8859-1, which has a character for every byte. */
export function getLatin1(view: DataView, offset: number, length: number): string {
  const text = tryGetAscii(view, offset, length)
  if (text !== undefined) return text
  let value = ''
  for (let i = 0; i < length; i++) value += String.fromCharCode(view.getUint8(offset + i))
  return value
}

/** Whether the character at an index is the second half of a pair of surrogates. */
function isPair(value: string, index: number): boolean {
  return (value.charCodeAt(index) & 0xfc00) === 0xdc00 && (value.charCodeAt(index - 1) & 0xfc00) === 0xd800
}
