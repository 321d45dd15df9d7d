import { measureSteadyState, type SteadyState } from '@x/steady-state'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../test/allocation/program.ts', import.meta.url))
const TIMEOUT_MS = 240_000

const WAYS = [
  'exclusive offer of bytes',
  'exclusive offer of a buffer',
  'exclusive claim',
  'exclusive offer of parts',
  'concurrent offer of bytes',
  'concurrent offer of a buffer',
  'concurrent claim',
  'concurrent offer of parts',
]
const LONG_WAYS = [
  'exclusive offer of 1,344 bytes',
  'exclusive offer in fragments',
  'concurrent offer in fragments',
]

/**
 * Bytes for a message that are not its own: compiled code, feedback, and the measurement, a hundred kilobytes or two for all
 * messages. The smallest object has 16 bytes: one in a hundred messages would be seen.
 */
const NOISE = 0.15
/** Of messages that fill a term of 1 MiB with 700: to change to the next takes some 250 bytes. */
const NOISE_OF_LONG = 0.6
/** A number beyond 2^31 is an object to the engine when a call that is not inlined gives it back: a position, of an offer or a claim. */
const BOX = 16
/** An array on a fragment in its term, to copy it out of: 96 bytes. Of the two fragments of a message the second is short enough to be copied without. */
const WINDOW = 112
/** A poll gives its new position to the counter, for 64 messages or more: an object for each where that is not inlined. */
const BOX_OF_POLL = BOX / 64

describe.each([
  { where: 'below 2^31', messages: 10_000_000, termCount: 0, allowed: 0 },
  { where: 'beyond 2^32', messages: 2_000_000, termCount: 6_000, allowed: BOX },
])('at positions $where', ({ messages, termCount, allowed }) => {
  let outcome: SteadyState = { bytes: {}, deoptimised: [] }

  beforeAll(async () => {
    outcome = await measureSteadyState(PROGRAM, [String(messages), String(termCount)])
  }, TIMEOUT_MS)

  test.each(WAYS)('%s, and its poll, take no more heap than the position', (way) => {
    expect(outcome.bytes[way]).toBeGreaterThan(-NOISE)
    expect(outcome.bytes[way]).toBeLessThan(allowed + BOX_OF_POLL + NOISE)
  })

  test.each(LONG_WAYS)('%s, and its poll, take no more heap than the position', (way) => {
    expect(outcome.bytes[way]).toBeGreaterThan(-NOISE_OF_LONG)
    expect(outcome.bytes[way]).toBeLessThan(allowed + BOX_OF_POLL + NOISE_OF_LONG)
  })

  test('to put a message together takes a window on each long fragment', () => {
    expect(outcome.bytes['exclusive offer in fragments, reassembled']).toBeLessThan(
      allowed + BOX_OF_POLL + NOISE_OF_LONG + WINDOW,
    )
  })

  test('what is made is counted', () => {
    expect(outcome.bytes['witness']).toBeGreaterThan(allowed + BOX)
  })

  test('nothing is deoptimised in the steady state', () => {
    expect(outcome.deoptimised).toEqual([])
  })
})
