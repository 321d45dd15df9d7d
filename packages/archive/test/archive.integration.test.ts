import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, launchJava, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import {
  AeronArchive,
  ArchiveError,
  isArchiveError,
  isRecordingActive,
  RecordingSignal,
  REPLAY_ALL_AND_STOP,
  SourceLocation,
  type AeronArchiveOptions,
  type RecordingSignalEvent,
} from '@x/archive'
import { Aeron, isAeronError } from '@x/client'
import {
  awaitRecorded,
  codeOf,
  messageOf,
  readMessages,
  recordingOf,
  send,
  until,
} from './archive-test-kit.ts'

const CHANNEL = 'aeron:ipc'
const REPLAY_STREAM_ID = 2001
/** Counter of the archive's control sessions. Protocol: Aeron's AeronCounters. */
const CONTROL_SESSIONS_TYPE_ID = 102

let driver: ArchivingMediaDriverProcess
let aeron: Aeron
let archive: AeronArchive
const signals: RecordingSignalEvent[] = []

function options(): AeronArchiveOptions {
  return {
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
    onRecordingSignal: (event) => signals.push(event),
  }
}

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({ name: 'archive-client-test' })
})

afterAll(async () => {
  await driver.close()
})

beforeEach(async () => {
  signals.length = 0
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory, clientName: 'archive-test' })
  archive = await AeronArchive.connect(options())
})

afterEach(() => {
  archive.close()
  aeron.close()
})

test('AeronArchive.connect() learns the session, the archive id and the version of the archive', () => {
  expect(archive.isConnected).toBe(true)
  expect(archive.controlSessionId).not.toBe(0n)
  expect(archive.archiveId).not.toBe(-1n)
  expect(archive.archiveVersion).toBe(0x01_0c_00)
})

test('a recording made here is listed, and replayed byte for byte, fragmented messages included', async () => {
  const streamId = 1101
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, streamId)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  const messages = [32, 1000, 5000, 100_000, 1, 64_000].map((length, index) => messageOf(index, length))
  let position = 0
  for (const message of messages) position = await send(publication, message)
  await awaitRecorded(aeron, counterId, position)
  expect(await archive.getRecordingPosition(recordingId)).toBe(position)
  expect(await archive.getStopPosition(recordingId)).toBe(-1)
  expect(isRecordingActive(aeron.countersReader, counterId, recordingId)).toBe(true)

  const live = await archive.replay(recordingId, CHANNEL, REPLAY_STREAM_ID, { length: position })
  expect(await readMessages(live, messages.length)).toEqual(messages)
  live.close()

  await archive.stopRecordingOf(publication)
  await until('the end of the recording', () =>
    signals.some((event) => event.signal === RecordingSignal.STOP) ? true : undefined,
  )
  publication.close()
  expect(signals.map((event) => event.signal)).toEqual([RecordingSignal.START, RecordingSignal.STOP])
  expect(signals.every((event) => event.recordingId === recordingId)).toBe(true)
  expect(await archive.getStopPosition(recordingId)).toBe(position)
  expect(await archive.getMaxRecordedPosition(recordingId)).toBe(position)
  expect(await archive.getRecordingPosition(recordingId)).toBe(-1)
  expect(await archive.getStartPosition(recordingId)).toBe(0)

  const descriptor = await archive.listRecording(recordingId)
  expect(descriptor).toMatchObject({ recordingId, streamId, startPosition: 0, stopPosition: position })
  const replayed = await archive.replay(recordingId, CHANNEL, REPLAY_STREAM_ID)
  expect(await readMessages(replayed, messages.length)).toEqual(messages)
  const image = replayed.imageAtIndex(0)
  await until('the end of the replay', () => (image?.isEndOfStream === true ? true : undefined))
  expect(image?.position).toBe(position)
  replayed.close()
})

