import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, reservePorts, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, isArchiveError, ReplayMerge, type ReplayMergeOptions } from '@x/archive'
import { Aeron, type ExclusivePublication, type Subscription } from '@x/client'
import { awaitRecorded, messageOf, recordingOf, send } from './archive-test-kit.ts'

const STREAM_ID = 1501
const LENGTH = 1000

let driver: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>
let publishChannel: string
let liveDestination: string
let aeron: Aeron
let archive: AeronArchive

beforeAll(async () => {
  ports = await reservePorts(1)
  const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
  publishChannel = `aeron:udp?${control}|term-length=64k|fc=max`
  liveDestination = `aeron:udp?endpoint=127.0.0.1:0|${control}`
  driver = await launchArchivingMediaDriver({
    name: 'replay-merge-test',
    properties: { 'aeron.spies.simulate.connection': 'true' },
  })
})

afterAll(async () => {
  await driver.close()
  ports.release()
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

async function mergeOf(
  publication: ExclusivePublication,
  recordingId: bigint,
  options: Partial<ReplayMergeOptions> = {},
): Promise<{ merge: ReplayMerge; subscription: Subscription }> {
  const subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', STREAM_ID)
  const merge = new ReplayMerge(archive, {
    subscription,
    replayChannel: `aeron:udp?session-id=${publication.sessionId}`,
    replayDestination: 'aeron:udp?endpoint=127.0.0.1:0',
    liveDestination,
    recordingId,
    startPosition: 0,
    ...options,
  })
  return { merge, subscription }
}

test('two merges at once on one session, with other requests beside them, give every message once', async () => {
  const publication = await archive.addRecordedExclusivePublication(publishChannel, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  let sent = 0
  const publish = async (count: number): Promise<void> => {
    for (let end = sent + count; sent < end; sent++) await send(publication, messageOf(sent, LENGTH))
    await awaitRecorded(aeron, counterId, publication.position)
  }
  await publish(300)
  const merges = await Promise.all([mergeOf(publication, recordingId), mergeOf(publication, recordingId)])
  const total = 600
  const publishing = (async () => {
    while (sent < total) {
      await publish(10)
      expect(await archive.getStartPosition(recordingId)).toBe(0)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  const read = async ({ merge }: { merge: ReplayMerge }): Promise<number> => {
    let index = 0
    for await (const { data } of merge) {
      expect(data).toEqual(messageOf(index++, LENGTH))
      if (index >= total && merge.isMerged) return index
      // The merge is done when there is something to merge with: keep the stream going.
      if (index === sent && sent >= total && !merge.isMerged) await publish(1)
    }
    return index
  }
  const counts = await Promise.all(merges.map((each) => read(each)))
  await publishing
  for (const count of counts) expect(count).toBeGreaterThanOrEqual(total)
  for (const { merge, subscription } of merges) {
    expect(merge.isLiveAdded).toBe(true)
    expect(merge.image?.activeTransportCount).toBeGreaterThan(0)
    merge.close()
    expect(merge.state).toBe('CLOSED')
    subscription.close()
  }
  publication.close()
})

test('merged() waits for the live stream, and closing a merge half-way leaves nothing', async () => {
  const publication = await archive.addRecordedExclusivePublication(publishChannel, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  for (let index = 0; index < 100; index++) await send(publication, messageOf(index, LENGTH))
  await awaitRecorded(aeron, counterId, publication.position)
  const half = await mergeOf(publication, recordingId)
  while (half.merge.state !== 'CATCHUP') {
    half.merge.doWork()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  half.merge.close()
  half.merge.close()
  half.subscription.close()
  expect(half.merge.doWork()).toBe(0)

  const { merge, subscription } = await mergeOf(publication, recordingId)
  let received = 0
  const image = await merge.merged(() => received++)
  expect(received).toBe(100)
  merge.close()
  const position = await send(publication, messageOf(100, LENGTH))
  while ((image?.position ?? 0) < position) {
    subscription.poll(() => received++, 10)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(received).toBe(101)
  subscription.close()
  publication.close()
})

test('a merge fails with the reason, and refuses what it cannot merge', async () => {
  const publication = await archive.addRecordedExclusivePublication(publishChannel, STREAM_ID)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  await awaitRecorded(aeron, counterId, await send(publication, messageOf(0, LENGTH)))
  const failureOf = async (id: bigint, options: Partial<ReplayMergeOptions>): Promise<unknown> => {
    const { merge, subscription } = await mergeOf(publication, id, options)
    const error: unknown = await merge.merged(() => undefined).catch((reason: unknown) => reason)
    expect(merge.hasFailed).toBe(true)
    expect(merge.doWork()).toBe(0)
    merge.close()
    subscription.close()
    return error
  }
  const unknown = await failureOf(1_000_000n, {})
  expect(isArchiveError(unknown, 'REPLAY_MERGE_FAILED') && unknown.context.state).toBe(
    'GET_RECORDING_POSITION',
  )
  expect(isArchiveError((unknown as Error).cause, 'UNKNOWN_RECORDING')).toBe(true)
  const behind = await failureOf(recordingId, { startPosition: 64 * 1024 })
  expect(isArchiveError((behind as Error).cause, 'INVALID_POSITION')).toBe(true)
  const nowhere = await failureOf(recordingId, {
    liveDestination: 'aeron:udp?endpoint=127.0.0.1:0|control=127.0.0.1:1|control-mode=dynamic',
    mergeProgressTimeoutMs: 300,
  })
  expect(isArchiveError(nowhere, 'REPLAY_MERGE_FAILED')).toBe(true)

  // What the driver refuses is told at once, by the merge and by nobody else: the client has no error handler that could take it. A replay destination whose
  // port is known is also given to the archive, which may refuse it first: here it is not.
  const refusals = [
    { replayDestination: 'aeron:udp?endpoint=127.0.0.1:0|interface=203.0.113.7/32' },
    { liveDestination: 'aeron:udp?endpoint=localhost' },
  ]
  for (const refused of refusals) {
    const error = await failureOf(recordingId, { ...refused, mergeProgressTimeoutMs: 60_000 })
    expect((error as Error).cause).toMatchObject({ code: 'REGISTRATION_FAILED' })
    expect((error as Error).message).toContain(`Cannot add the destination "${Object.values(refused)[0]}"`)
  }

  await expect(mergeOf(publication, recordingId, { replayChannel: 'aeron:ipc' })).rejects.toThrow(TypeError)
  await expect(mergeOf(publication, recordingId, { replayDestination: 'aeron:udp' })).rejects.toThrow(
    TypeError,
  )
  await expect(mergeOf(publication, recordingId, { startPosition: -1 })).rejects.toThrow(RangeError)
  const subscription = await aeron.addSubscription('aeron:udp?endpoint=127.0.0.1:0', STREAM_ID)
  await expect(mergeOf(publication, recordingId, { subscription })).rejects.toThrow('control-mode=manual')
  publication.close()
})
