import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchMediaDriver,
  reservePorts,
  type ArchivingMediaDriverProcess,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { AeronArchive, FROM_START, PersistentSubscription, ReplayMerge, type StreamMessage } from '@x/archive'
import { Aeron, type ExclusivePublication } from '@x/client'
import { awaitRecorded, messageOf, recordingOf, send } from './archive-test-kit.ts'

// The driver of the subscriber loses a part of all that it receives: replay, live stream, setups, and the answers of the archive.

const STREAM_ID = 1851
const REPLAY_STREAM_ID = 2851
const LENGTH = 1_000
const RECORDED = 1_000
const LIVE = 500
const LOSS = {
  'aeron.ReceiveChannelEndpoint.supplier': 'io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier',
  'aeron.debug.receive.data.loss.rate': '0.3',
  'aeron.debug.receive.data.loss.seed': '7',
  'aeron.debug.receive.control.loss.rate': '0.1',
  'aeron.debug.receive.control.loss.seed': '8',
}

let node: ArchivingMediaDriverProcess
let driver: MediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>

beforeAll(async () => {
  ports = await reservePorts(1)
  node = await launchArchivingMediaDriver({
    name: 'archive-loss-node',
    properties: { 'aeron.spies.simulate.connection': 'true' },
  })
  driver = await launchMediaDriver({ name: 'archive-loss-client', properties: LOSS })
})

afterAll(async () => {
  await driver?.close()
  await node?.close()
  ports?.release()
})

interface Recorded {
  readonly publication: ExclusivePublication
  readonly recordingId: bigint
  readonly liveChannel: string
  /** Goes on with the live stream until it has so many messages. */
  publishTo(count: number): Promise<void>
}

/** Records a stream on the node, whose driver loses nothing. */
async function record(archive: AeronArchive): Promise<Recorded> {
  const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
  const publication = await archive.addRecordedExclusivePublication(
    `aeron:udp?${control}|term-length=64k|fc=max`,
    STREAM_ID,
  )
  const { counterId, recordingId } = await recordingOf(archive, publication)
  let sent = 0
  const publishTo = async (count: number): Promise<void> => {
    for (; sent < count; sent++) await send(publication, messageOf(sent, LENGTH))
    await awaitRecorded(archive.aeron, counterId, publication.position)
  }
  await publishTo(RECORDED)
  return { publication, recordingId, liveChannel: `aeron:udp?endpoint=127.0.0.1:0|${control}`, publishTo }
}

/** Checks that the messages come each once and in order, to the last; publishes the live ones while they are read. */
async function checkAll(messages: AsyncIterable<StreamMessage>, recorded: Recorded): Promise<number> {
  let index = 0
  for await (const { data } of messages) {
    if (Buffer.compare(data, messageOf(index, LENGTH)) !== 0) throw new Error(`message ${index} differs`)
    index++
    if (index < RECORDED / 2) continue
    await recorded.publishTo(Math.min(RECORDED + LIVE, RECORDED + index - RECORDED / 2))
    if (index === RECORDED + LIVE) break
  }
  return index
}

async function withNode(run: (local: AeronArchive, aeron: Aeron) => Promise<void>): Promise<void> {
  using localAeron = await Aeron.connect({ aeronDirectory: node.aeronDirectory })
  using local = await AeronArchive.connect({
    aeron: localAeron,
    controlRequestChannel: node.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  await run(local, aeron)
}

function remoteOptions(): { controlRequestChannel: string; controlResponseChannel: string } {
  return {
    controlRequestChannel: node.controlChannel,
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
  }
}

test('a persistent subscription gets all of recording and live stream in spite of loss', async () => {
  await withNode(async (local, aeron) => {
    const recorded = await record(local)
    using subscription = await PersistentSubscription.create({
      aeron,
      archive: remoteOptions(),
      recordingId: recorded.recordingId,
      startPosition: FROM_START,
      liveChannel: recorded.liveChannel,
      liveStreamId: STREAM_ID,
      replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
      replayStreamId: REPLAY_STREAM_ID,
    })
    expect(await checkAll(subscription, recorded)).toBe(RECORDED + LIVE)
    expect(subscription.failureReason).toBeUndefined()
    recorded.publication.close()
  })
})

test('a replay merge and a replay get all in spite of loss, with many requests beside them', async () => {
  await withNode(async (local, aeron) => {
    const recorded = await record(local)
    const { recordingId } = recorded
    using archive = await AeronArchive.connect({ aeron, ...remoteOptions() })
    using subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', STREAM_ID)
    using merge = new ReplayMerge(archive, {
      subscription,
      replayChannel: `aeron:udp?session-id=${recorded.publication.sessionId}`,
      replayDestination: 'aeron:udp?endpoint=127.0.0.1:0',
      liveDestination: recorded.liveChannel,
      recordingId,
      startPosition: 0,
      mergeProgressTimeoutMs: 20_000,
    })
    const starts = Array.from({ length: 100 }, () => archive.getStartPosition(recordingId))
    const lists = Array.from({ length: 10 }, () => archive.listRecordings(recordingId, 1))
    const [read] = await Promise.all([checkAll(merge, recorded), ...starts, ...lists])
    expect(read).toBe(RECORDED + LIVE)
    const { publication } = recorded
    let index = 0
    for await (const { data } of archive.replayMessages(
      recordingId,
      'aeron:udp?endpoint=127.0.0.1:0',
      REPLAY_STREAM_ID,
      { length: publication.position },
    )) {
      expect(data).toEqual(messageOf(index++, LENGTH))
    }
    expect(index).toBe(RECORDED + LIVE)
    publication.close()
  })
})
