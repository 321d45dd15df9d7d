import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodersOf, runCase } from '../test/fuzz/decoder-case.ts'
import { runDispatchCase } from '../test/fuzz/dispatch-case.ts'
import { DECODERS, PROTOCOLS } from '../test/fuzz/protocols.ts'
import * as cluster from './cluster.ts'
import { checkGroup } from './runtime/index.ts'

/** Cases of this file together; `pnpm test:slow` runs millions. */
const CASES = 100_000
const DISPATCH_CASES = 2_000

// A stack trace for each of the errors that are expected would take most of the time.
Error.stackTraceLimit = 0

const seeds = fc.integer({ min: 0, max: 0x7fffffff })
const runs = Math.ceil((CASES - PROTOCOLS.length * DISPATCH_CASES) / DECODERS.length)

test('every decoder is found', () => {
  expect(DECODERS.length).toBeGreaterThan(105)
})

test.each(DECODERS)('$name: any bytes decode or give a documented error', (decoderClass) => {
  const decoder = new decoderClass()
  let accepted = 0
  fc.assert(
    fc.property(seeds, (seed) => {
      if (runCase(decoderClass, decoder, seed)) accepted++
    }),
    { numRuns: runs, seed: 1 },
  )
  expect(accepted).toBeGreaterThan(0)
})

test.each(PROTOCOLS)('$name: any bytes are dispatched or give a documented error', ({ door, Dispatcher }) => {
  const dispatcher = new Dispatcher()
  const templates = decodersOf(door)
  const ids = [...templates.map(({ TEMPLATE_ID }) => TEMPLATE_ID), 60_000]
  let known = 0
  fc.assert(
    fc.property(seeds, (seed) => {
      if (runDispatchCase(dispatcher, templates[0]?.SCHEMA_ID ?? 0, ids, seed)) known++
    }),
    { numRuns: DISPATCH_CASES, seed: 1 },
  )
  expect(known).toBeGreaterThan(0)
})

test('a group of entries of no bytes is bounded, whatever its count', () => {
  expect(() => checkGroup(10, 0, 0xffff, 10, 'Group')).not.toThrow()
  expect(() => checkGroup(10, 0, 0x1_0000, 10, 'Group')).toThrow('65536 entries have a block of no bytes')
})

test('a message that is cut short anywhere gives a RangeError or less, and never a byte from behind its end', () => {
  const buffer = new Uint8Array(256)
  const encoder = new cluster.StandbySnapshotEncoder().wrap(buffer, 0).correlationId(1n)
  const group = encoder.snapshotsCount(2)
  group.next().archiveEndpoint('first').next().archiveEndpoint('second')
  encoder.responseChannel('aeron:ipc').encodedCredentials(Uint8Array.of(1, 2, 3))
  const full = encoder.encodedLength
  const decoder = new cluster.StandbySnapshotDecoder()
  for (let length = 16; length < full; length++) {
    decoder.wrap(buffer, 0, 16, 17, length)
    expect(() => decoder.encodedCredentials).toThrow(RangeError)
  }
  expect(() => decoder.wrap(buffer, 0, 16, 17, 15)).toThrow(RangeError)
  expect(decoder.wrap(buffer, 0, 16, 17, full).encodedCredentials).toHaveLength(3)
})

test('a wrap that fails leaves the decoder on the message that it had', () => {
  const buffer = new Uint8Array(64)
  new cluster.SessionKeepAliveEncoder().wrap(buffer, 0).leadershipTermId(5n).clusterSessionId(6n)
  const decoder = new cluster.SessionKeepAliveDecoder().wrap(buffer, 0, 16, 17, 16)
  expect(() => decoder.wrap(new Uint8Array(200), 190, 16, 17)).toThrow(RangeError)
  expect(decoder.leadershipTermId).toBe(5n)
})
