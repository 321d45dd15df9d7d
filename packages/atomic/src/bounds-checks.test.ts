import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

async function withSwitch(
  value: string | undefined,
): Promise<typeof import('./atomic-buffer.ts').AtomicBuffer> {
  vi.resetModules()
  vi.stubGlobal('process', { ...process, env: { AGRONA_DISABLE_BOUNDS_CHECKS: value } })
  return (await import('./atomic-buffer.ts')).AtomicBuffer
}

test.each([undefined, '', 'false', '0'])('bounds are checked when the switch is %j', async (value) => {
  const AtomicBuffer = await withSwitch(value)
  const buffer = AtomicBuffer.allocate(16)
  expect(() => buffer.putInt32Release(16, 1)).toThrow(RangeError)
  expect(() => buffer.getInt32Acquire(2)).toThrow(RangeError)
  expect(() => buffer.setMemory(8, 9, 1)).toThrow(RangeError)
})

test.each(['true', 'TRUE', 'on', '1'])(
  'with the switch %j nothing is told, and no neighbour is touched',
  async (value) => {
    const AtomicBuffer = await withSwitch(value)
    const memory = new Uint8Array(48).fill(7)
    const buffer = AtomicBuffer.wrap(memory, 16, 16)
    buffer.putInt32Release(16, -1)
    buffer.putInt32Release(-4, -1)
    buffer.putBytes(8, new Uint8Array(4), 0, 4)
    buffer.setMemory(12, 8, 1)
    expect(buffer.getInt32Acquire(16)).toBeUndefined()
    expect(buffer.getStringWithoutLengthUtf8(12, 8)).toBe('\x01'.repeat(4))
    // What the engine checks by itself it still refuses.
    expect(() => buffer.putInt32(14, 1)).toThrow(RangeError)
    expect(() => buffer.getAndAddInt32(16, 1)).toThrow(RangeError)
    expect(() => buffer.putBytes(8, new Uint8Array(32), 0, 32)).toThrow(RangeError)
    // Spans are made rarely, and checked always.
    expect(() => buffer.slice(8, 16)).toThrow(RangeError)
    expect(() => AtomicBuffer.wrap(memory, 40, 16)).toThrow(RangeError)
    const expected = new Uint8Array(48).fill(7).fill(0, 24, 28).fill(1, 28, 32)
    expect(memory).toEqual(expected)
  },
)

test('with the switch a misaligned offset is that of the word it lies in', async () => {
  const AtomicBuffer = await withSwitch('true')
  const buffer = AtomicBuffer.allocate(16)
  buffer.putInt32Release(6, 9)
  expect([buffer.getInt32(4), buffer.getInt32Acquire(7)]).toEqual([9, 9])
})
