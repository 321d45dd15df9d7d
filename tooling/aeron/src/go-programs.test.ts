import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildGoPrograms } from './go-programs.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'go-programs-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function fakeGo(script: string): void {
  writeFileSync(join(folder, 'go'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'go'), 0o755)
}

test('buildGoPrograms() says what to install when there is no go', async () => {
  const built = buildGoPrograms({ folder, environment: { PATH: folder } })
  await expect(built).rejects.toMatchObject({ code: 'GO_MISSING' })
  await expect(built).rejects.toThrow(/no go on PATH; install Go 1.20 or newer/)
})

test('buildGoPrograms() asks the module proxy when no checkout is named, and tells what Go says', async () => {
  fakeGo('echo "$@"; echo "403 Forbidden" >&2; exit 1')
  const built = buildGoPrograms({ folder, examples: ['ping'], environment: { PATH: folder } })
  await expect(built).rejects.toMatchObject({ code: 'GO_BUILD_FAILED', context: { checkout: undefined } })
  await expect(built).rejects.toThrow(/from the Go module proxy.*AERON_GO_DIR.*403 Forbidden/s)
  expect(readFileSync(join(folder, 'go.mod'), 'utf8')).toContain(
    'require github.com/lirm/aeron-go v0.0.0-2024',
  )
  await expect(built).rejects.toThrow(/-mod=mod .*github.com\/lirm\/aeron-go\/examples\/ping/)
})

test('buildGoPrograms() takes the checkout that AERON_GO_DIR names, and copies our sources', async () => {
  fakeGo('exit 0')
  const source = join(folder, 'ours')
  const build = join(folder, 'build')
  mkdirSync(source)
  mkdirSync(build)
  writeFileSync(join(source, 'main.go'), 'package main')
  const environment = { PATH: folder, AERON_GO_DIR: '/checkout of it' }
  const path = await buildGoPrograms({ folder: build, sources: [source], environment })
  expect(path('ping')).toBe(join(build, 'bin', 'ping'))
  expect(existsSync(join(build, 'ours', 'main.go'))).toBe(true)
  expect(readFileSync(join(build, 'go.work'), 'utf8')).toContain('use "/checkout of it"')
  expect(readFileSync(join(build, 'go.mod'), 'utf8')).not.toContain('require')
})
