import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchJava,
  launchMediaDriver,
  reservePorts,
  runJava,
  type ArchivingMediaDriverProcess,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AeronArchive,
  ArchiveError,
  findRecordingCounterBySession,
  isArchiveError,
  PersistentSubscription,
  SourceLocation,
  type RecordingDescriptor,
} from '@x/archive'
import { Aeron, isAeronError } from '@x/client'
import { awaitRecorded, codeOf, messageOf, recordingOf, send, until } from './archive-test-kit.ts'

const STREAM_ID = 1801
const REPLAY_STREAM_ID = 2801
const LENGTH = 1000
const TIMEOUT_MS = 180_000

let driver: MediaDriverProcess
let node: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>

beforeAll(async () => {
  ports = await reservePorts(3)
  driver = await launchMediaDriver({ name: 'archive-death-client', fastTimeouts: true })
  node = await launchArchivingMediaDriver({ name: 'archive-death-archive', fastTimeouts: true })
})

afterAll(async () => {
  await node.close()
  await driver.close()
  ports.release()
})

async function connect(aeron: Aeron): Promise<AeronArchive> {
  return AeronArchive.connect({
    aeron,
    controlRequestChannel: node.controlChannel,
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 5_000,
  })
}

async function recordingsOf(
  archive: AeronArchive,
  streamId: number,
): Promise<readonly RecordingDescriptor[]> {
  return archive.listRecordingsForUri(0n, 10, 'aeron:udp', streamId)
}

/** How many of the recorded messages are there; each must be the one that was published. */
async function countMessages(archive: AeronArchive, recordingId: bigint): Promise<number> {
  let index = 0
  const replay = archive.replayMessages(recordingId, 'aeron:udp?endpoint=127.0.0.1:0', REPLAY_STREAM_ID)
  for await (const { data } of replay) {
    if (Buffer.compare(data, messageOf(index, data.length)) !== 0) throw new Error(`message ${index} differs`)
    index++
  }
  return index
}

test(
  'an archive killed while it records: what it said was recorded is there afterwards, and valid',
  async () => {
    using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
    const archive = await connect(aeron)
    const channel = `aeron:udp?endpoint=127.0.0.1:${ports.ports[0]}|term-length=64k`
    await archive.startRecording(channel, STREAM_ID, { sourceLocation: SourceLocation.REMOTE })
    const publication = await aeron.addExclusivePublication(channel, STREAM_ID)
    await until('the archive to listen', () => (publication.isConnected ? true : undefined))
    let promised = 0
    let sent = 0
    for (; sent < 500; sent++) {
      await send(publication, messageOf(sent, LENGTH))
      if (sent % 100 !== 99) continue
      const [recording] = await recordingsOf(archive, STREAM_ID)
      promised = await archive.getRecordingPosition(recording?.recordingId ?? -1n)
    }
    const [recording] = await recordingsOf(archive, STREAM_ID)
    const recordingId = recording?.recordingId ?? -1n
    const open = Array.from({ length: 5 }, () => archive.getRecordingPosition(recordingId))
    await node.kill()
    for (const result of await Promise.allSettled(open)) {
      const isKnown =
        result.status === 'fulfilled' ||
        isArchiveError(result.reason, 'NOT_CONNECTED') ||
        isArchiveError(result.reason, 'RESPONSE_TIMEOUT')
      expect(isKnown).toBe(true)
    }
    await until('the loss to be seen', () => (archive.isConnected ? undefined : true))
    expect(() => archive.getRecordingPosition(recordingId)).toThrow(ArchiveError)
    publication.close()

    await node.restart()
    using again = await connect(aeron)
    const stopPosition = await again.getStopPosition(recordingId)
    expect(stopPosition).toBeGreaterThanOrEqual(promised)
    expect(promised).toBeGreaterThan(0)
    const count = await countMessages(again, recordingId)
    expect(count).toBe(Math.floor(stopPosition / 1056))
    const { code, output } = await runJava('io.aeron.archive.ArchiveTool', {
      args: [node.archiveDirectory, 'verify', '-a'],
    })
    expect(output).toContain(`recordingId=${recordingId}) OK`)
    expect(code).toBe(0)
  },
  TIMEOUT_MS,
)

test(
  'an archive killed while it replays: the reader is told that the replay is not whole',
  async () => {
    using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
    const archive = await connect(aeron)
    const channel = `aeron:udp?endpoint=127.0.0.1:${ports.ports[0]}|term-length=64k`
    await archive.startRecording(channel, STREAM_ID + 1, { sourceLocation: SourceLocation.REMOTE })
    const publication = await aeron.addExclusivePublication(channel, STREAM_ID + 1)
    await until('the archive to listen', () => (publication.isConnected ? true : undefined))
    for (let index = 0; index < 1000; index++) await send(publication, messageOf(index, LENGTH))
    const [recording] = await recordingsOf(archive, STREAM_ID + 1)
    const recordingId = recording?.recordingId ?? -1n
    const deadline = Date.now() + 30_000
    while ((await archive.getRecordingPosition(recordingId)) < publication.position && Date.now() < deadline);
    let index = 0
    const read = async (): Promise<void> => {
      const replay = archive.replayMessages(recordingId, 'aeron:udp?endpoint=127.0.0.1:0', REPLAY_STREAM_ID)
      for await (const { data } of replay) {
        if (Buffer.compare(data, messageOf(index, data.length)) !== 0)
          throw new Error(`message ${index} differs`)
        if (++index === 200) await node.kill()
      }
    }
    const error: unknown = await read().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ArchiveError)
    expect(index).toBeGreaterThanOrEqual(200)
    publication.close()
    await until('the loss to be seen', () => (archive.isConnected ? undefined : true))
    archive.close()
    await node.restart()
  },
  TIMEOUT_MS,
)

