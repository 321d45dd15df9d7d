import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, reservePorts, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import {
  AeronArchive,
  isArchiveError,
  recordingEvents,
  RecordingSignal,
  REPLAY_ALL_AND_STOP,
  type AeronArchiveOptions,
  type RecordingEvent,
} from '@x/archive'
import { Aeron, ChannelUri } from '@x/client'
import {
  activeReplays,
  awaitEnd,
  awaitRecorded,
  codeOf,
  messageOf,
  readMessages,
  recordingOf,
  recordMessages,
  send,
  until,
} from './archive-test-kit.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'
const STREAM_ID = 1301
const REPLAY_STREAM_ID = 2301

let driver: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>
let eventsChannel: string
let aeron: Aeron
let archive: AeronArchive

beforeAll(async () => {
  ports = await reservePorts(1)
  eventsChannel = `aeron:udp?control-mode=dynamic|control=127.0.0.1:${ports.ports[0]}`
  driver = await launchArchivingMediaDriver({
    name: 'archive-replay-test',
    properties: {
      'aeron.archive.segment.file.length': '128k',
      'aeron.archive.recording.events.enabled': 'true',
      'aeron.archive.recording.events.channel': eventsChannel,
      'aeron.archive.max.concurrent.replays': '2',
      'aeron.archive.max.concurrent.recordings': '3',
    },
  })
})

afterAll(async () => {
  await driver.close()
  ports.release()
})

beforeEach(async () => {
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  archive = await AeronArchive.connect(options())
})

afterEach(() => {
  archive.close()
  aeron.close()
})

function options(): AeronArchiveOptions {
  return { aeron, controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' }
}

test('replayMessages() gives whole messages to the end, and stops the replay when the loop is left', async () => {
  const { recordingId, positions } = await recordMessages(archive, CHANNEL, STREAM_ID, 120, 5000)
  let index = 0
  for await (const { data, position } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)) {
    expect(data).toEqual(messageOf(index, 5000))
    expect(position).toBe(positions[index])
    index++
  }
  expect(index).toBe(120)
  for (let round = 0; round < 5; round++) {
    // More replays than may run at once: each ends when its loop does.
    for await (const { data } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)) {
      expect(data).toEqual(messageOf(0, 5000))
      break
    }
    await until('the end of the replay', () => (activeReplays(aeron) === 0 ? true : undefined))
  }
})

test('replayMessages() tells a replay that is stopped half-way from one that has ended', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 120, 5000)
  const messages = archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)
  await messages.next()
  await archive.stopAllReplays(recordingId)
  const error: unknown = await (async () => {
    for await (const _ of messages) continue
  })().catch((reason: unknown) => reason)
  expect(isArchiveError(error, 'REPLAY_LOST') && error.context.recordingId).toBe(recordingId)
  const aborted = archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID, {
    signal: AbortSignal.abort(new Error('no more')),
  })
  await expect(aborted.next()).rejects.toThrow('no more')
})

test('a replay comes over a response channel, and to a port that the driver gives', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 20, 3000)
  const expected = Array.from({ length: 20 }, (_, index) => messageOf(index, 3000))
  const ipc = await archive.replay(recordingId, 'aeron:ipc?control-mode=response', REPLAY_STREAM_ID)
  expect(await readMessages(ipc, 20)).toEqual(expected)
  ipc.close()
  const udp = await archive.replay(recordingId, 'aeron:udp?endpoint=127.0.0.1:0', REPLAY_STREAM_ID)
  expect(await readMessages(udp, 20)).toEqual(expected)
  udp.close()

  const channel = 'aeron:ipc?control-mode=response'
  expect(() => archive.startReplay(recordingId, channel, REPLAY_STREAM_ID)).toThrow(TypeError)
  const subscription = await aeron.addSubscription(channel, REPLAY_STREAM_ID)
  const replaySessionId = await archive.startReplay(recordingId, channel, REPLAY_STREAM_ID, {
    subscriptionRegistrationId: subscription.registrationId,
    position: 0,
    length: REPLAY_ALL_AND_STOP,
  })
  expect(await readMessages(subscription, 20)).toEqual(expected)
  await archive.stopReplay(replaySessionId)
  subscription.close()
})

test('a control session and its replays over UDP response channels', async () => {
  const reservation = await reservePorts(1)
  const [port] = reservation.ports
  const control = `aeron:udp?control-mode=response|control=127.0.0.1:${port}`
  const own = await AeronArchive.connect({
    aeron,
    controlRequestChannel: driver.controlChannel,
    controlResponseChannel: control,
  })
  const { recordingId } = await recordMessages(own, CHANNEL, STREAM_ID, 20, 3000)
  expect((await own.listRecording(recordingId))?.recordingId).toBe(recordingId)
  const replay = await own.openReplay(recordingId, control, REPLAY_STREAM_ID)
  expect((await readMessages(replay.subscription, 20))[19]).toEqual(messageOf(19, 3000))
  await own.stopReplay(replay.replaySessionId)
  replay.subscription.close()
  own.close()
  reservation.release()
})

