import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

test(
  'all generated codecs type-check under the strictest options, without the types of Node.js',
  { timeout: 60_000 },
  () => {
    const check = (): string =>
      execFileSync('node_modules/.bin/tsc', ['-p', 'test/strictest/tsconfig.json'], {
        cwd: PACKAGE,
        encoding: 'utf8',
      })
    expect(check).not.toThrow()
  },
)
