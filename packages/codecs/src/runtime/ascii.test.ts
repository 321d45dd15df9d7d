import { expect, test } from 'vitest'
import { tryGetAscii, tryPutAscii } from './ascii.ts'
import { getText } from './text.ts'
import { putVarText } from './var-data.ts'

const LENGTHS = Array.from({ length: 200 }, (_, length) => length)
const textOf = (length: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode((i * 37) % 0x80)).join('')

test('ASCII text of every length goes out and in, and touches nothing around it', () => {
  for (const length of LENGTHS) {
    const bytes = new Uint8Array(length + 2).fill(0xee)
    const view = new DataView(bytes.buffer)
    const text = textOf(length)
    expect(tryPutAscii(view, 1, text)).toBe(true)
    expect([bytes[0], bytes[length + 1]]).toEqual([0xee, 0xee])
    expect([...bytes.subarray(1, -1)]).toEqual([...new TextEncoder().encode(text)])
    expect(tryGetAscii(view, 1, length)).toBe(text)
    expect(getText(view, 1, length, 'utf8')).toBe(text)
    expect(getText(view, 1, length, 'ascii')).toBe(text)
  }
})

test.each(['\u0080', '\u00FF', '\u0100', '\u8000', '\uFF00', '\uD83D\uDE00'])(
  'one character that is not ASCII is seen wherever it stands: %j',
  (character) => {
    for (let at = 0; at < 20; at++) {
      const text = textOf(at) + character + textOf(20 - at)
      const encoded = new TextEncoder().encode(text)
      const view = new DataView(new ArrayBuffer(encoded.length + 2))
      expect(tryPutAscii(view, 0, text)).toBe(false)
      expect(putVarText(view, 0, text, 'utf8', 2, 100, true, 'x')).toBe(encoded.length + 2)
      expect(view.getUint16(0, true)).toBe(encoded.length)
      expect([...new Uint8Array(view.buffer, 2)]).toEqual([...encoded])
      expect(tryGetAscii(view, 2, encoded.length)).toBeUndefined()
      expect(getText(view, 2, encoded.length, 'utf8')).toBe(text)
    }
  },
)

test('text that has no room as UTF-8 throws, also where it would have as characters', () => {
  const view = new DataView(new ArrayBuffer(2 + 10))
  expect(() => putVarText(view, 0, 'éééééé', 'utf8', 2, 100, true, 'x')).toThrow(RangeError)
  expect(() => putVarText(view, 0, 'éééé', 'utf8', 2, 7, true, 'x')).toThrow('should have at most 7')
  expect(putVarText(view, 0, 'éééé', 'utf8', 2, 8, true, 'x')).toBe(10)
})
