import { expect, test } from 'vitest'
import {
  composeVersion,
  majorVersion,
  minorVersion,
  patchVersion,
  versionToString,
} from './semantic-version.ts'

test('composeVersion() packs 8 bits for each part, and the parts come out again', () => {
  const version = composeVersion(1, 51, 255)
  expect(version).toBe(0x01_33_ff)
  expect([majorVersion(version), minorVersion(version), patchVersion(version)]).toEqual([1, 51, 255])
  expect(versionToString(version)).toBe('1.51.255')
  expect(versionToString(composeVersion(0, 0, 1))).toBe('0.0.1')
})

test.each([
  [256, 0, 0],
  [0, -1, 0],
  [0, 0, 1.5],
  [0, 0, 0],
])('composeVersion(%d, %d, %d) is refused', (major, minor, patch) => {
  expect(() => composeVersion(major, minor, patch)).toThrow(RangeError)
})
