import { expect, test } from 'vitest'
import { byteLengthOf, setBytes, windowOf } from './typed-array.ts'

const ARRAYS: readonly Uint8Array[] = [
  new Uint8Array(0),
  new Uint8Array(40).map((_, i) => i),
  Buffer.from(Array.from({ length: 40 }, (_, i) => i)).subarray(3),
  new Uint8Array(new SharedArrayBuffer(64), 8, 33),
]

test.each(ARRAYS)('array %# has its length and windows that start where it does', (array) => {
  expect(byteLengthOf(array)).toBe(array.byteLength)
  const half = array.length >> 1
  const window = windowOf(array, half, array.length - half)
  expect([window.buffer, window.byteOffset, window.length]).toEqual([
    array.buffer,
    array.byteOffset + half,
    array.length - half,
  ])
})

test('byteLengthOf() gives the bytes of longer elements', () => {
  expect(byteLengthOf(new Float64Array(3) as unknown as Uint8Array)).toBe(24)
})

test('setBytes() writes where it is told, and nothing that does not fit', () => {
  const target = new Uint8Array(6).fill(9)
  setBytes(target, Uint8Array.of(1, 2), 3)
  expect([...target]).toEqual([9, 9, 9, 1, 2, 9])
  expect(() => setBytes(target, Uint8Array.of(1, 2), 5)).toThrow(RangeError)
  expect([...target]).toEqual([9, 9, 9, 1, 2, 9])
})
