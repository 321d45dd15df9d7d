import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, RecordingSignal, REPLAY_ALL_AND_STOP } from '@x/archive'
import { Aeron, ChannelUri } from '@x/client'
import {
  awaitEnd,
  awaitRecorded,
  codeOf,
  messageOf,
  recordingOf,
  recordMessages,
  send,
  until,
} from './archive-test-kit.ts'

const TERM_LENGTH = 64 * 1024
const SEGMENT_LENGTH = 128 * 1024
const CHANNEL = `aeron:ipc?term-length=${TERM_LENGTH}`
const STREAM_ID = 1251
const REPLAY_STREAM_ID = 2251

let driver: ArchivingMediaDriverProcess
let aeron: Aeron
let archive: AeronArchive

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({
    name: 'archive-edges-test',
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

/** A channel on which a stream begins at a position of a recording. */
async function channelAt(recordingId: bigint, position: number, channel = CHANNEL): Promise<ChannelUri> {
  const initialTermId = (await archive.listRecording(recordingId))?.initialTermId ?? 0
  return ChannelUri.parse(channel)
    .put('init-term-id', String(initialTermId))
    .put('term-id', String((initialTermId + Math.floor(position / TERM_LENGTH)) | 0))
    .put('term-offset', String(position % TERM_LENGTH))
}

async function replayed(recordingId: bigint, params: object = {}): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = []
  for await (const { data } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID, params)) {
    messages.push(data)
  }
  return messages
}

function messagesFrom(first: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => messageOf(first + index, 1000))
}

test('a recording with autoStop ends its subscription with the first stream, another one waits for the next', async () => {
  const subscriptions = async (streamId: number): Promise<number> => {
    const found = await archive.listRecordingSubscriptions(0, 10, 'aeron:ipc', streamId)
    return found.length
  }
  const recordOne = async (streamId: number): Promise<void> => {
    const publication = await aeron.addExclusivePublication(CHANNEL, streamId)
    const { counterId, recordingId } = await recordingOf(archive, publication)
    publication.close()
    await awaitEnd(archive, counterId, recordingId)
  }
  await archive.startRecording(CHANNEL, STREAM_ID, { autoStop: true })
  await archive.startRecording(CHANNEL, STREAM_ID + 1)
  await recordOne(STREAM_ID)
  await recordOne(STREAM_ID + 1)
  const deadline = Date.now() + 30_000
  while ((await subscriptions(STREAM_ID)) > 0 && Date.now() < deadline);
  expect(await subscriptions(STREAM_ID)).toBe(0)
  expect(await subscriptions(STREAM_ID + 1)).toBe(1)
  await recordOne(STREAM_ID + 1)
  const found = await archive.listRecordingsForUri(0n, 10, 'aeron:ipc', STREAM_ID + 1)
  expect(found).toHaveLength(2)
  await archive.stopRecording(CHANNEL, STREAM_ID + 1)
})

test('a replay follows an active recording, and ends when that does', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  let sent = 0
  const publish = async (count: number): Promise<void> => {
    for (let end = sent + count; sent < end; sent++) await send(publication, messageOf(sent, 1000))
    await awaitRecorded(aeron, counterId, publication.position)
  }
  await publish(10)
  let index = 0
  for await (const { data } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)) {
    expect(data).toEqual(messageOf(index++, 1000))
    if (index === sent && sent < 300) await publish(10)
    else if (index === 300) publication.close()
  }
  expect(index).toBe(300)
})

test('a recording in which nothing is has no replay, one that fills up while it is replayed has', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  const stopping = { length: REPLAY_ALL_AND_STOP }
  expect(await codeOf(archive.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID, stopping))).toBe(
    'EMPTY_RECORDING',
  )
  const messages = archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)
  const first = messages.next()
  await send(publication, messageOf(0, 1000))
  expect((await first).value?.data).toEqual(messageOf(0, 1000))
  await messages.return()
  publication.close()
  await awaitEnd(archive, counterId, recordingId)

  const empty = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const recording = await recordingOf(archive, empty)
  empty.close()
  await awaitEnd(archive, recording.counterId, recording.recordingId)
  const { recordingId: emptyId } = recording
  expect(await codeOf(archive.startReplay(emptyId, CHANNEL, REPLAY_STREAM_ID, stopping))).toBe(
    'EMPTY_RECORDING',
  )
  expect(await replayed(emptyId)).toEqual([])
})

