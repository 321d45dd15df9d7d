import { expect, test } from 'vitest'
import { isMavenNewEnough, parseMavenVersion } from './maven.ts'

test('parseMavenVersion() finds the version', () => {
  expect(parseMavenVersion('Apache Maven 3.8.7\nMaven home: /usr/share/maven')).toBe('3.8.7')
  expect(parseMavenVersion('Apache Maven 4.0.0-rc-3 (abc)')).toBe('4.0.0-rc-3')
  expect(parseMavenVersion('command not found')).toBeUndefined()
})

for (const [version, isNewEnough] of [
  ['3.6.2', false],
  ['3.6.3', true],
  ['3.8.7', true],
  ['3.5.9', false],
  ['4.0.0-rc-3', true],
  ['2.9.9', false],
] as const) {
  test(`isMavenNewEnough() of ${version} is ${isNewEnough}`, () => {
    expect(isMavenNewEnough(version)).toBe(isNewEnough)
  })
}
