import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchJava,
  reservePorts,
  runJava,
  type ArchivingMediaDriverProcess,
  type JavaProgram,
} from '@x/aeron-tooling'
import { AeronArchive, FROM_START, PersistentSubscription, ReplayMerge } from '@x/archive'
import { Aeron, type ExclusivePublication } from '@x/client'
import { awaitRecorded, messageOf, recordingOf, recordMessages, send, until } from './archive-test-kit.ts'

// Java's samples on one side, this client on the other. ReplayedBasicSubscriber and RecordedBasicPublisher also run with the integration tests.

const PATIENCE_MS = 30_000
const REPLAY_STREAM_ID = 2101

let driver: ArchivingMediaDriverProcess
let other: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>
let aeron: Aeron
let archive: AeronArchive
let streamId = 1100

beforeAll(async () => {
  ports = await reservePorts(1)
  const launch = async (name: string): Promise<ArchivingMediaDriverProcess> =>
    launchArchivingMediaDriver({
      name,
      properties: {
        'aeron.archive.segment.file.length': '128k',
        'aeron.spies.simulate.connection': 'true',
        'aeron.ipc.term.buffer.length': '64k',
        'aeron.term.buffer.length': '64k',
      },
    })
  driver = await launch('java-interop')
  other = await launch('java-interop-other')
})

afterAll(async () => {
  await other?.close()
  await driver?.close()
  ports?.release()
})

