import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { buildGoPrograms } from './go-programs.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'go-programs-'))
  mkdirSync(join(folder, 'source'))
  writeFileSync(join(folder, 'source', 'go.mod'), 'module bench\n')
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function build(): string | undefined {
  return buildGoPrograms(join(folder, 'source'), join(folder, 'work'), join(folder, 'output'))
}

test('a checkout that is none is the reason why there are no Go programs', () => {
  vi.stubEnv('AERON_GO_DIR', folder)
  expect(build()).toBe(`AERON_GO_DIR is ${folder}, where there is no go.mod`)
})

test('a missing Go is the reason, and not an error', () => {
  vi.stubEnv('AERON_GO_DIR', '')
  vi.stubEnv('PATH', folder)
  expect(build()).toBe('cannot build the Go programs: there is no go on PATH')
})

test('a module proxy that does not have aeron-go is the reason, with what to do', () => {
  vi.stubEnv('AERON_GO_DIR', '')
  vi.stubEnv('GOPROXY', 'off')
  vi.stubEnv('GOMODCACHE', join(folder, 'modules'))
  writeFileSync(
    join(folder, 'source', 'main.go'),
    'package main\n\nimport _ "github.com/lirm/aeron-go/aeron"\n\nfunc main() {}\n',
  )
  expect(build()).toMatch(
    /^cannot build the Go programs: .*; if that is github.com\/lirm\/aeron-go, name a checkout of it in AERON_GO_DIR$/,
  )
})
