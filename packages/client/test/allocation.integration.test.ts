import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('support/allocation/measure.ts', import.meta.url))
/** Messages of each path; `HOT_PATH_MESSAGES` sets more, for a figure with more digits. */
const MESSAGES = Number(process.env['HOT_PATH_MESSAGES'] ?? 400_000)
/** The smallest thing on the heap, a number that is no small integer, takes 16 bytes (12 with compressed pointers). */
const LESS_THAN_ANY_OBJECT = 6

// A process of its own: nothing else may allocate, and a young generation of 64 MiB keeps all that was allocated until it is counted.
test('an offer, a claim and a poll allocate nothing, in any of their forms', async () => {
  const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64']
  const loader = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  const args = [...flags, ...loader, PROGRAM, String(MESSAGES)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const allocated = JSON.parse(stdout) as Record<string, number>
  expect(Object.keys(allocated)).toHaveLength(12)
  const allocating = Object.entries(allocated).filter(([, perMessage]) => perMessage > LESS_THAN_ANY_OBJECT)
  expect(allocating).toEqual([])
})
