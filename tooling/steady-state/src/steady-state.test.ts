import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { measureSteadyState } from './steady-state.ts'

const PROGRAM = fileURLToPath(new URL('../test/program.ts', import.meta.url))

test('objects and deoptimisations are seen, each in the case that makes them', async () => {
  const { bytes, deoptimised } = await measureSteadyState(PROGRAM)
  expect(bytes['make']).toBeGreaterThan(12)
  expect(bytes['count']).toBeLessThan(1)
  expect(deoptimised).not.toEqual([])
  for (const line of deoptimised) expect(line).toMatch(/^surprise: .*add/)
}, 60_000)