test('a replay begins where it is asked to, ends where it is asked to, and can be stopped', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, 1102)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  const positions: number[] = []
  for (let index = 0; index < 10; index++) positions.push(await send(publication, messageOf(index, 100)))
  const [, second = 0] = positions
  const last = positions.at(-1) ?? 0
  await awaitRecorded(aeron, counterId, last)
  const late = await archive.replay(recordingId, CHANNEL, REPLAY_STREAM_ID, {
    position: second,
    length: REPLAY_ALL_AND_STOP,
  })
  expect(await readMessages(late, 8)).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((index) => messageOf(index, 100)))
  late.close()

  const replaySessionId = await archive.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID)
  await archive.stopReplay(replaySessionId)
  await archive.stopAllReplays(recordingId)
  expect(await codeOf(archive.truncateRecording(recordingId, second))).toBe('ACTIVE_RECORDING')
  publication.close()
  await until('the end of the recording', () =>
    isRecordingActive(aeron.countersReader, counterId, recordingId) ? undefined : true,
  )
  await archive.truncateRecording(recordingId, second)
  expect(await archive.getStopPosition(recordingId)).toBe(second)
  await until('the truncated files to go', () =>
    signals.some((event) => event.signal === RecordingSignal.DELETE) ? true : undefined,
  )
  await archive.purgeRecording(recordingId)
  expect(await archive.listRecording(recordingId)).toBeUndefined()
})

test('a bounded replay stops at its counter', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, 1103)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  const first = await send(publication, messageOf(0, 100))
  const second = await send(publication, messageOf(1, 100))
  await awaitRecorded(aeron, counterId, second)
  const limit = await aeron.addCounter(10_001, { label: 'replay limit' })
  limit.set(BigInt(first))
  const subscription = await archive.replay(recordingId, CHANNEL, REPLAY_STREAM_ID, {
    boundingLimitCounterId: limit.id,
  })
  expect(await readMessages(subscription, 1)).toEqual([messageOf(0, 100)])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(subscription.poll(() => undefined, 10)).toBe(0)
  limit.set(BigInt(second))
  expect(await readMessages(subscription, 1)).toEqual([messageOf(1, 100)])
  subscription.close()
  limit.close()
  publication.close()
})

test('recordings are started and stopped by channel, by subscription and by identity', async () => {
  const streamId = 1104
  const subscriptionId = await archive.startRecording(CHANNEL, streamId, {
    sourceLocation: SourceLocation.LOCAL,
  })
  expect(await codeOf(archive.startRecording(CHANNEL, streamId))).toBe('ACTIVE_SUBSCRIPTION')
  const listed = await archive.listRecordingSubscriptions(0, 10, 'aeron:ipc', streamId)
  expect(listed.map((each) => each.subscriptionId)).toEqual([subscriptionId])
  await archive.stopRecordingSubscription(subscriptionId)
  expect(await codeOf(archive.stopRecordingSubscription(subscriptionId))).toBe('UNKNOWN_SUBSCRIPTION')
  await archive.startRecording(CHANNEL, streamId)
  await archive.stopRecording(CHANNEL, streamId)
  expect(await codeOf(archive.stopRecording(CHANNEL, streamId))).toBe('UNKNOWN_SUBSCRIPTION')

  expect(await archive.tryStopRecording(CHANNEL, streamId)).toBe(false)
  expect(await archive.tryStopRecordingSubscription(subscriptionId)).toBe(false)
  await archive.startRecording(CHANNEL, streamId)
  expect(await archive.tryStopRecording(CHANNEL, streamId)).toBe(true)

  const publication = await archive.addRecordedPublication(CHANNEL, streamId)
  const { recordingId, counterId } = await recordingOf(archive, publication)
  expect(await codeOf(archive.addRecordedPublication(CHANNEL, streamId))).toBe('ACTIVE_RECORDING')
  expect(await archive.stopRecordingByIdentity(recordingId)).toBe(true)
  await until('the end of the recording', () =>
    isRecordingActive(aeron.countersReader, counterId, recordingId) ? undefined : true,
  )
  expect(await archive.stopRecordingByIdentity(recordingId)).toBe(false)
  const { sessionId } = publication
  expect(await archive.findLastMatchingRecording(0n, 'aeron:ipc', streamId, sessionId)).toBe(recordingId)
  expect(await archive.findLastMatchingRecording(0n, 'aeron:udp', streamId, sessionId)).toBe(-1n)
  publication.close()
})

test('awaitRecorded() gives the recording once all is in it, and an error when it never will be', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, 1110)
  const position = await send(publication, messageOf(0, 5000))
  const recordingId = await archive.awaitRecorded(publication)
  expect(await archive.getRecordingPosition(recordingId)).toBe(position)
  expect(await codeOf(archive.awaitRecorded(publication, position + 32, 50))).toBe('NOT_RECORDED')
  const waiting = archive.awaitRecorded(publication, position + 32)
  await archive.stopRecordingOf(publication)
  const error: unknown = await waiting.catch((reason: unknown) => reason)
  expect(isArchiveError(error, 'NOT_RECORDED') && error.context.recordedPosition).toBe(position)
  using unrecorded = await aeron.addExclusivePublication(CHANNEL, 1110)
  await expect(archive.awaitRecorded(unrecorded, 32, 50)).rejects.toThrow('no archive with id')
  publication.close()
})

