import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, reservePorts, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, RecordingSignal, type RecordingSignalEvent } from '@x/archive'
import { Aeron } from '@x/client'
import {
  awaitRecorded,
  codeOf,
  messageOf,
  recordingOf,
  recordMessages,
  send,
  stopPositionOf,
  until,
} from './archive-test-kit.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'
const STREAM_ID = 1601
const REPLAY_STREAM_ID = 2601

/** A node with an archive, and a client of it. */
interface Node {
  readonly driver: ArchivingMediaDriverProcess
  readonly aeron: Aeron
  readonly archive: AeronArchive
}

let drivers: ArchivingMediaDriverProcess[]
let ports: Awaited<ReturnType<typeof reservePorts>>
let source: Node
let target: Node
let signals: RecordingSignalEvent[]

beforeAll(async () => {
  ports = await reservePorts(1)
  drivers = await Promise.all(
    ['source', 'target'].map(async (name) =>
      launchArchivingMediaDriver({
        name: `archive-replication-${name}`,
        fastTimeouts: true,
        properties: {
          'aeron.archive.segment.file.length': '128k',
          'aeron.spies.simulate.connection': 'true',
          'aeron.archive.message.timeout': '3s',
        },
      }),
    ),
  )
})

afterAll(async () => {
  for (const driver of drivers ?? []) await driver.close()
  ports.release()
})

async function nodeOf(driver: ArchivingMediaDriverProcess | undefined): Promise<Node> {
  if (driver === undefined) throw new Error('Cannot use a node that was not started')
  const aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
    // Much longer than an archive waits for the other one.
    messageTimeoutMs: 20_000,
    onRecordingSignal: (event) => signals.push(event),
  })
  return { driver, aeron, archive }
}

beforeEach(async () => {
  signals = []
  source = await nodeOf(drivers[0])
  target = await nodeOf(drivers[1])
})

afterEach(() => {
  for (const { archive, aeron } of [source, target]) {
    archive.close()
    aeron.close()
  }
})

async function indexesOf({ archive }: Node, recordingId: bigint): Promise<number> {
  let index = 0
  for await (const { data } of archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID)) {
    if (Buffer.compare(data, messageOf(index, data.length)) !== 0) throw new Error(`message ${index} differs`)
    index++
  }
  return index
}

test('a stopped recording is copied, in full and then further, and its signals come in order', async () => {
  const { recordingId, positions, stopPosition } = await recordMessages(
    source.archive,
    CHANNEL,
    STREAM_ID,
    400,
    1000,
  )
  const middle = positions[199] ?? 0
  const correlationId = await target.archive.replicate(recordingId, source.driver.controlChannel, {
    stopPosition: middle,
    fileIoMaxLength: 64 * 1024,
    replicationSessionId: 77,
  })
  await target.archive.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId })
  const copy = signals.find((event) => event.signal === RecordingSignal.REPLICATE)
  expect(copy?.correlationId).toBe(correlationId)
  const copyId = copy?.recordingId ?? -1n
  expect(await stopPositionOf(target.archive, copyId)).toBe(middle)
  expect(await indexesOf(target, copyId)).toBe(200)

  const further = await target.archive.replicate(recordingId, source.driver.controlChannel, {
    destinationRecordingId: copyId,
    sourceControlStreamId: 10,
    replicationChannel: 'aeron:udp?endpoint=127.0.0.1:0',
  })
  await target.archive.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId: further })
  expect(await stopPositionOf(target.archive, copyId)).toBe(stopPosition)
  expect(await indexesOf(target, copyId)).toBe(400)

  const again = await target.archive.replicate(recordingId, source.driver.controlChannel, {
    destinationRecordingId: copyId,
  })
  await target.archive.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId: again })
  const order = (id: bigint): (RecordingSignal | undefined)[] =>
    signals.filter((event) => event.correlationId === id).map((event) => event.signal)
  const { REPLICATE, EXTEND, SYNC, REPLICATE_END } = RecordingSignal
  expect(order(correlationId)[0]).toBe(REPLICATE)
  // The end of the replication and that of the recording it makes come from two parts of the archive, in any order.
  expect(order(correlationId)).toEqual(expect.arrayContaining([EXTEND, REPLICATE_END]))
  expect(order(further)[0]).toBe(EXTEND)
  expect(order(again)).toEqual([SYNC, REPLICATE_END])
})

test('an active recording is followed until the replication is stopped', async () => {
  const publication = await source.archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(source.archive, publication)
  for (let index = 0; index < 100; index++) await send(publication, messageOf(index, 1000))
  await awaitRecorded(source.aeron, counterId, publication.position)
  const replicationId = await target.archive.replicate(recordingId, source.driver.controlChannel)
  const started = await target.archive.awaitSignal({
    signal: RecordingSignal.EXTEND,
    correlationId: replicationId,
  })
  for (let index = 100; index < 200; index++) await send(publication, messageOf(index, 1000))
  const reached = publication.position
  const deadline = Date.now() + 30_000
  while (
    (await target.archive.getMaxRecordedPosition(started.recordingId)) < reached &&
    Date.now() < deadline
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await target.archive.stopReplication(replicationId)
  await target.archive.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId: replicationId })
  expect(await codeOf(target.archive.stopReplication(replicationId))).toBe('UNKNOWN_REPLICATION')
  expect(await target.archive.tryStopReplication(replicationId)).toBe(false)
  publication.close()
  expect(await indexesOf(target, started.recordingId)).toBe(200)
})

