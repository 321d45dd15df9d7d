import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AtomicBuffer } from './atomic-buffer.ts'
import { ByteWindows } from './byte-windows.ts'
import { copyUnchecked } from './copy-bytes.ts'

/** Bytes of a fragment with the usual MTU. */
const FRAGMENT = 1376

function filled(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >>> 8)) & 0xff)
}

test('ByteWindows keeps the window of a place that is asked for twice in a row, and no other', () => {
  const windows = new ByteWindows(new ArrayBuffer(1 << 16), 0)
  const first = windows.on(4096, 100)
  const second = windows.on(4096, 100)
  expect(second).not.toBe(first)
  expect(windows.on(4096, 100)).toBe(second)
  // Places that share an index, in turn.
  const other = 4096 + 64 * 32
  expect(windows.on(other, 100)).not.toBe(windows.on(4096 + 2 * 64 * 32, 100))
  expect(windows.on(other, 100)).not.toBe(windows.on(4096 + 2 * 64 * 32, 100))
  expect(windows.on(4096, 100)).toBe(second)
  expect(windows.on(4096, 101)).toHaveLength(101)
})

test('ByteWindows keeps a window for each fragment of a message of 64 KiB', () => {
  const windows = new ByteWindows(new ArrayBuffer(1 << 17), 8)
  const offsets = Array.from({ length: Math.ceil(65_536 / FRAGMENT) }, (_, i) => 13 + i * FRAGMENT)
  const ask = (): Uint8Array[] => offsets.map((offset) => windows.on(offset, FRAGMENT))
  ask()
  const kept = ask()
  expect(ask().every((window, i) => window === kept[i])).toBe(true)
  expect(kept.map(({ byteOffset, length }) => [byteOffset, length])).toEqual(
    offsets.map((offset) => [8 + offset, FRAGMENT]),
  )
})

test('ByteWindows gives the bytes that are asked for, whatever was before', () => {
  const place = fc.record({
    offset: fc.oneof(
      fc.nat(4000),
      fc.nat(60).map((i) => i * 64),
    ),
    length: fc.nat(96),
  })
  fc.assert(
    fc.property(fc.nat(40), fc.array(place, { minLength: 1, maxLength: 4 }), (byteOffset, places) => {
      const memory = filled(4200).buffer
      const windows = new ByteWindows(memory, byteOffset)
      for (let round = 0; round < 3; round++) {
        for (const { offset, length } of places) {
          const window = windows.on(offset, length)
          expect([window.buffer, window.byteOffset, window.length]).toEqual([
            memory,
            byteOffset + offset,
            length,
          ])
        }
      }
    }),
  )
})

test('a copy out of memory that is gone fails, also from a place whose window was kept', () => {
  const memory = new ArrayBuffer(4096)
  const source = AtomicBuffer.wrap(memory)
  const target = new Uint8Array(1000)
  for (let i = 0; i < 3; i++) source.getBytes(128, target, 0, 1000)
  structuredClone(memory, { transfer: [memory] })
  expect(() => {
    source.getBytes(128, target, 0, 1000)
  }).toThrow(TypeError)
})

/** Spans that start and end at every alignment, and stop at the ends of their buffers. */
const spans = fc.record({
  sourceLead: fc.nat(9),
  targetLead: fc.nat(9),
  sourceOffset: fc.oneof(fc.nat(40), fc.constantFrom(FRAGMENT, 2 * FRAGMENT)),
  targetOffset: fc.nat(40),
  length: fc.oneof(
    fc.nat(130),
    fc.integer({ min: 1300, max: 1440 }),
    fc.constantFrom(56, 64, 65, 112, 119, 120, 121, 128, FRAGMENT),
  ),
  rest: fc.nat(9),
})

test('copyUnchecked() copies as a loop of bytes does, again and again, and leaves the rest alone', () => {
  fc.assert(
    fc.property(spans, fc.boolean(), (span, isShared) => {
      const { sourceLead, targetLead, sourceOffset, targetOffset, length, rest } = span
      const sourceBytes = filled(sourceLead + sourceOffset + length + rest)
      const targetLength = targetLead + targetOffset + length + rest
      const source = AtomicBuffer.wrap(sourceBytes, sourceLead)
      for (let round = 0; round < 3; round++) {
        const memory = isShared ? new SharedArrayBuffer(targetLength) : new ArrayBuffer(targetLength)
        const expected = new Uint8Array(targetLength).fill(0xee)
        new Uint8Array(memory).set(expected)
        for (let i = 0; i < length; i++) {
          expected[targetLead + targetOffset + i] = sourceBytes[sourceLead + sourceOffset + i]!
        }
        const target = AtomicBuffer.wrap(memory, targetLead)
        copyUnchecked(source, sourceOffset, target, targetOffset, length)
        expect(Buffer.compare(new Uint8Array(memory), expected)).toBe(0)
        // What the source holds next is what the next copy takes: windows are not copies.
        for (let i = 0; i < sourceBytes.length; i++) sourceBytes[i]! ^= 0x5a + round
      }
    }),
    { numRuns: 300 },
  )
})
