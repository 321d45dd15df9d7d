import { AtomicBuffer } from '@x/atomic'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LastBigInt } from './last-bigint.ts'

test('reads what is there, whatever it has read before', () => {
  const last = new LastBigInt()
  const buffer = AtomicBuffer.allocate(24)
  const values = fc.array(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt(-2n, 2n)))
  // The same low word with different high words, and the other way round.
  const alike = fc.tuple(fc.bigInt(-2n, 2n), fc.bigInt(0n, 600n)).map(([high, low]) => (high << 32n) | low)
  fc.assert(
    fc.property(fc.oneof(values, fc.array(alike)), (written) => {
      for (const value of written) {
        buffer.putInt64(8, value)
        expect(last.read(buffer, 8)).toBe(value)
        expect(last.read(buffer, 8)).toBe(value)
      }
    }),
  )
})

test('refuses what is not inside the buffer', () => {
  const last = new LastBigInt()
  const buffer = AtomicBuffer.allocate(24)
  for (const offset of [-1, 17, 24]) expect(() => last.read(buffer, offset)).toThrow(RangeError)
})