test('many requests are open at once, listings among them, and each gets its own answer', async () => {
  const publication = await archive.addRecordedExclusivePublication(CHANNEL, 1105)
  const { recordingId } = await recordingOf(archive, publication)
  const listings = Array.from({ length: 20 }, () => archive.listRecordings(0n, 100))
  const forUri = archive.listRecordingsForUri(0n, 100, 'aeron:ipc', 1105)
  const starts = Array.from({ length: 50 }, () => archive.getStartPosition(recordingId))
  const unknown = Array.from({ length: 20 }, () => codeOf(archive.getStartPosition(1_000_000n)))
  expect(await Promise.all(starts)).toEqual(starts.map(() => 0))
  expect(new Set(await Promise.all(unknown))).toEqual(new Set(['UNKNOWN_RECORDING']))
  const lists = await Promise.all(listings)
  expect(lists.every((list) => list.some((each) => each.recordingId === recordingId))).toBe(true)
  expect((await forUri).map((each) => each.recordingId)).toEqual([recordingId])
  publication.close()
})

test('what the archive refuses is an ArchiveError with its code, and the session goes on', async () => {
  expect(await codeOf(archive.getStopPosition(1_000_000n))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.startReplay(1_000_000n, CHANNEL, REPLAY_STREAM_ID))).toBe('UNKNOWN_RECORDING')
  expect(await codeOf(archive.purgeRecording(1_000_000n))).toBe('UNKNOWN_RECORDING')
  expect(await archive.listRecording(1_000_000n)).toBeUndefined()
  expect(await archive.listRecordings(1_000_000n, 10)).toEqual([])
  await archive.stopReplay(1_000_000n)
  const request = archive.getStartPosition(1_000_000n)
  const error: unknown = await request.catch((reason: unknown) => reason)
  expect(isArchiveError(error, 'UNKNOWN_RECORDING') && error.context).toEqual({
    errorCode: 5,
    correlationId: request.correlationId,
  })
  expect(() => archive.listRecordings(0n, 0)).toThrow(RangeError)
})

test('a replay that finds no subscriber fails late, and the error handler is told', async () => {
  const errors: Error[] = []
  using other = await AeronArchive.connect({ ...options(), errorHandler: (error) => errors.push(error) })
  const publication = await other.addRecordedExclusivePublication(CHANNEL, 1106)
  const { counterId, recordingId } = await recordingOf(other, publication)
  await awaitRecorded(aeron, counterId, await send(publication, messageOf(0, 100)))
  const request = other.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID)
  await request
  await until('the late error', () => errors[0])
  const [error] = errors
  expect(isArchiveError(error, 'GENERIC') && error.context.correlationId).toBe(request.correlationId)
  const dying = other.replay(recordingId, CHANNEL, REPLAY_STREAM_ID)
  ;(await dying).close()
  const unknown = other.replay(1_000_000n, CHANNEL, REPLAY_STREAM_ID)
  const refused: unknown = await unknown.catch((reason: unknown) => reason)
  expect(isArchiveError(refused, 'UNKNOWN_RECORDING') && refused.context.correlationId).toBe(
    unknown.correlationId,
  )
  publication.close()
})

test('an agent drives the client without the event loop: connectSync, poll, waitSync', () => {
  using own = AeronArchive.connectSync({
    ...options(),
    aeron: Aeron.connectSync({ aeronDirectory: driver.aeronDirectory, useConductorAgentInvoker: true }),
  })
  const request = own.addRecordedExclusivePublication(CHANNEL, 1107)
  let turns = 0
  while (!request.poll()) if (++turns > 1_000_000) throw new Error('no end')
  const publication = request.result
  const message = messageOf(3, 3000)
  while (publication.offer(message) < 0) own.doWork()
  const list = own.listRecordingsForUri(0n, 10, 'aeron:ipc', 1107).waitSync()
  const recordingId = list[0]?.recordingId ?? -1n
  while (own.getRecordingPosition(recordingId).waitSync() < publication.position) own.doWork()
  const subscription = own.replay(recordingId, CHANNEL, REPLAY_STREAM_ID).waitSync()
  let received = 0
  while (received < message.length) {
    own.doWork()
    subscription.poll((_buffer, _offset, length) => (received += length), 10)
  }
  expect(received).toBe(message.length)
  expect(() => own.getStartPosition(1_000_000n).waitSync()).toThrow(ArchiveError)
  own.close()
  own.aeron.close()
})

