import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readdirSync } from 'node:fs'
import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, RecordingSignal, segmentFileBasePosition } from '@x/archive'
import { Aeron, ChannelUri } from '@x/client'
import { codeOf, messageOf, readMessages, recordingOf, recordMessages } from './archive-test-kit.ts'

const TERM_LENGTH = 64 * 1024
const SEGMENT_LENGTH = 128 * 1024
const CHANNEL = `aeron:ipc?term-length=${TERM_LENGTH}`
const STREAM_ID = 1201
const UNKNOWN = 1_000_000n

let driver: ArchivingMediaDriverProcess
let aeron: Aeron
let archive: AeronArchive

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({
    name: 'archive-storage-test',
    properties: { 'aeron.archive.segment.file.length': String(SEGMENT_LENGTH) },
  })
})

afterAll(async () => {
  await driver.close()
})

beforeEach(async () => {
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
})

afterEach(() => {
  archive.close()
  aeron.close()
})

function filesOf(recordingId: bigint): number {
  return readdirSync(driver.archiveDirectory).filter((name) => name.startsWith(`${recordingId}-`)).length
}

test('segments are detached, attached again, detached and deleted, and purged', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 600, 1000)
  expect(filesOf(recordingId)).toBeGreaterThan(4)
  const all = filesOf(recordingId)
  const cut = segmentFileBasePosition(0, 3 * SEGMENT_LENGTH - 32, TERM_LENGTH, SEGMENT_LENGTH)
  expect(cut).toBe(2 * SEGMENT_LENGTH)
  expect(await codeOf(archive.detachSegments(UNKNOWN, cut))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.detachSegments(recordingId, cut + 32))).toBe('GENERIC')
  expect(await codeOf(archive.detachSegments(recordingId, 0))).toBe('GENERIC')
  expect(await codeOf(archive.detachSegments(recordingId, 100 * SEGMENT_LENGTH))).toBe('GENERIC')
  await archive.detachSegments(recordingId, cut)
  expect(await archive.getStartPosition(recordingId)).toBe(cut)
  expect(filesOf(recordingId)).toBe(all)
  expect(await archive.attachSegments(recordingId)).toBe(2n)
  expect(await archive.getStartPosition(recordingId)).toBe(0)
  expect(await codeOf(archive.attachSegments(UNKNOWN))).toBe('UNKNOWN_RECORDING')

  await archive.detachSegments(recordingId, cut)
  const deleting = archive.deleteDetachedSegments(recordingId)
  const { correlationId } = deleting
  expect(await deleting).toBe(2n)
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId })
  expect(filesOf(recordingId)).toBe(all - 2)
  expect(await codeOf(archive.deleteDetachedSegments(UNKNOWN))).toBe('UNKNOWN_RECORDING')

  const purging = archive.purgeSegments(recordingId, 3 * SEGMENT_LENGTH)
  expect(await purging).toBe(1n)
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId: purging.correlationId })
  expect(filesOf(recordingId)).toBe(all - 3)
  expect(await codeOf(archive.purgeSegments(UNKNOWN, cut))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.startReplay(recordingId, CHANNEL, STREAM_ID, { position: 0 }))).toBe(
    'INVALID_POSITION',
  )
})

test('segments move to a recording that goes on where theirs ends, and to no other', async () => {
  const first = await recordMessages(archive, CHANNEL, STREAM_ID, 300, 1000)
  const boundary = segmentFileBasePosition(0, first.stopPosition, TERM_LENGTH, SEGMENT_LENGTH)
  // The first recording ends where a file does; the second one is the same stream from there on.
  expect(await archive.truncateRecording(first.recordingId, boundary)).toBeGreaterThanOrEqual(1n)
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, recordingId: first.recordingId })
  const descriptor = await archive.listRecording(first.recordingId)
  const channel = ChannelUri.parse(CHANNEL)
    .put('init-term-id', String(descriptor?.initialTermId))
    .put('term-id', String((descriptor?.initialTermId ?? 0) + boundary / TERM_LENGTH))
    .put('term-offset', '0')
    .toString()
  const second = await recordMessages(archive, channel, STREAM_ID, 10, 1000)
  expect(second.startPosition).toBe(boundary)
  const other = await recordMessages(archive, 'aeron:ipc?term-length=128k', STREAM_ID, 10, 1000)

  expect(await codeOf(archive.migrateSegments(UNKNOWN, second.recordingId))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.migrateSegments(other.recordingId, second.recordingId))).toBe('GENERIC')
  const moved = await archive.migrateSegments(first.recordingId, second.recordingId)
  expect(Number(moved)).toBe(boundary / SEGMENT_LENGTH)
  expect(await archive.getStartPosition(second.recordingId)).toBe(0)
  const replayed = await archive.replay(second.recordingId, CHANNEL, 2201)
  const messages = await readMessages(replayed, 100)
  expect(messages[99]).toEqual(messageOf(99, 1000))
  replayed.close()
})

