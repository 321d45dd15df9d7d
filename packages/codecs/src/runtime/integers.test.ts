import { expect, test } from 'vitest'
import {
  checkBigInt64,
  checkBigUint64,
  checkInt16,
  checkInt32,
  checkInt8,
  checkUint16,
  checkUint32,
  checkUint8,
} from './integers.ts'

test.each([
  [checkInt8, -128, 127],
  [checkUint8, 0, 255],
  [checkInt16, -32768, 32767],
  [checkUint16, 0, 65535],
  [checkInt32, -2147483648, 2147483647],
  [checkUint32, 0, 4294967295],
])('%o lets through what its type can hold, and nothing else', (check, min, max) => {
  for (const value of [min, 0, 1, max]) expect(check(value, 'x')).toBe(value)
  for (const value of [min - 1, max + 1, 0.5, 2 ** 32, 2 ** 53, Number.NaN, Number.NEGATIVE_INFINITY]) {
    if (value >= min && value <= max && Number.isInteger(value)) continue
    expect(() => check(value, 'x')).toThrow(
      new RangeError(`Cannot encode x: it is ${value}, and should be an integer from ${min} to ${max}`),
    )
  }
})

test.each([
  [checkBigInt64, -(2n ** 63n), 2n ** 63n - 1n],
  [checkBigUint64, 0n, 2n ** 64n - 1n],
])('%o too', (check, min, max) => {
  for (const value of [min, 0n, max]) expect(check(value, 'x')).toBe(value)
  for (const value of [min - 1n, max + 1n]) {
    expect(() => check(value, 'x')).toThrow(
      `Cannot encode x: it is ${value}, and should be from ${min} to ${max}`,
    )
  }
})
