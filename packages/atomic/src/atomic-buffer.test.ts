import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AtomicBuffer } from './atomic-buffer.ts'

const CAPACITY = 64
const offsets = (size: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: CAPACITY - size })
const int64s = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const safeIntegers = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -1,
    1,
    2 ** 31,
    2 ** 32,
    -(2 ** 32),
    2 ** 32 - 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ),
)

/** A buffer that starts at any byte, and a plain view of the same bytes. */
function twins(lead: number, shared = false): { buffer: AtomicBuffer; naive: DataView } {
  const memory = shared ? new SharedArrayBuffer(CAPACITY + 16) : new ArrayBuffer(CAPACITY + 16)
  return { buffer: AtomicBuffer.wrap(memory, lead, CAPACITY), naive: new DataView(memory, lead, CAPACITY) }
}

const NUMBER_ACCESS = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64'] as const
test.each(NUMBER_ACCESS)('AtomicBuffer.get%s() and put agree with a DataView at any alignment', (type) => {
  const size = Number(/\d+/.exec(type)![0]) / 8
  fc.assert(
    fc.property(fc.nat(9), offsets(size), fc.double(), (lead, offset, value) => {
      const { buffer, naive } = twins(lead)
      buffer[`put${type}`](offset, value)
      const bytes = naive.buffer.slice(0)
      naive[`set${type}`](offset, value, true)
      expect(new Uint8Array(bytes)).toEqual(new Uint8Array(naive.buffer))
      expect(buffer[`get${type}`](offset)).toBe(naive[`get${type}`](offset, true))
    }),
  )
})

test('AtomicBuffer 64-bit access agrees with a DataView at any alignment', () => {
  fc.assert(
    fc.property(fc.nat(9), offsets(8), int64s, (lead, offset, value) => {
      const { buffer, naive } = twins(lead)
      buffer.putInt64(offset, value)
      expect(naive.getBigInt64(offset, true)).toBe(value)
      expect(buffer.getInt64(offset)).toBe(value)
      buffer.putUint64(offset, BigInt.asUintN(64, ~value))
      expect(naive.getBigUint64(offset, true)).toBe(BigInt.asUintN(64, ~value))
      expect(buffer.getUint64(offset)).toBe(BigInt.asUintN(64, ~value))
    }),
  )
})

test('AtomicBuffer int64 as number agrees with bigint for every safe integer', () => {
  fc.assert(
    fc.property(fc.nat(9), offsets(8), safeIntegers, safeIntegers, (lead, offset, before, value) => {
      const { buffer, naive } = twins(lead)
      naive.setBigInt64(offset, BigInt(before), true)
      expect(buffer.getInt64AsNumber(offset)).toBe(before)
      buffer.putInt64FromNumber(offset, value)
      expect(naive.getBigInt64(offset, true)).toBe(BigInt(value))
    }),
  )
})

test('AtomicBuffer ordered int64 as number agrees with bigint, whether the high word changes or not', () => {
  fc.assert(
    fc.property(fc.nat(1), safeIntegers, fc.nat(100_000), safeIntegers, (start, before, step, after) => {
      const { buffer, naive } = twins(start * 8)
      naive.setBigInt64(16, BigInt(before), true)
      expect(buffer.getInt64AsNumberAcquire(16)).toBe(before)
      const near = Math.min(before + step, Number.MAX_SAFE_INTEGER)
      for (const value of [near, after]) {
        buffer.putInt64FromNumberRelease(16, value)
        expect(naive.getBigInt64(16, true)).toBe(BigInt(value))
        expect(buffer.getInt64AsNumberAcquire(16)).toBe(value)
      }
      expect(naive.getBigInt64(8, true) | naive.getBigInt64(24, true)).toBe(0n)
    }),
  )
})

test.each([2n ** 63n - 1n, 2n ** 53n, -(2n ** 53n), -(2n ** 63n)])(
  'AtomicBuffer refuses to read %s as a number',
  (value) => {
    const buffer = AtomicBuffer.allocate(16)
    buffer.putInt64(8, value)
    for (const read of [() => buffer.getInt64AsNumber(8), () => buffer.getInt64AsNumberAcquire(8)]) {
      expect(read).toThrow(RangeError)
      expect(read).toThrow(
        `at offset 8: value must be a safe integer (within 2^53), current value is ${value}`,
      )
    }
  },
)

