import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  AERON_ARTIFACT,
  launchArchivingMediaDriver,
  mavenJar,
  reservePorts,
  type ArchivingMediaDriverProcess,
  type MavenArtifact,
} from '@x/aeron-tooling'
import {
  AeronArchive,
  ArchiveError,
  FROM_START,
  isArchiveError,
  PersistentSubscription,
  readArchiveMarkFile,
  readCatalog,
  RecordingSignal,
  RecordingState,
  ReplayMerge,
  REPLAY_ALL_AND_STOP,
  segmentFileBasePosition,
  type RecordingSignalEvent,
} from '@x/archive'
import { Aeron, ChannelUri } from '@x/client'
import {
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

interface Release {
  readonly artifact: MavenArtifact
  readonly archiveVersion: number
  readonly archiveSchemaVersion: number
  /** What it says to a request that is newer; undefined when there is none. */
  readonly tooOld: object | undefined
  /** What it answers to a replay beyond the end, and to the end of a replay that is not there. */
  readonly codes: { readonly position: string; readonly replay: string }
}

const AERON = { groupId: 'io.aeron', artifactId: 'aeron-all' }

const RELEASES: readonly Release[] = [
  {
    artifact: {
      ...AERON,
      version: '1.44.1',
      sha256: '3bcd1b5a9ec5ea6461de67b5ce7ce97c57c5129bef3158cbe0fac0b7bfb716ad',
    },
    archiveVersion: 0x01_0b_00,
    archiveSchemaVersion: 9,
    tooOld: { archiveSchemaVersion: 9, archiveRelease: '1.44', requiredRelease: '1.49' },
    codes: { position: 'GENERIC', replay: 'UNKNOWN_REPLAY' },
  },
  {
    artifact: {
      ...AERON,
      version: '1.46.0',
      sha256: '9e015e6120c9c71ab16b0b46ac02d9aec8d13bd5a53dd9e174ef4db992a13ebf',
    },
    archiveVersion: 0x01_0b_00,
    archiveSchemaVersion: 10,
    tooOld: { archiveSchemaVersion: 10, archiveRelease: '1.45 to 1.47', requiredRelease: '1.49' },
    codes: { position: 'GENERIC', replay: 'UNKNOWN_REPLAY' },
  },
  {
    artifact: AERON_ARTIFACT,
    archiveVersion: 0x01_0c_00,
    archiveSchemaVersion: 13,
    tooOld: undefined,
    codes: { position: 'INVALID_POSITION', replay: 'no error' },
  },
]

const TERM_LENGTH = 64 * 1024
const SEGMENT_LENGTH = 128 * 1024
const CHANNEL = `aeron:ipc?term-length=${TERM_LENGTH}`
const STREAM_ID = 1201
const REPLAY_STREAM_ID = 2201

/** The code of the error that a call throws, or that its request ends with. */
async function outcomeOf(call: () => PromiseLike<unknown>): Promise<string> {
  try {
    return await codeOf(call())
  } catch (error) {
    return error instanceof ArchiveError ? error.code : String(error)
  }
}

describe.each(RELEASES)('an archive of Aeron $artifact.version', (release) => {
  const { artifact, archiveSchemaVersion, codes } = release
  let source: ArchivingMediaDriverProcess
  let target: ArchivingMediaDriverProcess
  let aeron: Aeron
  let archive: AeronArchive
  let ports: Awaited<ReturnType<typeof reservePorts>>
  const signals: RecordingSignalEvent[] = []

  async function launch(name: string, jar: string): Promise<ArchivingMediaDriverProcess> {
    return launchArchivingMediaDriver({
      name: `archive-${artifact.version}-${name}`,
      environment: { ...process.env, AERON_JAR: jar },
      properties: {
        'aeron.archive.segment.file.length': String(SEGMENT_LENGTH),
        'aeron.spies.simulate.connection': 'true',
      },
    })
  }

  async function connectTo(driver: ArchivingMediaDriverProcess, client: Aeron): Promise<AeronArchive> {
    return AeronArchive.connect({
      aeron: client,
      controlRequestChannel: driver.localControlChannel,
      controlResponseChannel: 'aeron:ipc',
      clientName: 'versions',
      onRecordingSignal: (event) => signals.push(event),
    })
  }

  beforeAll(async () => {
    ports = await reservePorts(1)
    const jar = await mavenJar(artifact)
    source = await launch('source', jar)
    target = await launch('target', jar)
    aeron = await Aeron.connect({ aeronDirectory: source.aeronDirectory })
    archive = await connectTo(source, aeron)
  })

  afterAll(async () => {
    archive?.close()
    aeron?.close()
    await target?.close()
    await source?.close()
    ports?.release()
  })

  test('is connected to over IPC and UDP, tells what it is, and keeps an idle session', async () => {
    expect(archive.archiveVersion).toBe(release.archiveVersion)
    expect(archive.archiveSchemaVersion).toBe(archiveSchemaVersion)
    expect(archive.archiveId).not.toBe(-1n)
    using udp = await AeronArchive.connect({
      aeronDirectory: source.aeronDirectory,
      controlRequestChannel: source.controlChannel,
      controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    })
    expect(udp.archiveId).toBe(archive.archiveId)
    expect(udp.sendKeepAlive()).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    expect(await udp.listRecordings(1_000_000n, 1)).toEqual([])
  })

  test('records, lists, replays and stops', async () => {
    const publication = await archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
    const { counterId, recordingId } = await recordingOf(archive, publication)
    const messages = [1, 1_000, 5_000, 8_000].map((length, index) => messageOf(index, length))
    for (const message of messages) await send(publication, message)
    const { position, sessionId } = publication
    expect(await archive.awaitRecorded(publication)).toBe(recordingId)
    expect(await archive.getRecordingPosition(recordingId)).toBe(position)
    expect(await archive.getMaxRecordedPosition(recordingId)).toBe(position)
    expect(await archive.getStartPosition(recordingId)).toBe(0)
    expect(await archive.listRecordingSubscriptions(0, 10, 'aeron:ipc', STREAM_ID)).toHaveLength(1)
    await archive.stopRecordingOf(publication)
    publication.close()
    await awaitEnd(archive, counterId, recordingId)
    expect(await archive.stopRecordingByIdentity(recordingId)).toBe(false)
    expect(await archive.findLastMatchingRecording(0n, 'aeron:ipc', STREAM_ID, sessionId)).toBe(recordingId)
    const listed = await Promise.all([
      archive.listRecording(recordingId),
      archive.listRecordings(recordingId, 1).then(([first]) => first),
      archive.listRecordingsForUri(recordingId, 1, 'aeron:ipc', STREAM_ID).then(([first]) => first),
    ])
    for (const descriptor of listed) {
      expect(descriptor).toMatchObject({ recordingId, streamId: STREAM_ID, stopPosition: position })
    }
    const replayed: Uint8Array[] = []
    for await (const { data } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)) {
      replayed.push(data)
    }
    expect(replayed).toEqual(messages)

    const limit = await aeron.addCounter(10_001, { label: 'limit' })
    limit.set(BigInt(position))
    const bounded = await archive.replay(recordingId, 'aeron:udp?endpoint=127.0.0.1:0', REPLAY_STREAM_ID, {
      boundingLimitCounterId: limit.id,
    })
    expect(await readMessages(bounded, messages.length)).toEqual(messages)
    bounded.close()
    limit.close()
    await archive.stopAllReplays(recordingId)
  })

  test('tells its refusals by the codes that it has', async () => {
    const { recordingId, stopPosition } = await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
    expect(await codeOf(archive.getStopPosition(1_000_000n))).toBe('UNKNOWN_RECORDING')
    expect(await codeOf(archive.stopRecording(CHANNEL, 999))).toBe('UNKNOWN_SUBSCRIPTION')
    expect(await codeOf(archive.stopReplay(1_000_000n))).toBe(codes.replay)
    expect(await archive.tryStopReplication(1_000_000n)).toBe(false)
    const beyond = { position: stopPosition + 4096 }
    expect(await codeOf(archive.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID, beyond))).toBe(
      codes.position,
    )
  })

  test('extends, truncates, purges, and manages segments', async () => {
    const { recordingId, positions, stopPosition } = await recordMessages(
      archive,
      CHANNEL,
      STREAM_ID,
      300,
      1000,
    )
    const initialTermId = (await archive.listRecording(recordingId))?.initialTermId ?? 0
    const channel = ChannelUri.parse(CHANNEL)
      .put('init-term-id', String(initialTermId))
      .put('term-id', String((initialTermId + Math.floor(stopPosition / TERM_LENGTH)) | 0))
      .put('term-offset', String(stopPosition % TERM_LENGTH))
    const publication = await aeron.addExclusivePublication(channel.toString(), STREAM_ID)
    const session = channel.put('session-id', String(publication.sessionId)).toString()
    const extending = archive.extendRecording(recordingId, session, STREAM_ID)
    await extending
    const { correlationId } = extending
    await archive.awaitSignal({ signal: RecordingSignal.EXTEND, correlationId })
    const { counterId } = await recordingOf(archive, publication)
    for (let index = 300; index < 500; index++) await send(publication, messageOf(index, 1000))
    await awaitRecorded(aeron, counterId, publication.position)
    publication.close()
    await awaitEnd(archive, counterId, recordingId)

    const cut = segmentFileBasePosition(0, 2 * SEGMENT_LENGTH, TERM_LENGTH, SEGMENT_LENGTH)
    await archive.detachSegments(recordingId, cut)
    expect(await archive.attachSegments(recordingId)).toBe(2n)
    await archive.detachSegments(recordingId, cut)
    expect(await archive.deleteDetachedSegments(recordingId)).toBe(2n)
    expect(await archive.getStartPosition(recordingId)).toBe(cut)
    expect(await archive.purgeSegments(recordingId, cut + SEGMENT_LENGTH)).toBe(1n)

    const short = await recordMessages(archive, CHANNEL, STREAM_ID, 200, 1000)
    const middle = short.positions[99] ?? 0
    expect(middle).toBeGreaterThan(positions[0] ?? 0)
    const truncating = archive.truncateRecording(short.recordingId, middle)
    await truncating
    await archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId: truncating.correlationId })
    expect(await archive.getStopPosition(short.recordingId)).toBe(middle)
    const purging = archive.purgeRecording(short.recordingId)
    expect(await purging).toBeGreaterThan(0n)
    await archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId: purging.correlationId })
    expect(await archive.listRecording(short.recordingId)).toBeUndefined()
  })

  test('replicates, with its signals', async () => {
    const { recordingId, positions } = await recordMessages(archive, CHANNEL, STREAM_ID, 100, 1000)
    using client = await Aeron.connect({ aeronDirectory: target.aeronDirectory })
    using other = await connectTo(target, client)
    const stopPosition = positions[49] ?? 0
    const replicationId = await other.replicate(recordingId, source.controlChannel, {
      stopPosition,
      fileIoMaxLength: 64 * 1024,
      replicationSessionId: 5,
    })
    await other.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId: replicationId })
    const [copy] = await other.listRecordings(0n, 1)
    expect(copy?.stopPosition).toBe(stopPosition)
    const seen = signals.filter((event) => event.correlationId === replicationId).map((event) => event.signal)
    expect(seen).toEqual(expect.arrayContaining([RecordingSignal.REPLICATE, RecordingSignal.EXTEND]))
    let index = 0
    for await (const { data } of other.replayMessages(copy?.recordingId ?? -1n, CHANNEL, REPLAY_STREAM_ID)) {
      expect(data).toEqual(messageOf(index++, 1000))
    }
    expect(index).toBe(50)
  })

  test('gives a recording, then the live stream, to a replay merge and a persistent subscription', async () => {
    const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
    const publication = await archive.addRecordedExclusivePublication(
      `aeron:udp?${control}|term-length=${TERM_LENGTH}|fc=max|ssc=true`,
      STREAM_ID,
    )
    const { counterId, recordingId } = await recordingOf(archive, publication)
    const live = `aeron:udp?endpoint=127.0.0.1:0|${control}`
    let sent = 0
    const publish = async (count: number): Promise<void> => {
      for (let end = sent + count; sent < end; sent++) await send(publication, messageOf(sent, 1000))
      await awaitRecorded(aeron, counterId, publication.position)
    }
    await publish(200)
    const subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', STREAM_ID)
    const merge = new ReplayMerge(archive, {
      subscription,
      replayChannel: `aeron:udp?session-id=${publication.sessionId}`,
      replayDestination: 'aeron:udp?endpoint=127.0.0.1:0',
      liveDestination: live,
      recordingId,
      startPosition: 0,
    })
    let merged = 0
    const persistent = await PersistentSubscription.create({
      aeron,
      archive: { controlRequestChannel: source.localControlChannel, controlResponseChannel: 'aeron:ipc' },
      recordingId,
      startPosition: FROM_START,
      liveChannel: live,
      liveStreamId: STREAM_ID,
      replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
      replayStreamId: REPLAY_STREAM_ID,
    })
    const received: Uint8Array[] = []
    const turn = (): true | undefined => {
      merge.poll((_buffer, _offset, length) => (merged += length), 50)
      persistent.poll((buffer, offset, length) => {
        received.push(Buffer.from(buffer.bytes.subarray(offset, offset + length)))
      }, 50)
      return merge.isMerged && persistent.isLive ? true : undefined
    }
    await until('both to be live', turn, 30_000)
    await publish(50)
    await until('the rest', () => {
      turn()
      subscription.poll((_buffer, _offset, length) => (merged += length), 50)
      return merged >= sent * 1000 && received.length >= sent ? true : undefined
    })
    expect(merged).toBe(sent * 1000)
    received.forEach((message, index) => expect(message).toEqual(messageOf(index, 1000)))
    persistent.close()
    merge.close()
    subscription.close()
    publication.close()
  })

  test('is refused what it is too old for, with its release; the session goes on', async () => {
    const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
    const isBefore = (schemaVersion: number): string =>
      archiveSchemaVersion < schemaVersion ? 'ARCHIVE_TOO_OLD' : 'no error'
    expect(await outcomeOf(() => archive.updateChannel(recordingId, 'aeron:ipc?alias=new'))).toBe(
      isBefore(13),
    )
    const replay = { length: REPLAY_ALL_AND_STOP }
    const stopping = async (): Promise<void> => {
      ;(await archive.replay(recordingId, CHANNEL, REPLAY_STREAM_ID, replay)).close()
    }
    expect(await outcomeOf(stopping)).toBe(isBefore(13))
    const responding = async (): Promise<void> => {
      ;(await archive.replay(recordingId, 'aeron:ipc?control-mode=response', REPLAY_STREAM_ID)).close()
    }
    expect(await outcomeOf(responding)).toBe(isBefore(10))
    const error: unknown = await (async () => archive.updateChannel(recordingId, 'aeron:ipc'))().catch(
      (reason: unknown) => reason,
    )
    expect(isArchiveError(error, 'ARCHIVE_TOO_OLD') ? error.context : undefined).toEqual(release.tooOld)
    expect(await archive.listRecording(recordingId)).toMatchObject({ recordingId })
  })

  test('is described by its files', async () => {
    await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
    const { archiveDirectory, aeronDirectory, controlChannel, pid } = source
    const markFile = readArchiveMarkFile(archiveDirectory)
    expect(markFile).toMatchObject({ pid, aeronDirectory, controlChannel, errors: [] })
    expect([archive.archiveId, undefined]).toContain(markFile.archiveId)
    const valid = readCatalog(archiveDirectory).recordings.filter(
      ({ state }) => state === RecordingState.VALID,
    )
    const listed = await archive.listRecordings(0n, 100)
    expect(valid).toEqual(listed.map((descriptor) => ({ ...descriptor, state: RecordingState.VALID })))
  })
})
