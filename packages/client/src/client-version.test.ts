import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { clientVersion } from './client-version.ts'

test('gives the version of the manifest of this package', () => {
  expect(clientVersion()).toBe(manifest.version)
})

test('does not take the version of an application that it was bundled into', () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-version-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{"name":"shop","version":"7.1.0"}')
    expect(clientVersion(pathToFileURL(join(folder, 'dist', 'main.js')).href)).toBe('unknown')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
