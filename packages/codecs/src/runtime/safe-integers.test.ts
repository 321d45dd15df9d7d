import { expect, test } from 'vitest'
import {
  getInt64AsNumberBe,
  getInt64AsNumberLe,
  getUint64AsNumberBe,
  getUint64AsNumberLe,
  INT64_NULL_NUMBER,
  putInt64FromNumberBe,
  putInt64FromNumberLe,
  putUint64FromNumberBe,
  putUint64FromNumberLe,
} from './safe-integers.ts'

const view = new DataView(new ArrayBuffer(9))
const MAX = Number.MAX_SAFE_INTEGER
const SIGNED = [
  0,
  1,
  -1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  -(2 ** 32),
  2 ** 52 - 1,
  2 ** 52,
  2 ** 52 + 1,
  1 - 2 ** 52,
  -(2 ** 52),
  -1 - 2 ** 52,
  MAX,
  -MAX,
  INT64_NULL_NUMBER,
]

test.each(SIGNED)('%d goes out and in as an int64', (value) => {
  putInt64FromNumberLe(view, 1, value, 'x')
  expect(view.getBigInt64(1, true)).toBe(BigInt(value))
  expect(getInt64AsNumberLe(view, 1, 'x')).toBe(value)
  putInt64FromNumberBe(view, 1, value, 'x')
  expect(view.getBigInt64(1)).toBe(BigInt(value))
  expect(getInt64AsNumberBe(view, 1, 'x')).toBe(value)
})

test.each([0, 1, 2 ** 31, 2 ** 32, 2 ** 52 - 1, 2 ** 52, 2 ** 52 + 1, MAX])(
  '%d goes out and in as a uint64',
  (value) => {
    putUint64FromNumberLe(view, 1, value, 'x')
    expect(view.getBigUint64(1, true)).toBe(BigInt(value))
    expect(getUint64AsNumberLe(view, 1, 'x')).toBe(value)
    putUint64FromNumberBe(view, 1, value, 'x')
    expect(view.getBigUint64(1)).toBe(BigInt(value))
    expect(getUint64AsNumberBe(view, 1, 'x')).toBe(value)
  },
)

test.each([2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n), -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n) + 1n])(
  'an int64 of %d is refused, and told exactly',
  (value) => {
    view.setBigInt64(1, value, true)
    expect(() => getInt64AsNumberLe(view, 1, 'x')).toThrow(`Cannot decode x: it is ${value}, and should be`)
    view.setBigInt64(1, value)
    expect(() => getInt64AsNumberBe(view, 1, 'x')).toThrow(`Cannot decode x: it is ${value}, and should be`)
  },
)

test.each([2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])(
  'a uint64 of %d is refused, and told exactly',
  (value) => {
    view.setBigUint64(1, value, true)
    expect(() => getUint64AsNumberLe(view, 1, 'x')).toThrow(`Cannot decode x: it is ${value}, and should be`)
    view.setBigUint64(1, value)
    expect(() => getUint64AsNumberBe(view, 1, 'x')).toThrow(`Cannot decode x: it is ${value}, and should be`)
  },
)

test.each([1.5, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY])('%d is not written', (value) => {
  for (const put of [
    putInt64FromNumberLe,
    putInt64FromNumberBe,
    putUint64FromNumberLe,
    putUint64FromNumberBe,
  ])
    expect(() => put(view, 1, value, 'x')).toThrow(`Cannot encode x: it is ${value}, and should be`)
})

test.each([null, '5', undefined, true])('%j, which the types refuse, is not written either', (value) => {
  for (const put of [
    putInt64FromNumberLe,
    putInt64FromNumberBe,
    putUint64FromNumberLe,
    putUint64FromNumberBe,
  ])
    expect(() => put(view, 1, value as unknown as number, 'x')).toThrow(`Cannot encode x: it is ${value}`)
})

test('a negative number is no uint64', () => {
  for (const put of [putUint64FromNumberLe, putUint64FromNumberBe])
    for (const value of [-1, INT64_NULL_NUMBER]) expect(() => put(view, 1, value, 'x')).toThrow(RangeError)
})