test('a recording is truncated at a message, and refused where there is none', async () => {
  const { recordingId, positions, stopPosition } = await recordMessages(
    archive,
    CHANNEL,
    STREAM_ID,
    300,
    1000,
  )
  const [first = 0] = positions
  expect(await codeOf(archive.truncateRecording(UNKNOWN, 0))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.truncateRecording(recordingId, stopPosition + 32))).toBe('INVALID_POSITION')
  expect(await codeOf(archive.truncateRecording(recordingId, first + 1))).toBe('INVALID_POSITION')
  const middle = positions[149] ?? 0
  await archive.truncateRecording(recordingId, middle)
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, recordingId })
  expect(await archive.getStopPosition(recordingId)).toBe(middle)
  await archive.truncateRecording(recordingId, 0)
  expect(await archive.getStopPosition(recordingId)).toBe(0)
  expect(await codeOf(archive.startReplay(recordingId, CHANNEL, STREAM_ID, { length: -2 }))).toMatch(
    /EMPTY_RECORDING|INVALID_POSITION/,
  )
})

test('a purge removes the files of a recording, but not of one that is active or replayed', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const active = await recordingOf(archive, publication)
  expect(await codeOf(archive.purgeRecording(active.recordingId))).toBe('ACTIVE_RECORDING')
  expect(await codeOf(archive.extendRecording(active.recordingId, CHANNEL, STREAM_ID))).toBe(
    'ACTIVE_RECORDING',
  )
  publication.close()
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 300, 1000)
  const files = filesOf(recordingId)
  const replay = await archive.openReplay(recordingId, CHANNEL, 2202)
  expect(await codeOf(archive.purgeRecording(recordingId))).toBe('ACTIVE_RECORDING')
  await archive.stopReplay(replay.replaySessionId)
  replay.subscription.close()
  const deadline = Date.now() + 30_000
  let purged: bigint | undefined
  while (purged === undefined && Date.now() < deadline) {
    purged = await archive.purgeRecording(recordingId).catch(() => undefined)
  }
  expect(purged).toBe(BigInt(files))
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, recordingId })
  expect(filesOf(recordingId)).toBe(0)
  expect(await archive.listRecording(recordingId)).toBeUndefined()
})

test('the channel of a recording is changed, and found by it', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
  await archive.updateChannel(recordingId, 'aeron:udp?endpoint=localhost:1|alias=renamed')
  const listings = Array.from({ length: 5 }, () => archive.listRecordings(0n, 100))
  const updates = Array.from({ length: 5 }, () =>
    archive.updateChannel(recordingId, 'aeron:udp?endpoint=localhost:1|alias=renamed'),
  )
  await Promise.all([...listings, ...updates])
  const descriptor = await archive.listRecording(recordingId)
  expect(descriptor?.originalChannel).toBe('aeron:udp?endpoint=localhost:1|alias=renamed')
  const found = await archive.listRecordingsForUri(0n, 10, 'alias=renamed', STREAM_ID)
  expect(found.map((each) => each.recordingId)).toEqual([recordingId])
  expect(await codeOf(archive.updateChannel(UNKNOWN, 'aeron:ipc'))).toBe('UNKNOWN_RECORDING')
})

test('all recordings are iterated over, page by page', async () => {
  for (let index = 0; index < 3; index++) await recordMessages(archive, CHANNEL, 1202, 1, 100)
  const all: bigint[] = []
  for await (const { recordingId } of archive.recordings()) all.push(recordingId)
  const listed = await archive.listRecordings(0n, 1000)
  expect(all).toEqual(listed.map((each) => each.recordingId))
  const some: bigint[] = []
  const filter = { channelFragment: 'aeron:ipc', streamId: 1202, fromRecordingId: all.at(-2) ?? 0n }
  for await (const { recordingId } of archive.recordings(filter)) some.push(recordingId)
  expect(some).toEqual(all.slice(-2))
  await expect(archive.recordings({ streamId: 1 }).next()).rejects.toThrow(TypeError)
})