test('a replication goes over to the live stream, several at once', async () => {
  const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
  const publication = await source.archive.addRecordedExclusivePublication(
    `aeron:udp?${control}|term-length=64k|fc=max`,
    STREAM_ID,
  )
  const { counterId, recordingId } = await recordingOf(source.archive, publication)
  for (let index = 0; index < 200; index++) await send(publication, messageOf(index, 1000))
  await awaitRecorded(source.aeron, counterId, publication.position)
  const ids = await Promise.all(
    [{ channelTagId: 901n, subscriptionTagId: 902n }, {}].map((tags) =>
      target.archive.replicate(recordingId, source.driver.controlChannel, {
        liveDestination: `aeron:udp?endpoint=127.0.0.1:0|${control}`,
        ...tags,
      }),
    ),
  )
  const merging = ids.map((correlationId) =>
    target.archive.awaitSignal({ signal: RecordingSignal.MERGE, correlationId }, 60_000),
  )
  let sent = 200
  while (merging.some((each) => !each.isDone)) {
    await send(publication, messageOf(sent++, 1000))
    for (const each of merging) each.poll()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const merged = await Promise.all(merging)
  for (let end = sent + 50; sent < end; sent++) await send(publication, messageOf(sent, 1000))
  for (const { recordingId: copyId } of merged) {
    const position = target.archive
    const deadline = Date.now() + 30_000
    while ((await position.getMaxRecordedPosition(copyId)) < publication.position && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await position.stopRecordingByIdentity(copyId)
    await position.awaitSignal({ signal: RecordingSignal.STOP, recordingId: copyId })
    expect(await indexesOf(target, copyId)).toBe(sent)
  }
  publication.close()
})

test('a recording is copied with the answers and the data over response channels', async () => {
  const { recordingId, stopPosition } = await recordMessages(source.archive, CHANNEL, STREAM_ID, 50, 1000)
  const reservation = await reservePorts(1)
  const response = `aeron:udp?control-mode=response|control=127.0.0.1:${reservation.ports[0]}`
  const correlationId = await target.archive.replicate(recordingId, source.driver.controlChannel, {
    sourceResponseChannel: response,
    replicationChannel: response,
  })
  // Whether it tells of SYNC before is a matter of which of its parts sees the end of the replay first.
  await target.archive.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId })
  const copyId = signals.find((event) => event.signal === RecordingSignal.REPLICATE)?.recordingId ?? -1n
  expect(await stopPositionOf(target.archive, copyId)).toBe(stopPosition)
  expect(await indexesOf(target, copyId)).toBe(50)
  reservation.release()
})

test('what cannot be replicated is refused at once, or told late', async () => {
  const { recordingId } = await recordMessages(source.archive, CHANNEL, STREAM_ID, 1, 100)
  const { controlChannel } = source.driver
  const { archive } = target
  expect(
    await codeOf(archive.replicate(recordingId, controlChannel, { destinationRecordingId: 1_000_000n })),
  ).toBe('UNKNOWN_RECORDING')
  // On a busy machine the one archive may not reach the other in its 3 s: then it is asked again.
  const refusalOf = async (signal: RecordingSignal): Promise<string> => {
    for (;;) {
      const correlationId = await archive.replicate(1_000_000n, controlChannel)
      const code = await codeOf(archive.awaitSignal({ signal, correlationId }))
      if (code !== 'REPLICATION_CONNECTION_FAILURE') return code
    }
  }
  expect(await refusalOf(RecordingSignal.SYNC)).toBe('UNKNOWN_RECORDING')
  expect(await refusalOf(RecordingSignal.REPLICATE_END)).toBe('UNKNOWN_RECORDING')
  const nowhere = await archive.replicate(recordingId, 'aeron:udp?endpoint=127.0.0.1:1')
  expect(await codeOf(archive.awaitSignal({ signal: RecordingSignal.SYNC, correlationId: nowhere }))).toBe(
    'REPLICATION_CONNECTION_FAILURE',
  )
  // A replication that failed has an end too, which comes after the error and is no success, for who waits from the start or asks when all is over.
  const ending = { signal: RecordingSignal.REPLICATE_END, correlationId: nowhere }
  await until('the end of it', () =>
    signals.some((event) => event.correlationId === nowhere && event.signal === ending.signal)
      ? true
      : undefined,
  )
  expect(await codeOf(archive.awaitSignal(ending))).toBe('REPLICATION_CONNECTION_FAILURE')
  expect(await codeOf(archive.awaitSignal({ correlationId: 1n }, 50))).toBe('SIGNAL_TIMEOUT')
  const waiting = archive.awaitSignal({ correlationId: 1n })
  waiting.cancel()
  expect(await codeOf(waiting)).toBe('REQUEST_CANCELLED')
})
