import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findJava, javaFeatureVersion, parseJavaVersion, requiredJvmFlags } from './java-runtime.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'java-runtime-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function fakeJava(output: string): void {
  writeFileSync(join(folder, 'java'), `#!/bin/sh\necho '${output}' >&2\n`)
  chmodSync(join(folder, 'java'), 0o755)
}

test('parseJavaVersion() finds the version in what a JDK prints', () => {
  expect(parseJavaVersion('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime')).toBe('17.0.15')
  expect(
    parseJavaVersion('The operation could not be completed. Unable to locate a Java Runtime.'),
  ).toBeUndefined()
})

for (const [version, feature] of [
  ['17.0.15', 17],
  ['25', 25],
  ['26-ea', 26],
  ['1.8.0_392', 8],
  ['21+35', 21],
] as const) {
  test(`javaFeatureVersion() of ${version} is ${feature}`, () => {
    expect(javaFeatureVersion(version)).toBe(feature)
  })
}

test('requiredJvmFlags() allows native access from the release on that warns of it', () => {
  expect(requiredJvmFlags(17)).not.toContain('--enable-native-access=ALL-UNNAMED')
  expect(requiredJvmFlags(23)).toEqual(requiredJvmFlags(17))
  expect(requiredJvmFlags(24)).toContain('--enable-native-access=ALL-UNNAMED')
  expect(requiredJvmFlags(24)).toContain('--sun-misc-unsafe-memory-access=allow')
})

test('findJava() takes the java of PATH', async () => {
  fakeJava('openjdk version "21.0.3" 2024-04-16')
  const java = await findJava({ PATH: folder })
  expect(java).toEqual({ path: join(folder, 'java'), version: '21.0.3', featureVersion: 21 })
})

test('findJava() says what to install when there is no java', async () => {
  const found = findJava({ PATH: folder })
  await expect(found).rejects.toMatchObject({ code: 'JAVA_MISSING' })
  await expect(found).rejects.toThrow(/no java on PATH.*apt-get install openjdk-17-jdk-headless/)
})

test('findJava() says so when JAVA_HOME leads nowhere, and does not fall back on PATH', async () => {
  fakeJava('openjdk version "21.0.3"')
  await expect(findJava({ PATH: folder, JAVA_HOME: '/nowhere' })).rejects.toThrow(/JAVA_HOME is \/nowhere/)
})

test('findJava() refuses a java that is too old, and names its version', async () => {
  fakeJava('openjdk version "11.0.2" 2019-01-15')
  const found = findJava({ PATH: folder })
  await expect(found).rejects.toMatchObject({ code: 'JAVA_TOO_OLD', context: { version: '11.0.2' } })
  await expect(found).rejects.toThrow(/is version 11\.0\.2, and Aeron needs 17 or newer/)
})

test('findJava() takes a stub without a version for no java', async () => {
  fakeJava('Unable to locate a Java Runtime.')
  await expect(findJava({ PATH: folder })).rejects.toMatchObject({ code: 'JAVA_MISSING' })
})
