import { measureSteadyState } from '@x/steady-state'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../test/allocation/program.ts', import.meta.url))

test(
  'header, number fields, groups, text written, data copied and dispatch take no heap, message for message, and nothing is deoptimised',
  { timeout: 60_000 },
  async () => {
    const { bytes, deoptimised } = await measureSteadyState(PROGRAM)
    // A message that made the smallest of objects would take 12 bytes or more; what is left is the measurement itself.
    for (const name of ['encode', 'decode', 'dispatch', 'encodeGroup', 'decodeGroup']) {
      expect(bytes[name], name).toBeGreaterThanOrEqual(0)
      expect(bytes[name], name).toBeLessThan(1)
    }
    expect(bytes['witness']).toBeGreaterThan(12)
    expect(deoptimised).toEqual([])
  },
)
