import fc from 'fast-check'
import { expect, test } from 'vitest'
import { align, findNextPositivePowerOfTwo, isAligned, isPowerOfTwo } from './bit-util.ts'

test('align() rounds lengths and positions up to a multiple', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat().filter((n) => n < 2 ** 52),
      fc.integer({ min: 0, max: 30 }),
      (value, power) => {
        const alignment = 2 ** power
        const expected = Number(
          ((BigInt(value) + BigInt(alignment) - 1n) / BigInt(alignment)) * BigInt(alignment),
        )
        expect(align(value, alignment)).toBe(expected)
      },
    ),
  )
})

test('align() is right on both sides of 31 bits', () => {
  for (const value of [
    0,
    1,
    31,
    32,
    33,
    0x7fff_ffdf,
    0x7fff_ffe0,
    0x7fff_ffe1,
    0x7fff_ffff,
    2 ** 31,
    2 ** 40 + 1,
  ]) {
    expect(align(value, 32)).toBe(Math.ceil(value / 32) * 32)
  }
})

test('isAligned() and isPowerOfTwo() tell', () => {
  expect([isAligned(16, 8), isAligned(12, 8), isAligned(0, 8)]).toEqual([true, false, true])
  expect([-4, 0, 1, 2, 3, 64, 65, 2 ** 30, 2 ** 31].filter(isPowerOfTwo)).toEqual([1, 2, 64, 2 ** 30])
})

test('findNextPositivePowerOfTwo() never goes below its argument', () => {
  expect([-3, 0, 1, 2, 3, 4, 5, 1000, 2 ** 30].map(findNextPositivePowerOfTwo)).toEqual([
    1,
    1,
    1,
    2,
    4,
    4,
    8,
    1024,
    2 ** 30,
  ])
  expect(() => findNextPositivePowerOfTwo(2 ** 30 + 1)).toThrow(RangeError)
})