test('a recording is extended from where it was truncated', async () => {
  const { recordingId, positions } = await recordMessages(archive, CHANNEL, STREAM_ID, 300, 1000)
  const middle = positions[149] ?? 0
  const truncating = archive.truncateRecording(recordingId, middle)
  await truncating
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId: truncating.correlationId })
  const channel = await channelAt(recordingId, middle)
  const publication = await aeron.addExclusivePublication(channel.toString(), STREAM_ID)
  const session = channel.put('session-id', String(publication.sessionId)).toString()
  await archive.extendRecording(recordingId, session, STREAM_ID)
  const { counterId } = await recordingOf(archive, publication)
  expect(await codeOf(archive.extendRecording(recordingId, session, STREAM_ID))).toBe('ACTIVE_RECORDING')
  for (let index = 150; index < 400; index++) await send(publication, messageOf(index, 1000))
  await awaitRecorded(aeron, counterId, publication.position)
  publication.close()
  await awaitEnd(archive, counterId, recordingId)
  expect(await replayed(recordingId)).toEqual(messagesFrom(0, 400))
})

test('a recording that is replayed is not truncated', async () => {
  const { recordingId, positions, stopPosition } = await recordMessages(
    archive,
    CHANNEL,
    STREAM_ID,
    300,
    1000,
  )
  const replay = await archive.openReplay(recordingId, CHANNEL, REPLAY_STREAM_ID)
  expect(await codeOf(archive.truncateRecording(recordingId, positions[149] ?? 0))).toBe('ACTIVE_RECORDING')
  expect(await archive.getStopPosition(recordingId)).toBe(stopPosition)
  await archive.stopReplay(replay.replaySessionId)
  replay.subscription.close()
})

test('segments do not move between recordings that do not fit', async () => {
  const source = await recordMessages(archive, CHANNEL, STREAM_ID, 400, 1000)
  const boundary = 2 * SEGMENT_LENGTH
  await archive.truncateRecording(source.recordingId, boundary)
  await archive.awaitSignal({ signal: RecordingSignal.DELETE, recordingId: source.recordingId })
  const migrated = async (target: bigint): Promise<string> =>
    codeOf(archive.migrateSegments(source.recordingId, target))
  const at = async (position: number, channel: string, streamId: number): Promise<bigint> => {
    const uri = await channelAt(source.recordingId, position, channel)
    return (await recordMessages(archive, uri.toString(), streamId, 1, 1000)).recordingId
  }
  expect(await migrated(await at(boundary, CHANNEL, STREAM_ID + 1))).toBe('GENERIC')
  expect(await migrated(await at(boundary, `${CHANNEL}|mtu=2048`, STREAM_ID))).toBe('GENERIC')
  expect(await migrated(await at(boundary + TERM_LENGTH, CHANNEL, STREAM_ID))).toBe('GENERIC')
  const other = await recordMessages(
    archive,
    `${CHANNEL}|init-term-id=1|term-id=3|term-offset=0`,
    STREAM_ID,
    1,
    1000,
  )
  expect(await migrated(other.recordingId)).toBe('GENERIC')
  const active = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const { recordingId } = await recordingOf(archive, active)
  expect(await codeOf(archive.migrateSegments(recordingId, source.recordingId))).toBe('GENERIC')
  active.close()
  expect(await migrated(await at(boundary, CHANNEL, STREAM_ID))).toBe('no error')
})

test('what several publishers send on one recorded publication is replayed in the order in which it was seen', async () => {
  const publication = await archive.addRecordedPublication(CHANNEL, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  using others = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using second = await others.addPublication(CHANNEL, STREAM_ID)
  using subscription = await aeron.addSubscription(CHANNEL, STREAM_ID)
  await until('the image', () => (subscription.isConnected ? true : undefined))
  expect(second.sessionId).toBe(publication.sessionId)
  const seen: Uint8Array[] = []
  for (let index = 0; index < 500; index++) {
    const publisher = index % 3 === 0 ? second : publication
    // Each fits a frame, so that none is in parts.
    await send(publisher, messageOf(index, 1 + ((index * 37) % 1000)))
    subscription.poll(
      (buffer, offset, length) => seen.push(Buffer.from(buffer.bytes.subarray(offset, offset + length))),
      10,
    )
  }
  await awaitRecorded(aeron, counterId, publication.position)
  await until('the rest', () => {
    subscription.poll(
      (buffer, offset, length) => seen.push(Buffer.from(buffer.bytes.subarray(offset, offset + length))),
      10,
    )
    return seen.length === 500 ? true : undefined
  })
  expect(await replayed(recordingId, { length: publication.position })).toEqual(seen)
  publication.close()
})