test(
  'two archives on one driver record apart, and counters are told from one another; one without room refuses to record',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-archives-'))
    using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
    const launch = async (name: string, port: number | undefined, threshold: string) =>
      launchJava('io.aeron.archive.Archive', {
        name,
        aeronDirectory: driver.aeronDirectory,
        properties: {
          'aeron.archive.dir': join(folder, name),
          'aeron.archive.control.channel': `aeron:udp?endpoint=127.0.0.1:${port}`,
          'aeron.archive.local.control.stream.id': String(port),
          'aeron.archive.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
          'aeron.archive.recording.events.enabled': 'false',
          'aeron.archive.segment.file.length': '1m',
          'aeron.archive.threading.mode': 'SHARED',
          'aeron.archive.low.storage.space.threshold': threshold,
        },
      })
    await using first = await launch('first', ports.ports[1], '1m')
    await using second = await launch('second', ports.ports[2], '1m')
    const connectTo = async (index: number): Promise<AeronArchive> =>
      AeronArchive.connect({
        aeron,
        controlRequestChannel: 'aeron:ipc?term-length=64k',
        controlRequestStreamId: ports.ports[index + 1] ?? 0,
        controlResponseChannel: 'aeron:ipc',
        messageTimeoutMs: 20_000,
      })
    const archives = [await connectTo(0), await connectTo(1)] as const
    expect(archives[0].archiveId).not.toBe(archives[1].archiveId)
    const publication = await aeron.addExclusivePublication('aeron:ipc', STREAM_ID)
    const channel = `aeron:ipc?session-id=${publication.sessionId}`
    for (const archive of archives) await archive.startRecording(channel, STREAM_ID)
    const recordings = await Promise.all(archives.map((archive) => recordingOf(archive, publication)))
    expect(recordings[0]?.counterId).not.toBe(recordings[1]?.counterId)
    const position = await send(publication, messageOf(0, LENGTH))
    for (const { counterId } of recordings) await awaitRecorded(aeron, counterId, position)
    const { sessionId } = publication
    const counters = archives.map(({ archiveId }) =>
      findRecordingCounterBySession(aeron.countersReader, sessionId, archiveId),
    )
    expect(counters).toEqual(recordings.map(({ counterId }) => counterId))
    publication.close()
    for (const archive of archives) archive.close()
    await second.close()
    await using full = await launch('full', ports.ports[2], '1000000g')
    const third = await connectTo(1)
    expect(await codeOf(third.startRecording('aeron:ipc', STREAM_ID))).toBe('STORAGE_SPACE')
    await expect(third.addRecordedExclusivePublication('aeron:ipc', STREAM_ID)).rejects.toThrow(ArchiveError)
    third.close()
    await full.close()
    await first.close()
    rmSync(folder, { recursive: true, force: true })
  },
  TIMEOUT_MS,
)

test('a client that is denied everything is told so', async () => {
  await using denied = await launchArchivingMediaDriver({
    name: 'archive-denied',
    properties: { 'aeron.archive.authorisation.service.supplier': 'DENY_ALL' },
  })
  const connecting = AeronArchive.connect({
    aeronDirectory: denied.aeronDirectory,
    controlRequestChannel: denied.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  expect(await codeOf(connecting)).toBe('UNAUTHORISED_ACTION')
})

test('a persistent subscription whose driver dies fails with what ended the client', async () => {
  let passedMs = 0
  const errors: unknown[] = []
  using aeron = await Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    epochClock: { timeMs: () => Date.now() + passedMs },
    errorHandler: (error) => errors.push(error),
  })
  using subscription = await PersistentSubscription.create({
    aeron,
    archive: {
      controlRequestChannel: node.controlChannel,
      controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    },
    recordingId: 0n,
    liveChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    liveStreamId: STREAM_ID,
    replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    replayStreamId: REPLAY_STREAM_ID,
  })
  // As far as the client can tell, its driver has not been heard of for a minute.
  passedMs = 60_000
  await until('the end of the client', () => (aeron.isClosed ? true : undefined))
  subscription.poll(() => undefined, 1)
  expect(isAeronError(errors[0], 'DRIVER_TIMEOUT')).toBe(true)
  expect(subscription.hasFailed).toBe(true)
  expect(subscription.failureReason?.cause).toBe(errors[0])
  expect(subscription.failureReason?.message).toContain('last heartbeat')
})