test.each([2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'AtomicBuffer refuses to write %s as an int64',
  (value) => {
    const buffer = AtomicBuffer.allocate(16)
    expect(() => buffer.putInt64FromNumber(8, value)).toThrow(RangeError)
    expect(() => buffer.putInt64FromNumberRelease(8, value)).toThrow(String(value))
    expect(buffer.getInt64(8)).toBe(0n)
  },
)

test.each([false, true])('AtomicBuffer ordered access agrees with a DataView; shared memory %s', (shared) => {
  fc.assert(
    fc.property(fc.nat(9), fc.nat(14), fc.nat(6), fc.integer(), int64s, (lead, i32, i64, a, b) => {
      const { buffer, naive } = twins(lead, shared)
      // The first offset whose place in memory is aligned, and so on from there.
      const at4 = ((4 - (lead % 4)) % 4) + i32 * 4
      const at8 = ((8 - (lead % 8)) % 8) + i64 * 8
      buffer.putInt32Release(at4, a)
      expect([naive.getInt32(at4, true), buffer.getInt32Acquire(at4)]).toEqual([a, a])
      expect(buffer.getAndAddInt32(at4, 3)).toBe(a)
      expect(naive.getInt32(at4, true)).toBe((a + 3) | 0)
      expect(buffer.compareAndSetInt32(at4, a, 1)).toBe(false)
      expect(buffer.compareAndSetInt32(at4, (a + 3) | 0, 1)).toBe(true)
      expect(naive.getInt32(at4, true)).toBe(1)
      expect(buffer.getAndSetInt32(at4, a)).toBe(1)
      expect(naive.getInt32(at4, true)).toBe(a)

      buffer.putInt64Release(at8, b)
      expect([naive.getBigInt64(at8, true), buffer.getInt64Acquire(at8)]).toEqual([b, b])
      expect(buffer.getAndAddInt64(at8, 5n)).toBe(b)
      const sum = BigInt.asIntN(64, b + 5n)
      expect(buffer.compareAndSetInt64(at8, b, 1n)).toBe(false)
      expect(buffer.compareAndSetInt64(at8, sum, 1n)).toBe(true)
      expect(naive.getBigInt64(at8, true)).toBe(1n)
      expect(buffer.getAndSetInt64(at8, b)).toBe(1n)
      expect(naive.getBigInt64(at8, true)).toBe(b)
    }),
  )
})

function isRefused(access: () => unknown): boolean {
  try {
    access()
    return false
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  }
}

const ORDERED: ReadonlyArray<[string, number, (buffer: AtomicBuffer, offset: number) => unknown]> = [
  ['getInt32Acquire', 4, (b, o) => b.getInt32Acquire(o)],
  ['putInt32Release', 4, (b, o) => b.putInt32Release(o, 1)],
  ['getAndAddInt32', 4, (b, o) => b.getAndAddInt32(o, 1)],
  ['compareAndSetInt32', 4, (b, o) => b.compareAndSetInt32(o, 0, 1)],
  ['getAndSetInt32', 4, (b, o) => b.getAndSetInt32(o, 1)],
  ['getInt64Acquire', 8, (b, o) => b.getInt64Acquire(o)],
  ['putInt64Release', 8, (b, o) => b.putInt64Release(o, 1n)],
  ['getAndAddInt64', 8, (b, o) => b.getAndAddInt64(o, 1n)],
  ['compareAndSetInt64', 8, (b, o) => b.compareAndSetInt64(o, 0n, 1n)],
  ['getAndSetInt64', 8, (b, o) => b.getAndSetInt64(o, 1n)],
  ['getInt64AsNumberAcquire', 8, (b, o) => b.getInt64AsNumberAcquire(o)],
  ['putInt64FromNumberRelease', 8, (b, o) => b.putInt64FromNumberRelease(o, 1)],
]
test.each(ORDERED)(
  'AtomicBuffer.%s() refuses a place that is misaligned or out of bounds',
  (_name, size, access) => {
    for (let lead = 0; lead < 9; lead++) {
      const memory = new ArrayBuffer(CAPACITY + 16)
      const buffer = AtomicBuffer.wrap(memory, lead, CAPACITY)
      for (let offset = -9; offset < CAPACITY + 9; offset++) {
        const isAllowed = offset >= 0 && offset + size <= CAPACITY && (lead + offset) % size === 0
        expect(
          isRefused(() => access(buffer, offset)),
          `lead ${lead}, offset ${offset}`,
        ).toBe(!isAllowed)
      }
      const outside = [...new Uint8Array(memory, 0, lead), ...new Uint8Array(memory, lead + CAPACITY)]
      expect(outside.every((byte) => byte === 0)).toBe(true)
    }
  },
)

test.each(ORDERED)(
  'AtomicBuffer.%s() refuses an offset past 2^32, which must not wrap',
  (_name, _size, access) => {
    const buffer = AtomicBuffer.allocate(CAPACITY)
    for (const offset of [2 ** 32, 2 ** 32 + 8, 2 ** 40, Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
      expect(
        isRefused(() => access(buffer, offset)),
        String(offset),
      ).toBe(true)
    }
    expect(buffer.bytes).toEqual(new Uint8Array(CAPACITY))
  },
)

test('AtomicBuffer says what is wrong with a misaligned access', () => {
  expect(() => AtomicBuffer.wrap(new ArrayBuffer(64), 4).getInt64Acquire(0)).toThrow(
    'Cannot read an int64 at offset 0: an atomic access of 8 bytes must be 8-byte aligned in memory and inside the buffer, the buffer starts at byte offset 4',
  )
})

test('AtomicBuffer plain access out of bounds throws, also inside the memory around the span', () => {
  const buffer = AtomicBuffer.wrap(new ArrayBuffer(64), 16, 16)
  for (const offset of [-1, 13, 16]) {
    expect(() => buffer.getInt32(offset)).toThrow(RangeError)
    expect(() => buffer.putInt32(offset, 1)).toThrow(RangeError)
    expect(() => buffer.getInt64AsNumber(offset)).toThrow(RangeError)
  }
})

test('AtomicBuffer copies agree with a naive loop, for short and long spans, from arrays and buffers', () => {
  const span = fc.record({ from: fc.nat(40), to: fc.nat(40), length: fc.nat(400), whole: fc.boolean() })
  fc.assert(
    fc.property(span, fc.infiniteStream(fc.nat(255)), ({ from, to, length, whole }, values) => {
      const start = whole ? 0 : from
      const source = Uint8Array.from({ length: whole ? length : 512 }, () => values.next().value)
      const expected = new Uint8Array(512)
      for (let i = 0; i < length; i++) expected[to + i] = source[start + i]!
      const target = AtomicBuffer.allocate(512)
      target.putBytes(to, source, start, length)
      expect(target.bytes).toEqual(expected)
      const fromBuffer = new Uint8Array(512)
      AtomicBuffer.wrap(source).getBytes(start, fromBuffer, to, length)
      expect(fromBuffer).toEqual(expected)
      const between = AtomicBuffer.allocate(512)
      between.putBytes(to, AtomicBuffer.wrap(source), start, length)
      expect(between.bytes).toEqual(expected)
      const out = AtomicBuffer.allocate(512)
      AtomicBuffer.wrap(source).getBytes(start, out, to, length)
      expect(out.bytes).toEqual(expected)
    }),
  )
})

test.each([
  [0, 0, 101],
  [-1, 0, 1],
  [0, -1, 1],
  [90, 0, 20],
  [0, 90, 20],
  [0, 0, -1],
])(
  'AtomicBuffer.putBytes() refuses offset %i, source offset %i, length %i in 100 bytes',
  (offset, sourceOffset, length) => {
    const buffer = AtomicBuffer.allocate(100)
    expect(() => buffer.putBytes(offset, new Uint8Array(100), sourceOffset, length)).toThrow(RangeError)
    expect(() => buffer.getBytes(sourceOffset, new Uint8Array(100), offset, length)).toThrow(RangeError)
  },
)

test('AtomicBuffer.setMemory() sets just the span', () => {
  const buffer = AtomicBuffer.allocate(8)
  buffer.setMemory(2, 3, 0xab)
  expect([...buffer.bytes]).toEqual([0, 0, 0xab, 0xab, 0xab, 0, 0, 0])
  expect(() => buffer.setMemory(6, 3, 1)).toThrow(RangeError)
})

test('AtomicBuffer ASCII strings come back, with and without length, and others are replaced', () => {
  const buffer = AtomicBuffer.allocate(64)
  expect(buffer.putStringAscii(3, 'aeron:ipc')).toBe(13)
  expect(buffer.getInt32(3)).toBe(9)
  expect(buffer.getStringAscii(3)).toBe('aeron:ipc')
  expect(buffer.putStringWithoutLengthAscii(20, 'é€a')).toBe(3)
  expect(buffer.getStringWithoutLengthAscii(20, 3)).toBe('??a')
  buffer.putUint8(20, 0xe9)
  expect(buffer.getStringWithoutLengthAscii(20, 1)).toBe('\uFFFD')
  expect(buffer.putStringAscii(40, '')).toBe(4)
  expect(buffer.getStringAscii(40)).toBe('')
})

test('AtomicBuffer UTF-8 strings come back, from private and shared memory', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.boolean(), (text, shared) => {
      const buffer = AtomicBuffer.wrap(shared ? new SharedArrayBuffer(400) : new ArrayBuffer(400))
      const length = Buffer.byteLength(text)
      expect(buffer.putStringUtf8(1, text)).toBe(4 + length)
      expect(buffer.getStringUtf8(1)).toBe(text)
      expect(buffer.putStringWithoutLengthUtf8(200, text)).toBe(length)
      expect(buffer.getStringWithoutLengthUtf8(200, length)).toBe(text)
    }),
  )
})

