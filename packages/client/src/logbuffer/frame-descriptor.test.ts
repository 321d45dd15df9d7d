import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  alignFrame,
  computeFramedLength,
  computeMaxMessageLength,
  HEADER_LENGTH,
} from './frame-descriptor.ts'

test('computeFramedLength() is what cutting a message into frames gives', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 2046 }), (length, blocks) => {
      const maxPayloadLength = blocks * 32
      let expected = 0
      let remaining = length
      do {
        const payload = Math.min(remaining, maxPayloadLength)
        expected += Math.ceil((payload + HEADER_LENGTH) / 32) * 32
        remaining -= payload
      } while (remaining > 0)
      expect(computeFramedLength(length, maxPayloadLength)).toBe(expected)
    }),
  )
})

test('alignFrame() rounds up to 32', () => {
  expect([0, 1, 32, 33].map(alignFrame)).toEqual([0, 32, 32, 64])
})

test('computeMaxMessageLength() is an eighth of the term, at most 16 MiB', () => {
  expect(computeMaxMessageLength(65_536)).toBe(8192)
  expect(computeMaxMessageLength(2 ** 30)).toBe(16 * 1024 * 1024)
})
