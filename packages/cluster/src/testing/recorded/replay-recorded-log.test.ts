import { rmSync, truncateSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeLedgerMessage, FLAG_TIMER, LedgerKind } from '../../../test/support/ledger/ledger-message.ts'
import { LedgerService } from '../../../test/support/ledger/ledger-service.ts'
import { RecordedMember, type WrittenRecording } from '../../../test/support/recorded-member.ts'
import { TestCluster, type TestSnapshot } from '../test-cluster.ts'
import { replayRecordedLog, type RecordedLogOptions } from './replay-recorded-log.ts'

const TERM_LENGTH = 65_536
const LOG_ID = 4n
const TERM = 0
const SNAPSHOT = 1
const INVALID = 1 << 31

let member: RecordedMember
let cluster: TestCluster<LedgerService>
let snapshot: TestSnapshot

function add(sequence: bigint): Uint8Array {
  const message = { kind: LedgerKind.ADD, sequence, flags: FLAG_TIMER, argument: 5n, fillerLength: 3_000 }
  return encodeLedgerMessage(message).bytes
}

/** A log of seven terms, with a snapshot behind the fourth. */
beforeEach(() => {
  member = new RecordedMember()
  cluster = new TestCluster({ createService: () => new LedgerService(), termLength: TERM_LENGTH })
  const session = cluster.openSession()
  for (let sequence = 1n; sequence <= 130n; sequence++) {
    session.send(add(sequence))
    cluster.advanceTime(1)
    if (sequence === 90n) snapshot = cluster.takeSnapshot()
  }
})

afterEach(() => {
  cluster.close()
  member[Symbol.dispose]()
})

function log(more: Partial<WrittenRecording> = {}): WrittenRecording {
  return {
    recordingId: LOG_ID,
    blocks: cluster.framedLog.flatMap(({ blocks }) => blocks),
    termLength: TERM_LENGTH,
    segmentFileLength: 2 * TERM_LENGTH,
    stopPosition: cluster.logPosition,
    ...more,
  }
}

function snapshotRecording(): WrittenRecording {
  const recording = cluster.archive.recordings.get(snapshot.recordingId)!
  return { ...recording, recordingId: 9n, segmentFileLength: recording.termLength }
}

/** Writes the folders of the member, with an invalid snapshot behind the valid one. */
function write(...recordings: readonly WrittenRecording[]): void {
  const at = { leadershipTermId: 0n, logPosition: snapshot.logPosition, timestamp: snapshot.timestamp }
  member.writeRecordings([...recordings, snapshotRecording()])
  member.writeRecordingLog([
    { recordingId: LOG_ID, leadershipTermId: 0n, logPosition: -1, type: TERM },
    { ...at, recordingId: 9n, serviceId: 0, type: SNAPSHOT },
    { ...at, recordingId: 8n, type: SNAPSHOT },
    { ...at, recordingId: 77n, serviceId: 0, type: SNAPSHOT | INVALID },
  ])
}

function replay(
  more: Partial<RecordedLogOptions<LedgerService>> = {},
): ReturnType<typeof replayRecordedLog<LedgerService>> {
  const { archiveDirectory, clusterDirectory } = member
  return replayRecordedLog({
    archiveDirectory,
    clusterDirectory,
    createService: () => new LedgerService(),
    ...more,
  })
}

test('a log in several files leads to the state of the service that wrote it', () => {
  write(log())
  const { service, entryCount, startPosition, logPosition } = replay()
  expect(service.state.hash).toBe(cluster.service.state.hash)
  expect(service.state.pendingTimers).toEqual(cluster.service.state.pendingTimers)
  expect([entryCount, startPosition, logPosition]).toEqual([cluster.log.length, 0, cluster.logPosition])
  expect(cluster.logPosition).toBeGreaterThan(6 * TERM_LENGTH)
})

test('entries are told after they were applied, as they were written, up to a position', () => {
  write(log())
  const told: unknown[] = []
  const end = cluster.log[50]!.position
  const { logPosition, service } = replay({
    untilPosition: end,
    onApplied: ({ position, description }, { cluster: { logPosition: at } }) =>
      told.push([position, description, at]),
  })
  expect(logPosition).toBe(end)
  expect(told).toEqual(
    cluster.log.slice(0, 51).map(({ position, description }) => [position, description, position]),
  )
  expect(service.appliedCount).toBeLessThan(51)
})

test('a replay from the latest valid snapshot applies what is behind it', () => {
  write(log())
  const { service, startPosition, entryCount } = replay({ from: 'latest-snapshot' })
  expect(service.state.hash).toBe(cluster.service.state.hash)
  expect([startPosition, entryCount]).toEqual([
    snapshot.logPosition,
    cluster.log.length - snapshot.entryCount,
  ])
  expect(service.startedWith).toBeGreaterThan(90)
})

test('a recording that is active ends where its frames do, and one without end at its last file', () => {
  write(log({ stopPosition: -1 }))
  expect(replay().service.state.hash).toBe(cluster.service.state.hash)
  rmSync(member.segmentPath(LOG_ID, 6 * TERM_LENGTH))
  expect(replay().logPosition).toBeLessThanOrEqual(6 * TERM_LENGTH)
})

test('a log that was purged up to a segment is replayed from the snapshot only', () => {
  const startPosition = 2 * TERM_LENGTH
  write(log({ startPosition }))
  expect(replay({ from: 'latest-snapshot' }).service.state.hash).toBe(cluster.service.state.hash)
  expect(() => replay()).toThrow(`its recording begins at ${startPosition}, what was before was purged`)
})

test('what is missing is told: files, recordings, terms', () => {
  write(log())
  rmSync(member.segmentPath(LOG_ID, 2 * TERM_LENGTH))
  expect(() => replay()).toThrow('there must be a file')
  write()
  expect(() => replay()).toThrow(
    'Cannot read recording 4: the catalog of the archive must describe it, and has 9',
  )
  member.writeRecordingLog([])
  expect(() => replay()).toThrow('must name a term, and names none')
})

test('what the service throws is thrown, or handed over', () => {
  write(log())
  class Failing extends LedgerService {
    override onTimerEvent(): void {
      throw new Error('thrown by onTimerEvent')
    }
  }
  expect(() => replay({ createService: () => new Failing() })).toThrow('thrown by onTimerEvent')
  const errors: Error[] = []
  replay({ createService: () => new Failing(), onError: (error) => errors.push(error) })
  expect(errors.length).toBe(cluster.log.filter(({ kind }) => kind === 'timer').length)
})

test('the guard is on, and can be switched off', () => {
  write(log())
  class Clocked extends LedgerService {
    override onTimerEvent(...values: Parameters<LedgerService['onTimerEvent']>): void {
      super.onTimerEvent(...values)
      Date.now()
    }
  }
  expect(() => replay({ createService: () => new Clocked() })).toThrow('used Date.now')
  expect(replay({ createService: () => new Clocked(), determinismGuard: false }).service.state.hash).toBe(
    cluster.service.state.hash,
  )
})

test('a truncated file of a stopped recording is told', () => {
  write(log())
  truncateSync(member.segmentPath(LOG_ID, 6 * TERM_LENGTH), 64)
  expect(() => replay()).toThrow(`its frames must go on to position ${cluster.logPosition}, and end at`)
})
