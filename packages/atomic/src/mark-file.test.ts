import { expect, test } from 'vitest'
import { AtomicBuffer } from './atomic-buffer.ts'
import { MarkFile } from './mark-file.ts'

const LAYOUT = { versionOffset: 0, timestampOffset: 8 }

test('MarkFile tells others that its owner is ready and lives', () => {
  const buffer = AtomicBuffer.allocate(64)
  const mine = new MarkFile(buffer, LAYOUT)
  const theirs = new MarkFile(buffer, LAYOUT)
  expect([theirs.version, theirs.timestampMs, theirs.isActive(1_000, 10_000)]).toEqual([0, 0n, false])
  mine.updateTimestamp(1_000)
  expect(theirs.isActive(1_000, 10_000)).toBe(false)
  mine.signalReady(0x01_00_00)
  expect([theirs.version, theirs.timestampMs]).toEqual([0x01_00_00, 1_000n])
  expect([theirs.isActive(11_000, 10_000), theirs.isActive(11_001, 10_000)]).toEqual([true, false])
})

test.each([
  [8, 8],
  [12, 8],
  [2, 8],
  [0, 4],
  [64, 8],
  [0, 64],
  [-4, 8],
])('MarkFile refuses a version at %i with a timestamp at %i', (versionOffset, timestampOffset) => {
  expect(() => new MarkFile(AtomicBuffer.allocate(64), { versionOffset, timestampOffset })).toThrow(
    RangeError,
  )
})
