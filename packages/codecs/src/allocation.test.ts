import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../test/allocation/program.ts', import.meta.url))
const FLAGS = [
  '--expose-gc',
  '--min-semi-space-size=256',
  '--max-semi-space-size=256',
  '--import',
  'tsx',
  '--conditions=@x/source',
]

test(
  'header, number fields, groups, text written, data copied and dispatch take no heap, message for message',
  { timeout: 60_000 },
  () => {
    const output = execFileSync(process.execPath, [...FLAGS, PROGRAM], { cwd: PACKAGE, encoding: 'utf8' })
    const bytes = JSON.parse(output) as Readonly<Record<string, number>>
    // A message that made the smallest of objects would take 12 bytes or more; what is left is the measurement itself.
    for (const name of ['encode', 'decode', 'dispatch', 'encodeGroup', 'decodeGroup']) {
      expect(bytes[name], name).toBeGreaterThanOrEqual(0)
      expect(bytes[name], name).toBeLessThan(1)
    }
    expect(bytes['witness']).toBeGreaterThan(12)
  },
)
