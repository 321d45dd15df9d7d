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
const NOTHING = { least: -0.15, most: 0.15 }

// By the name that the program knows it by; the bytes of a message.
test.each([
  ['one session', NOTHING],
  ['many sessions', NOTHING],
  ['messages of services', NOTHING],
  // The service is given a timestamp as a bigint: one, of 24 to 36 bytes, for the hundred messages that have it.
  ['many sessions, new timestamps', { least: 0.2, most: 0.5 }],
])(
  'a message of the log takes no heap of its own to the service and back, and nothing is deoptimised: %s',
  async (name, { least, most }) => {
    const args = [...FLAGS, PROGRAM, name, String(MESSAGES)]
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: PACKAGE,
      maxBuffer: 64 * 1024 * 1024,
    })
    const lines = stdout.split('\n')
    const { perMessage } = JSON.parse(lines.findLast((line) => line.startsWith('{')) ?? '{}') as {
      perMessage: number
    }
    expect(perMessage).toBeGreaterThan(least)
    expect(perMessage).toBeLessThan(most)

    const begin = lines.indexOf('steady')
    const steady = lines.slice(begin + 1, lines.indexOf('end', begin))
    expect(begin).toBeGreaterThan(-1)
    // A loop that moves on to better code is not a step back.
    const deoptimised = steady.filter((line) => line.includes('bailout') && !line.includes('OSR'))
    expect(deoptimised).toEqual([])
  },
  240_000,
)