test('AeronArchive.asyncConnect() shows its states, and gives up in each of them without a leak', async () => {
  const seen = new Set<string>()
  let connected: AeronArchive | undefined
  for (let steps = 0; connected === undefined; steps++) {
    using connecting = AeronArchive.asyncConnect(options())
    for (let step = 0; step < steps && connected === undefined; step++) {
      connected = connecting.poll()
      seen.add(connecting.state)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  connected.close()
  expect([...seen]).toEqual(expect.arrayContaining(['AWAIT_SUBSCRIPTION', 'ADD_PUBLICATION', 'DONE']))
  const counters = aeron.countersReader
  const sessions = counters.findCounter(
    (counterId) => counters.getCounterTypeId(counterId) === CONTROL_SESSIONS_TYPE_ID,
  )
  await until('the sessions to go', () => (counters.getCounterValue(sessions) === 1n ? true : undefined))
})

test('no archive at the other end is a CONNECT_TIMEOUT that names the state', async () => {
  const error: unknown = await AeronArchive.connect({
    ...options(),
    controlRequestChannel: 'aeron:udp?endpoint=127.0.0.1:1',
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 2_000,
  }).catch((reason: unknown) => reason)
  if (!isArchiveError(error, 'CONNECT_TIMEOUT')) throw error
  expect(error.context).toMatchObject({ state: 'AWAIT_PUBLICATION_CONNECTED', messageTimeoutMs: 2_000 })
  expect(error.message).toContain('no archive takes requests there')
})

test('requests over UDP from a client of its own, which closes with it', async () => {
  const own = await AeronArchive.connect({
    aeronDirectory: driver.aeronDirectory,
    controlRequestChannel: driver.controlChannel,
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
  })
  expect(await own.listRecordings(0n, 1)).toHaveLength(1)
  own.close()
  own.close()
  expect(own.aeron.isClosed).toBe(true)
  expect(() => own.listRecordings(0n, 1)).toThrow('the archive client is closed')
})

test('a recording that Java made is replayed here', async () => {
  const streamId = 1109
  await using publisher = await launchJava('io.aeron.samples.archive.RecordedBasicPublisher', {
    aeronDirectory: driver.aeronDirectory,
    properties: {
      'aeron.sample.channel': CHANNEL,
      'aeron.sample.streamId': String(streamId),
      'aeron.sample.messages': '3',
      'aeron.archive.control.channel': driver.localControlChannel,
      'aeron.archive.control.response.channel': 'aeron:ipc',
    },
  })
  await publisher.waitForOutput(/Done sending/)
  const [recording] = await archive.listRecordingsForUri(0n, 10, 'aeron:ipc', streamId)
  expect(recording).toBeDefined()
  const subscription = await archive.replay(recording?.recordingId ?? -1n, CHANNEL, REPLAY_STREAM_ID)
  const texts = (await readMessages(subscription, 3)).map((bytes) => new TextDecoder().decode(bytes))
  expect(texts).toEqual(['Hello World! 0', 'Hello World! 1', 'Hello World! 2'])
  subscription.close()
})

test('the error handler is told also what goes wrong in a client of its own, but not what handlers of fragments throw', async () => {
  const errors: Error[] = []
  const { aeron: _, ...rest } = options()
  using own = await AeronArchive.connect({
    ...rest,
    aeronDirectory: driver.aeronDirectory,
    errorHandler: (error) => errors.push(error),
  })
  using manual = await own.aeron.addSubscription('aeron:udp?control-mode=manual', 1199)
  const correlationId = manual.asyncAddDestination('aeron:udp?endpoint=localhost')
  const [refusal] = await until('the refusal', () => (errors.length > 0 ? errors : undefined))
  expect(isAeronError(refusal, 'REGISTRATION_FAILED') && refusal.context.correlationId).toBe(correlationId)

  using subscription = await own.aeron.addSubscription(CHANNEL, 1199)
  using publication = await own.aeron.addPublication(CHANNEL, 1199)
  await until('the subscriber', () => (publication.isConnected ? true : undefined))
  await send(publication, messageOf(0, 32))
  const poll = (): number =>
    subscription.poll(() => {
      throw new Error('thrown by the handler')
    }, 1)
  expect(poll).toThrow('thrown by the handler')
  expect(errors).toHaveLength(1)
})
