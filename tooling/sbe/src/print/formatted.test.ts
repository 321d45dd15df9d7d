import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { generate } from '../generate.ts'
import type { PrintOptions } from './print-ir.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const OXFMT = join(ROOT, 'node_modules/.bin/oxfmt')
const CODECS = join(ROOT, 'packages/codecs')

const folder = mkdtempSync(join(tmpdir(), 'sbe-ts-format-'))
const code = join(folder, 'code')
afterAll(() => rmSync(folder, { recursive: true }))

const SCHEMAS = [
  'schema/archive.xml',
  'schema/cluster.xml',
  'schema/cluster-mark.xml',
  'test/all-types/schema.xml',
]
const OPTIONS: Readonly<Record<string, PrintOptions>> = {
  plain: {},
  full: { objects: true, precedenceChecks: true },
  unchecked: { boundsChecks: false },
}

test('generated code is as the formatter would have it', () => {
  const { ignorePatterns: _, ...style } = JSON.parse(
    readFileSync(join(ROOT, '.oxfmtrc.json'), 'utf8'),
  ) as Record<string, unknown>
  const config = join(folder, '.oxfmtrc.json')
  writeFileSync(config, JSON.stringify(style))
  for (const schema of SCHEMAS) {
    const text = readFileSync(join(CODECS, schema), 'utf8')
    for (const [name, options] of Object.entries(OPTIONS)) {
      const out = join(code, `${name}-${schema.replaceAll(/[^a-z]/g, '-')}`)
      mkdirSync(out, { recursive: true })
      for (const file of generate(text, schema, options)) writeFileSync(join(out, file.name), file.text)
    }
  }
  // Fails, and lists them, where files are not formatted.
  const check = (): string =>
    execFileSync(OXFMT, ['-c', config, '--check', '.'], { cwd: code, encoding: 'utf8' })
  expect(check).not.toThrow()
}, 30_000)