beforeEach(async () => {
  streamId += 10
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

function liveChannel(): string {
  return `aeron:udp?endpoint=127.0.0.1:${ports.ports[0]}`
}

async function sample(name: string, properties: Record<string, string> = {}): Promise<JavaProgram> {
  return launchJava(`io.aeron.samples.archive.${name}`, {
    aeronDirectory: driver.aeronDirectory,
    properties: {
      'aeron.sample.channel': liveChannel(),
      'aeron.sample.streamId': String(streamId),
      'aeron.archive.control.channel': driver.localControlChannel,
      'aeron.archive.control.response.channel': 'aeron:ipc',
      ...properties,
    },
  })
}

/** A recorded publication of lines of text, numbered from 0. */
class Lines {
  readonly publication: ExclusivePublication
  readonly counterId: number
  count = 0

  private constructor(publication: ExclusivePublication, counterId: number) {
    this.publication = publication
    this.counterId = counterId
  }

  static async record(): Promise<Lines> {
    const publication = await archive.addRecordedExclusivePublication(liveChannel(), streamId)
    const { counterId } = await recordingOf(archive, publication)
    return new Lines(publication, counterId)
  }

  async publish(count: number): Promise<void> {
    for (let end = this.count + count; this.count < end; this.count++) {
      await send(this.publication, Buffer.from(`line ${this.count} of TypeScript`))
    }
    await awaitRecorded(aeron, this.counterId, this.publication.position)
  }
}

/** The numbers of the lines that a sample has printed. */
function linesIn(output: string): number[] {
  return [...output.matchAll(/<<line (\d+) of TypeScript>>/g)].map(([, number]) => Number(number))
}

test.each(['ReplayMergeSubscriber', 'PersistentSubscriber'])(
  '%s takes a recording of ours, then our live stream, each line once',
  async (name) => {
    const lines = await Lines.record()
    await lines.publish(200)
    await using subscriber = await sample(name)
    await subscriber.waitForOutput(/<<line 150 of TypeScript>>/, PATIENCE_MS)
    await Promise.all([
      subscriber.waitForOutput(/has joined live stream/, PATIENCE_MS),
      (async () => {
        while (!subscriber.output.includes('has joined live stream')) {
          await lines.publish(1)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      })(),
    ])
    await lines.publish(20)
    await until(
      'all lines',
      () => (linesIn(subscriber.output).length >= lines.count ? true : undefined),
      PATIENCE_MS,
    )
    expect(linesIn(subscriber.output)).toEqual(Array.from({ length: lines.count }, (_, index) => index))
    lines.publication.close()
  },
)

test("RecordedBasicPublisher's stream is taken by our replay merge and our persistent subscription", async () => {
  await using publisher = await sample('RecordedBasicPublisher', { 'aeron.sample.messages': '100' })
  await publisher.waitForOutput(/Offering 2/, PATIENCE_MS)
  const [recording] = await archive.listRecordingsForUri(0n, 10, liveChannel(), streamId)
  const { recordingId = -1n, sessionId = 0 } = recording ?? {}
  using subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', streamId)
  using merge = new ReplayMerge(archive, {
    subscription,
    replayChannel: `aeron:udp?session-id=${sessionId}`,
    replayDestination: 'aeron:udp?endpoint=127.0.0.1:0',
    liveDestination: liveChannel(),
    recordingId,
    startPosition: 0,
  })
  const merged: string[] = []
  await until(
    'the merge',
    () => {
      merge.poll((buffer, offset, length) => {
        merged.push(buffer.getStringWithoutLengthAscii(offset, length))
      }, 10)
      return merge.isMerged ? true : undefined
    },
    PATIENCE_MS,
  )
  expect(merged.slice(0, 3)).toEqual(['Hello World! 0', 'Hello World! 1', 'Hello World! 2'])
  merge.close()
  subscription.close()

  using persistent = await PersistentSubscription.create({
    aeron,
    archive: { controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' },
    recordingId,
    startPosition: FROM_START,
    liveChannel: liveChannel(),
    liveStreamId: streamId,
    replayChannel: 'aeron:ipc',
    replayStreamId: REPLAY_STREAM_ID,
  })
  const texts: string[] = []
  let replayed = -1
  await until(
    'two live messages',
    () => {
      persistent.poll((buffer, offset, length) => {
        texts.push(buffer.getStringWithoutLengthAscii(offset, length))
      }, 10)
      if (persistent.isLive && replayed < 0) replayed = texts.length
      return replayed >= 0 && texts.length >= replayed + 2 ? true : undefined
    },
    PATIENCE_MS,
  )
  expect(texts).toEqual(texts.map((_, index) => `Hello World! ${index}`))
})

test('RecordingReplicator copies what we recorded, and we read the copy', async () => {
  const { recordingId, stopPosition } = await recordMessages(archive, 'aeron:ipc', streamId, 300, 3000)
  const prefix = 'aeron.sample.archive.replicate'
  const { code, output } = await runJava('io.aeron.samples.archive.RecordingReplicator', {
    aeronDirectory: other.aeronDirectory,
    properties: {
      [`${prefix}.source.recording.id`]: String(recordingId),
      [`${prefix}.destination.recording.id`]: '-1',
      [`${prefix}.source.control.request.channel`]: driver.controlChannel,
      'aeron.archive.control.channel': other.localControlChannel,
      'aeron.archive.control.response.channel': 'aeron:ipc',
    },
  })
  expect(output).toContain(`Source recordingId=${recordingId} replicated to the destination`)
  expect(code).toBe(0)
  using copies = await AeronArchive.connect({
    aeronDirectory: other.aeronDirectory,
    controlRequestChannel: other.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  const copyId = BigInt(/destination recordingId=(\d+)/.exec(output)?.[1] ?? -1)
  expect(await copies.getStopPosition(copyId)).toBe(stopPosition)
  let index = 0
  for await (const { data } of copies.replayMessages(copyId, 'aeron:ipc', REPLAY_STREAM_ID)) {
    expect(data).toEqual(messageOf(index++, 3000))
  }
  expect(index).toBe(300)
})

test('ArchiveTool finds all that we recorded to be valid, and describes it', async () => {
  const tool = async (directory: string, ...args: string[]): Promise<string> => {
    const { code, output } = await runJava('io.aeron.archive.ArchiveTool', { args: [directory, ...args] })
    expect(code).toBe(0)
    return output
  }
  for (const { archiveDirectory } of [driver, other]) {
    const output = await tool(archiveDirectory, 'verify', '-a')
    expect(output).toMatch(/recordingId=\d+\) OK/)
    expect(output).not.toMatch(/ERR|INVALID|Exception/)
  }
  expect(await tool(driver.archiveDirectory, 'count-entries')).toMatch(/\d+/)
})
