import { expect, test, vi } from 'vitest'
import { tryGetAscii, tryPutAscii } from './ascii.ts'
import { getText } from './text.ts'
import { putVarAscii, putVarUtf8 } from './var-data.ts'

const LENGTHS = Array.from({ length: 200 }, (_, length) => length)
/** Of a text for which Node.js is asked. */
const LONG = 100
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
      expect(putVarUtf8(view, view.byteLength, 2, text, 100, 'x')).toBe(encoded.length)
      expect([...new Uint8Array(view.buffer, 2)]).toEqual([...encoded])
      expect(tryGetAscii(view, 2, encoded.length)).toBeUndefined()
      expect(getText(view, 2, encoded.length, 'utf8')).toBe(text)
    }
  },
)

test('in short text of every length a byte that is not ASCII is seen wherever it stands, and none of its neighbours', () => {
  for (let length = 0; length <= 24; length++) {
    const exact = new TextEncoder().encode(textOf(length))
    const among = new Uint8Array(length + 8).fill(0xff)
    among.set(exact, 4)
    expect(tryGetAscii(new DataView(among.buffer), 4, length)).toBe(textOf(length))
    // Nothing lies in front of it or behind it that could be read.
    const view = new DataView(exact.buffer)
    expect(tryGetAscii(view, 0, length)).toBe(textOf(length))
    for (const at of exact.keys()) {
      exact[at] = (exact[at] as number) | 0x80
      expect(tryGetAscii(view, 0, length)).toBeUndefined()
      exact[at] = (exact[at] as number) & 0x7f
    }
  }
})

test('text that has no room as UTF-8 throws, also where it would have as characters', () => {
  const view = new DataView(new ArrayBuffer(10))
  expect(() => putVarUtf8(view, 10, 0, 'éééééé', 100, 'x')).toThrow(RangeError)
  expect(() => putVarUtf8(view, 10, 0, 'éééé', 7, 'x')).toThrow('should have at most 7')
  expect(putVarUtf8(view, 10, 0, 'éééé', 8, 'x')).toBe(8)
  expect(() => putVarAscii(view, 10, 0, 'eleven more', 100, 'x')).toThrow(
    'go beyond the end of the buffer at 10',
  )
  expect(() => putVarAscii(view, 10, 0, 'four', 3, 'x')).toThrow('it has 4 bytes, and should have at most 3')
})

test('long text that is not ASCII leaves what is behind it alone', () => {
  for (const at of [0, 30, 59]) {
    const text = textOf(at) + '\u20AC' + textOf(59 - at)
    const bytes = new Uint8Array(70).fill(0xee)
    expect(putVarAscii(new DataView(bytes.buffer), 70, 0, text, 100, 'x')).toBe(60)
    expect(String.fromCharCode(...bytes.subarray(0, 60))).toBe(text.replace('\u20AC', '?'))
    expect([...bytes.subarray(60)]).toEqual(Array<number>(10).fill(0xee))
  }
})

test('without the machine code of Node.js all is the same', async () => {
  const { Buffer } = globalThis
  vi.resetModules()
  vi.stubGlobal('Buffer', undefined)
  try {
    const slow = await import('./ascii.ts')
    slow.tryGetAscii(new DataView(new ArrayBuffer(LONG)), 0, LONG)
    vi.stubGlobal('Buffer', Buffer)
    for (const length of LENGTHS) {
      const view = new DataView(new ArrayBuffer(length + 1))
      const text = textOf(length)
      expect(slow.tryPutAscii(view, 1, text)).toBe(true)
      expect(slow.tryGetAscii(view, 1, length)).toBe(text)
      expect(tryGetAscii(view, 1, length)).toBe(text)
    }
  } finally {
    vi.unstubAllGlobals()
    vi.resetModules()
  }
})

test('a Buffer that refuses a DataView is not used', async () => {
  vi.resetModules()
  const refuse = (): never => {
    throw new TypeError('Receiver should be a Buffer')
  }
  vi.stubGlobal('Buffer', { prototype: { utf8Write: refuse, latin1Slice: refuse } })
  try {
    const { nativeText } = await import('./native-text.ts')
    expect(nativeText()).toBeNull()
  } finally {
    vi.unstubAllGlobals()
    vi.resetModules()
  }
})

test('text in shared memory', () => {
  const view = new DataView(new SharedArrayBuffer(200))
  for (const length of [5, 13, 60, 150]) {
    expect(tryPutAscii(view, 7, textOf(length))).toBe(true)
    expect(tryGetAscii(view, 7, length)).toBe(textOf(length))
  }
})