test('AtomicBuffer refuses strings that do not fit, and writes none of them', () => {
  const buffer = AtomicBuffer.allocate(8)
  expect(() => buffer.putStringAscii(0, 'hello')).toThrow(RangeError)
  expect(() => buffer.putStringUtf8(0, 'héllo')).toThrow(RangeError)
  expect(buffer.getInt64(0)).toBe(0n)
  buffer.putInt32(0, 5)
  expect(() => buffer.getStringAscii(0)).toThrow(/capacity of 8, current values are 4 and 5/)
  buffer.putInt32(0, -1)
  expect(() => buffer.getStringUtf8(0)).toThrow(RangeError)
})

test('AtomicBuffer.wrap() takes memory, views where they start, and parts of both', () => {
  const memory = new ArrayBuffer(64)
  new Uint8Array(memory).set(Array.from({ length: 64 }, (_, i) => i))
  const view = new Uint8Array(memory, 16, 32)
  expect([AtomicBuffer.wrap(memory).capacity, AtomicBuffer.wrap(memory, 8).capacity]).toEqual([64, 56])
  const part = AtomicBuffer.wrap(view, 4, 8)
  expect([part.memory, part.byteOffset, part.capacity, part.getUint8(0)]).toEqual([memory, 20, 8, 20])
  expect(AtomicBuffer.wrap(Buffer.from('abc')).getStringWithoutLengthAscii(0, 3)).toBe('abc')
  const slice = part.slice(2, 4)
  slice.putUint8(0, 99)
  expect([slice.byteOffset, slice.bytes.length, slice.view.byteLength, view[6]]).toEqual([22, 4, 4, 99])
  expect(() => part.slice(6, 4)).toThrow(RangeError)
})

