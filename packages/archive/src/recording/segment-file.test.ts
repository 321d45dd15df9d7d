import { expect, test } from 'vitest'
import { segmentFileBasePosition } from './segment-file.ts'

test('segmentFileBasePosition() counts files from the term of the start position', () => {
  const term = 64
  const segment = 256
  expect(segmentFileBasePosition(0, 0, term, segment)).toBe(0)
  expect(segmentFileBasePosition(0, 255, term, segment)).toBe(0)
  expect(segmentFileBasePosition(0, 256, term, segment)).toBe(256)
  // Begins in the second term: the files are of positions 64 to 319, 320 to 575 and so on.
  expect(segmentFileBasePosition(96, 96, term, segment)).toBe(64)
  expect(segmentFileBasePosition(96, 319, term, segment)).toBe(64)
  expect(segmentFileBasePosition(96, 320, term, segment)).toBe(320)
})
