import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  launchArchivingMediaDriver,
  launchJava,
  runJava,
  type ArchivingMediaDriverProcess,
} from '@x/aeron-tooling'
import { AeronArchive, RecordingSignal } from '@x/archive'
import { Aeron, ChannelUri, isRetryable, type Publication } from '@x/client'
import { awaitEnd, awaitRecorded, messageOf, recordingOf, recordMessages } from './archive-test-kit.ts'

const CHANNEL = 'aeron:ipc?term-length=1m'
const STREAM_ID = 1701
const REPLAY_STREAM_ID = 2701
const MIB = 1024 * 1024
const TIMEOUT_MS = 180_000

let driver: ArchivingMediaDriverProcess

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({
    name: 'archive-integrity-test',
    properties: {
      'aeron.shared.idle.strategy': 'org.agrona.concurrent.YieldingIdleStrategy',
      'aeron.archive.idle.strategy': 'org.agrona.concurrent.YieldingIdleStrategy',
    },
  })
})

afterAll(async () => {
  await driver.close()
})

async function connect(): Promise<{ aeron: Aeron; archive: AeronArchive }> {
  const aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  return { aeron, archive }
}

function lengthOf(index: number): number {
  return 1 + ((index * 7919) % 100_000)
}

/** Publishes messages of many lengths until they are so many bytes, and gives their digest. */
async function publishBytes(
  publication: Publication,
  first: number,
  byteCount: number,
): Promise<{ digest: string; end: number }> {
  const hash = createHash('sha256')
  let sent = 0
  let index = first
  for (; sent < byteCount; index++) {
    const message = messageOf(index, lengthOf(index))
    hash.update(message)
    sent += message.length
    while (true) {
      const result = publication.offer(message)
      if (result > 0) break
      if (!isRetryable(result)) throw new Error(`Cannot offer: result is ${result}`)
      await nextTurn()
    }
    // The conductor must have its turns also where the archive keeps up.
    await nextTurn()
  }
  return { digest: hash.digest('hex'), end: index }
}

async function digestOf(archive: AeronArchive, recordingId: bigint, position: number): Promise<string> {
  const hash = createHash('sha256')
  const messages = archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID, { position })
  for await (const { data } of messages) hash.update(data)
  return hash.digest('hex')
}

test(
  'more than 64 MiB of fragmented messages in many files are replayed byte for byte, and extended after a restart of archive and driver',
  async () => {
    const first = await connect()
    const publication = await first.archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
    const { counterId, recordingId } = await recordingOf(first.archive, publication)
    const published = await publishBytes(publication, 0, 66 * MIB)
    const stopPosition = publication.position
    expect(stopPosition).toBeGreaterThan(66 * MIB)
    await awaitRecorded(first.aeron, counterId, stopPosition)
    publication.close()
    await awaitEnd(first.archive, counterId, recordingId)
    expect(await digestOf(first.archive, recordingId, 0)).toBe(published.digest)
    first.archive.close()
    first.aeron.close()

    await driver.restart()
    const second = await connect()
    const descriptor = await second.archive.listRecording(recordingId)
    expect(descriptor?.stopPosition).toBe(stopPosition)
    const { initialTermId = 0, termBufferLength = 1, segmentFileLength = 1 } = descriptor ?? {}
    expect(stopPosition / segmentFileLength).toBeGreaterThan(10)
    const channel = ChannelUri.parse(CHANNEL)
      .put('init-term-id', String(initialTermId))
      .put('term-id', String((initialTermId + Math.floor(stopPosition / termBufferLength)) | 0))
      .put('term-offset', String(stopPosition % termBufferLength))
    const extension = await second.aeron.addExclusivePublication(channel.toString(), STREAM_ID)
    expect(extension.position).toBe(stopPosition)
    const session = channel.put('session-id', String(extension.sessionId)).toString()
    const extending = second.archive.extendRecording(recordingId, session, STREAM_ID)
    await extending
    const { correlationId } = extending
    await second.archive.awaitSignal({ signal: RecordingSignal.EXTEND, correlationId })
    const extended = await recordingOf(second.archive, extension)
    const more = await publishBytes(extension, published.end, 4 * MIB)
    await awaitRecorded(second.aeron, extended.counterId, extension.position)
    extension.close()
    await awaitEnd(second.archive, extended.counterId, recordingId)
    expect(await digestOf(second.archive, recordingId, stopPosition)).toBe(more.digest)
    second.archive.close()
    second.aeron.close()
  },
  TIMEOUT_MS,
)

test('ArchiveTool finds all that was recorded here to be valid', async () => {
  const { exitCode, output } = await archiveTool('verify', '-a')
  expect(output).toMatch(/recordingId=\d+\) OK/)
  expect(output).not.toMatch(/ERR|INVALID|Exception/)
  expect(exitCode).toBe(0)
})

async function archiveTool(...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  const result = await runJava('io.aeron.archive.ArchiveTool', { args: [driver.archiveDirectory, ...args] })
  return { exitCode: result.code, output: result.output }
}

test("what TypeScript recorded is replayed by Java's ReplayedBasicSubscriber", async () => {
  const { aeron, archive } = await connect()
  await recordMessages(archive, CHANNEL, STREAM_ID + 1, 5, 100)
  await using subscriber = await launchJava('io.aeron.samples.archive.ReplayedBasicSubscriber', {
    aeronDirectory: driver.aeronDirectory,
    properties: {
      'aeron.sample.channel': CHANNEL,
      'aeron.sample.streamId': String(STREAM_ID + 1),
      'aeron.archive.control.channel': driver.localControlChannel,
      'aeron.archive.control.response.channel': 'aeron:ipc',
    },
  })
  const pattern = /(?:Message to stream [\s\S]*){5}/
  expect(await subscriber.waitForOutput(pattern, 20_000)).not.toBeNull()
  archive.close()
  aeron.close()
})