test.each([
  [-1, 4],
  [0, 65],
  [60, 8],
  [0.5, 4],
  [0, -1],
  [65, undefined],
])('AtomicBuffer.wrap() refuses byte offset %s and length %s in 64 bytes', (byteOffset, length) => {
  expect(() => AtomicBuffer.wrap(new ArrayBuffer(64), byteOffset, length)).toThrow(RangeError)
})

test.each([-1, 1.5, 2 ** 31])('AtomicBuffer.allocate() refuses %s', (capacity) => {
  expect(() => AtomicBuffer.allocate(capacity)).toThrow(RangeError)
})

test('AtomicBuffer works at offsets beyond 2^31 of large memory', () => {
  // Untouched pages of large memory take no space.
  const memory = new ArrayBuffer(2 ** 31 + 4096 + 64)
  expect(() => AtomicBuffer.wrap(memory)).toThrow(/at most 2147483647.*wrap it in parts/)
  const start = 2 ** 31 + 4096
  const buffer = AtomicBuffer.wrap(memory, start, 64)
  buffer.putInt64Release(56, -2n)
  buffer.putInt32Release(0, 7)
  expect(new DataView(memory).getBigInt64(start + 56, true)).toBe(-2n)
  expect(new DataView(memory).getInt32(start, true)).toBe(7)
  const large = AtomicBuffer.wrap(memory, 8, 2 ** 31 - 8)
  large.putInt32Release(2 ** 31 - 12, 9)
  expect(large.getInt32(2 ** 31 - 12)).toBe(9)
})
