import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  computeMaxPossiblePosition,
  computePosition,
  computeTermIdFromPosition,
  indexByTermCount,
  nextTermId,
  packTail,
  termIdOfRawTail,
  termOffsetOfRawTail,
} from './log-buffer-position.ts'

const termId = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const termLength = fc.integer({ min: 16, max: 30 }).map((bits) => 2 ** bits)

test('a position and its term agree with arithmetic on bigints, across the wrap of term ids', () => {
  fc.assert(
    fc.property(
      termId,
      fc.nat({ max: 2 ** 22 }),
      termLength,
      fc.nat({ max: 65_535 }),
      (initialTermId, termCount, length, offset) => {
        const id = Number(BigInt.asIntN(32, BigInt(initialTermId) + BigInt(termCount)))
        const position = computePosition(id, offset, length, initialTermId)
        expect(BigInt(position)).toBe(BigInt(termCount) * BigInt(length) + BigInt(offset))
        expect(computeTermIdFromPosition(position, length, initialTermId)).toBe(id)
        expect(indexByTermCount(termCount)).toBe(termCount % 3)
      },
    ),
  )
})

test('a raw tail comes apart as it was put together, cut at the end of the term', () => {
  fc.assert(
    fc.property(termId, fc.nat({ max: 2 ** 31 - 1 }), termLength, (id, offset, length) => {
      const rawTail = packTail(id, offset)
      expect(termIdOfRawTail(rawTail)).toBe(id)
      expect(termOffsetOfRawTail(rawTail, length)).toBe(Math.min(offset, length))
    }),
  )
})

test('nextTermId() wraps', () => {
  expect(nextTermId(2 ** 31 - 1)).toBe(-(2 ** 31))
})

test('computeMaxPossiblePosition() is 2^31 terms', () => {
  expect(BigInt(computeMaxPossiblePosition(2 ** 30))).toBe(2n ** 61n)
})
