import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../test/allocation/program.ts', import.meta.url))
const FLAGS = [
  '--expose-gc',
  '--min-semi-space-size=256',
  '--max-semi-space-size=256',
  '--trace-deopt',
  '--import',
  'tsx',
  '--conditions=@x/source',
]
const MESSAGES = 2_000_000
/** Compiled code, feedback and the measurement itself; the smallest object has 16 bytes. */
const NOISE = 0.15

test('a session message of the log takes no heap, and nothing is deoptimised in the steady state', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, PROGRAM, String(MESSAGES)], {
    cwd: PACKAGE,
    maxBuffer: 64 * 1024 * 1024,
  })
  const lines = stdout.split('\n')
  const bytes = JSON.parse(lines.findLast((line) => line.startsWith('{')) ?? '{}') as Record<string, number>
  expect(bytes['log adapter']).toBeGreaterThan(-NOISE)
  expect(bytes['log adapter']).toBeLessThan(NOISE)

  const begin = lines.indexOf('steady: log adapter')
  const steady = lines.slice(begin + 1, lines.indexOf('end', begin))
  expect(begin).toBeGreaterThan(-1)
  // A loop that moves on to better code is not a step back.
  const deoptimised = steady.filter((line) => line.includes('bailout') && !line.includes('OSR'))
  expect(deoptimised).toEqual([])
}, 240_000)
