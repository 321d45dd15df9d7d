import { expect, test } from 'vitest'
import { ExpandableArrayBuffer } from './expandable-array-buffer.ts'

test('ExpandableArrayBuffer grows by half at least, and keeps what is there', () => {
  const expandable = new ExpandableArrayBuffer(16)
  expandable.putBytes(0, Uint8Array.of(1, 2, 3), 0, 3)
  const first = expandable.buffer
  expect(expandable.ensureCapacity(16)).toBe(first)
  expect(expandable.ensureCapacity(17).capacity).toBe(24)
  expect(expandable.ensureCapacity(1001).capacity).toBe(1008)
  expect([...expandable.buffer.bytes.subarray(0, 4)]).toEqual([1, 2, 3, 0])
  expandable.putBytes(2000, Uint8Array.of(9), 0, 1)
  expect(expandable.buffer.getUint8(2000)).toBe(9)
  expect(expandable.capacity).toBeGreaterThanOrEqual(2001)
})

test('ExpandableArrayBuffer starts with 128 bytes, and says where it ends', () => {
  const expandable = new ExpandableArrayBuffer()
  expect(expandable.capacity).toBe(128)
  expect(() => expandable.ensureCapacity(2 ** 31)).toThrow(/at most 2147483640, current value is 2147483648/)
})