test('the archive refuses more recordings and replays than it may have, and what makes no sense', async () => {
  const { recordingId, positions, stopPosition } = await recordMessages(
    archive,
    CHANNEL,
    STREAM_ID,
    200,
    3000,
  )
  const replay = (params: object): Promise<string> =>
    codeOf(archive.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID, params))
  expect(await replay({ position: 33 })).toBe('GENERIC')
  expect(await replay({ position: stopPosition })).toBe('INVALID_POSITION')
  expect(await replay({ position: stopPosition + 4096 })).toBe('INVALID_POSITION')
  expect(await replay({ position: (positions[0] ?? 0) + 32 })).toBe('INVALID_POSITION')
  expect(await replay({ fileIoMaxLength: 32 })).toBe('GENERIC')
  expect(await replay({ length: -3 })).toBe('GENERIC')
  expect(await replay({ boundingLimitCounterId: 1_000_000 })).toBe('GENERIC')
  await until('the end of all replays', () => (activeReplays(aeron) === 0 ? true : undefined))
  const running = [0, 1].map(() => archive.openReplay(recordingId, CHANNEL, REPLAY_STREAM_ID))
  const opened = await Promise.all(running)
  expect(await replay({})).toBe('MAX_REPLAYS')
  for (const { replaySessionId, subscription } of opened) {
    await archive.stopReplay(replaySessionId)
    subscription.close()
  }

  const publications = []
  for (let index = 0; index < 3; index++) {
    const publication = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID + index)
    publications.push({ publication, ...(await recordingOf(archive, publication)) })
  }
  expect(await codeOf(archive.startRecording(CHANNEL, STREAM_ID + 9))).toBe('MAX_RECORDINGS')
  for (const { publication, counterId, recordingId: activeId } of publications) {
    publication.close()
    await awaitEnd(archive, counterId, activeId)
  }
  expect(await codeOf(archive.listRecordings(0n, 1))).toBe('no error')
})

test('a recording is extended where it ended, and refused where the stream does not fit', async () => {
  const first = await recordMessages(archive, CHANNEL, STREAM_ID, 100, 1000)
  const { recordingId, stopPosition } = first
  expect(await codeOf(archive.extendRecording(1_000_000n, CHANNEL, STREAM_ID))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.extendRecording(recordingId, CHANNEL, STREAM_ID + 1))).toBe('UNKNOWN_RECORDING')
  const descriptor = await archive.listRecording(recordingId)
  const initialTermId = descriptor?.initialTermId ?? 0
  const extended = ChannelUri.parse(CHANNEL)
    .put('init-term-id', String(initialTermId))
    .put('term-id', String(initialTermId + Math.floor(stopPosition / 65_536)))
    .put('term-offset', String(stopPosition % 65_536))
    .toString()

  const errors: Error[] = []
  using other = await AeronArchive.connect({ ...options(), errorHandler: (error) => errors.push(error) })
  const misfit = await aeron.addExclusivePublication(CHANNEL, STREAM_ID)
  const session = (channel: string, sessionId: number): string =>
    ChannelUri.parse(channel).put('session-id', String(sessionId)).toString()
  await other.extendRecording(recordingId, session(CHANNEL, misfit.sessionId), STREAM_ID)
  const deadline = Date.now() + 30_000
  while (errors.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(isArchiveError(errors[0], 'INVALID_EXTENSION')).toBe(true)
  misfit.close()
  await other.tryStopRecording(session(CHANNEL, misfit.sessionId), STREAM_ID)

  const publication = await aeron.addExclusivePublication(extended, STREAM_ID)
  expect(publication.position).toBe(stopPosition)
  const extending = archive.extendRecording(recordingId, session(CHANNEL, publication.sessionId), STREAM_ID)
  await extending
  const { correlationId } = extending
  const event = await archive.awaitSignal({ signal: RecordingSignal.EXTEND, correlationId })
  expect(event).toMatchObject({ recordingId, position: stopPosition })
  const { counterId } = await recordingOf(archive, publication)
  for (let index = 100; index < 200; index++) await send(publication, messageOf(index, 1000))
  await awaitRecorded(aeron, counterId, publication.position)
  publication.close()
  await awaitEnd(archive, counterId, recordingId)
  let index = 0
  for await (const { data } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)) {
    expect(data).toEqual(messageOf(index++, 1000))
  }
  expect(index).toBe(200)
})

test('an empty recording has no replay', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  const replaying = archive.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID, {
    length: REPLAY_ALL_AND_STOP,
  })
  expect(await codeOf(replaying)).toBe('EMPTY_RECORDING')
  publication.close()
  await awaitEnd(archive, counterId, recordingId)
})

test('the recording events of the archive are told, and iterated over', async () => {
  const subscription = await aeron.addSubscription(
    `${eventsChannel.replace('control-mode=dynamic|', 'endpoint=127.0.0.1:0|')}|control-mode=dynamic`,
    30,
  )
  while (!subscription.isConnected) await new Promise((resolve) => setTimeout(resolve, 5))
  const { recordingId, stopPosition } = await recordMessages(archive, CHANNEL, STREAM_ID, 10, 1000)
  const seen: RecordingEvent[] = []
  for await (const event of recordingEvents(subscription)) {
    if (event.recordingId !== recordingId) continue
    if (seen.at(-1)?.type !== event.type) seen.push(event)
    if (event.type === 'stopped') break
  }
  expect(seen).toEqual([
    expect.objectContaining({ type: 'started', streamId: STREAM_ID, sourceIdentity: 'aeron:ipc' }),
    expect.objectContaining({ type: 'progress', startPosition: 0 }),
    { type: 'stopped', recordingId, startPosition: 0, stopPosition },
  ])
  subscription.close()
})
