import { expect, test } from 'vitest'
import { composeVersion, isSameMajorVersion, versionName } from './app-version.ts'

test('composeVersion() joins the parts', () => {
  expect(composeVersion(0, 0, 1)).toBe(1)
  expect(composeVersion(1, 2, 3)).toBe(0x010203)
})

test('composeVersion() refuses a part that does not fit a byte', () => {
  for (const part of [-1, 256, 0.5, Number.NaN]) expect(() => composeVersion(0, part, 0)).toThrow(RangeError)
})

test('isSameMajorVersion() looks at the major part alone', () => {
  expect(isSameMajorVersion(composeVersion(1, 0, 0), composeVersion(1, 200, 7))).toBe(true)
  expect(isSameMajorVersion(composeVersion(1, 0, 0), composeVersion(2, 0, 0))).toBe(false)
})

test('versionName() writes it as people do', () => {
  expect(versionName(composeVersion(1, 20, 3))).toBe('1.20.3')
})
