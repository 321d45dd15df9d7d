import { measureSteadyState } from '@x/steady-state'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../test/allocation/program.ts', import.meta.url))
const MESSAGES = 10_000_000
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
    const { bytes, deoptimised } = await measureSteadyState(PROGRAM, [name, String(MESSAGES)])
    expect(bytes[name]).toBeGreaterThan(least)
    expect(bytes[name]).toBeLessThan(most)
    expect(deoptimised).toEqual([])
  },
  240_000,
)
