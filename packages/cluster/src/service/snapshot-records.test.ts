import { BACK_PRESSURED, CLOSED, type ExclusivePublication } from '@x/client'
import { expect, test } from 'vitest'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { ScriptedLog } from '../../test/support/scripted-log.ts'
import { isClusterError } from '../cluster-error.ts'
import { SnapshotReader } from './snapshot-reader.ts'
import { SnapshotRecords, type SessionRecord } from './snapshot-records.ts'
import type { Steps } from './steps.ts'

const PLACE = { logPosition: 5056, leadershipTermId: 0n, timeUnit: 0, appVersion: 1 } as const

function run(steps: Steps<void>): number {
  let turns = 0
  while (steps.next().done !== true) turns++
  return turns
}

function sessionOf(id: bigint, principalLength = 0): SessionRecord {
  return {
    id,
    responseStreamId: 102,
    responseChannel: `aeron:udp?endpoint=localhost:${10_000 + Number(id % 1000n)}`,
    encodedPrincipal: new Uint8Array(principalLength).fill(Number(id % 251n)),
  }
}

/** Messages of a whole snapshot with these sessions. */
function snapshotOf(sessions: readonly SessionRecord[]): readonly Uint8Array[] {
  const fake = new FakePublication()
  const records = new SnapshotRecords(fake as unknown as ExclusivePublication, PLACE)
  run(records.begin())
  for (const session of sessions) run(records.session(session))
  run(records.end())
  return fake.messages
}

function logOf(messages: readonly Uint8Array[], partLength = 1376): ScriptedLog {
  const log = new ScriptedLog()
  for (const message of messages) {
    if (message.length <= partLength) log.append(message)
    else log.appendInParts(message, partLength)
  }
  return log
}

function read(log: ScriptedLog): SnapshotReader {
  const reader = new SnapshotReader(log.image, 7n)
  while (!reader.poll());
  return reader
}

function refusalOf(log: ScriptedLog): { position: number; message: string } {
  log.isEndOfStream = true
  try {
    read(log)
  } catch (error) {
    if (!isClusterError(error, 'SNAPSHOT_INVALID')) throw error
    return { position: error.context.position, message: error.message }
  }
  throw new Error('expected a refusal')
}

test('the marks are those of the reference, byte for byte but for the schema version', () => {
  const [begin, end] = snapshotOf([]).map((bytes) => Buffer.from(bytes).toString('hex'))
  const rest = (mark: string): string =>
    `0200000000000000c013000000000000000000000000000000000000${mark}0000000001000000`
  expect(begin).toBe(`280064006f001100${rest('00000000')}`)
  expect(end).toBe(`280064006f001100${rest('02000000')}`)
})

test('sessions come back in their order, those with long principals from fragments', () => {
  const sessions = [sessionOf(1n), sessionOf(2n, 1_336), sessionOf(5n, 3_000), sessionOf(9n, 100_000)]
  const log = logOf(snapshotOf(sessions))
  const reader = read(log)
  expect([...reader.sessions]).toEqual(sessions)
  expect([reader.appVersion, reader.timeUnit]).toEqual([1, 0])
})

test('10,000 sessions come back', () => {
  const sessions = Array.from({ length: 10_000 }, (_, i) => sessionOf(BigInt(i + 1), i % 7))
  expect([...read(logOf(snapshotOf(sessions))).sessions]).toEqual(sessions)
})

test('what is behind the END mark is left to the service', () => {
  const log = logOf(snapshotOf([sessionOf(1n)]))
  const end = log.appendPosition
  log.append(new TextEncoder().encode('state'))
  read(log)
  expect(log.position).toBe(end)
})

test('writing goes on after back pressure, in place and in fragments, and fails where it cannot', () => {
  for (const session of [sessionOf(1n), sessionOf(2n, 5_000)]) {
    const fake = new FakePublication()
    const records = new SnapshotRecords(fake as unknown as ExclusivePublication, PLACE)
    fake.result = BACK_PRESSURED
    const steps = records.session(session)
    expect(steps.next().done).toBe(false)
    expect(steps.next().done).toBe(false)
    fake.result = 4096
    expect(steps.next().done).toBe(true)
    expect(fake.messages).toHaveLength(1)
    fake.result = CLOSED
    expect(() => run(records.session(session))).toThrow('current result is CLOSED')
  }
})

test('a snapshot that ends before its END mark is refused, with the place', () => {
  const messages = snapshotOf([sessionOf(1n), sessionOf(2n)])
  const log = logOf(messages.slice(0, -1))
  expect(refusalOf(log)).toEqual({
    position: log.appendPosition,
    message: expect.stringContaining('its END mark must come, and the recording ends before it'),
  })
  expect(refusalOf(new ScriptedLog()).position).toBe(0)
})

test('marks out of order, another type, a session twice, another schema: each is refused', () => {
  const [begin = new Uint8Array(), session = new Uint8Array(), end = new Uint8Array()] = snapshotOf([
    sessionOf(1n),
  ])
  const ofModule = begin.slice()
  ofModule[8] = 1
  const ofArchive = session.slice()
  ofArchive[4] = 101
  const messageOf = (...messages: Uint8Array[]): string => refusalOf(logOf(messages)).message
  expect(messageOf(end)).toContain('its END mark must come after a BEGIN mark')
  expect(messageOf(session, begin, end)).toContain('it must begin with the BEGIN mark')
  expect(messageOf(begin, begin, end)).toContain('second BEGIN mark')
  expect(messageOf(ofModule, end)).toContain('its type must be 2, current value is 1')
  expect(messageOf(begin, session, session, end)).toContain('session 1 must be there once')
  expect(messageOf(begin, ofArchive, end)).toContain('schema id must be 111')
  expect(messageOf(begin, session.subarray(0, 4), end)).toContain('a record must have a header')
  expect(messageOf(begin, session.subarray(0, 20), end)).toContain('could not be decoded')
})
