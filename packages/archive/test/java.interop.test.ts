import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchJava,
  reservePorts,
  runJava,
  type ArchivingMediaDriverProcess,
  type JavaProgram,
} from '@x/aeron-tooling'
import {
  AeronArchive,
  FROM_START,
  PersistentSubscription,
  ReplayMerge,
  type RecordingDescriptor,
} from '@x/archive'
import { Aeron, type ExclusivePublication, type FragmentHandler } from '@x/client'
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
let testIndex = -1

beforeAll(async () => {
  ports = await reservePorts(8)
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
  testIndex++
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

// A port of its own for each test: the one of a program that was killed is bound until its driver has noticed.
function liveChannel(): string {
  return `aeron:udp?endpoint=127.0.0.1:${ports.ports[testIndex]}`
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

/** Starts RecordedBasicPublisher; gives its recording once a few messages are in it. */
async function recordedBasicPublisher(): Promise<{ publisher: JavaProgram; recording: RecordingDescriptor }> {
  const publisher = await sample('RecordedBasicPublisher', { 'aeron.sample.messages': '100' })
  await publisher.waitForOutput(/Offering 2/, PATIENCE_MS)
  const [recording] = await archive.listRecordingsForUri(0n, 10, liveChannel(), streamId)
  if (recording === undefined) throw new Error('Cannot find what RecordedBasicPublisher records')
  return { publisher, recording }
}

/** Polls until there are two messages more than when `isLive` became true, and gives all. */
async function readIntoLive(
  poll: (handler: FragmentHandler) => number,
  isLive: () => boolean,
): Promise<string[]> {
  const texts: string[] = []
  let enough = Number.POSITIVE_INFINITY
  await until(
    'two live messages',
    () => {
      poll((buffer, offset, length) => texts.push(buffer.getStringWithoutLengthAscii(offset, length)))
      if (isLive()) enough = Math.min(enough, texts.length + 2)
      return texts.length >= enough ? true : undefined
    },
    PATIENCE_MS,
  )
  return texts
}

function helloWorlds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Hello World! ${index}`)
}

test("RecordedBasicPublisher's recording and live stream are merged here", async () => {
  const { publisher, recording } = await recordedBasicPublisher()
  await using _publisher = publisher
  using subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', streamId)
  using merge = new ReplayMerge(archive, {
    subscription,
    replayChannel: `aeron:udp?session-id=${recording.sessionId}`,
    replayDestination: 'aeron:udp?endpoint=127.0.0.1:0',
    liveDestination: liveChannel(),
    recordingId: recording.recordingId,
    startPosition: 0,
  })
  const texts = await readIntoLive(
    (handler) => merge.poll(handler, 10),
    () => merge.isMerged,
  )
  expect(texts).toEqual(helloWorlds(texts.length))
})

test("RecordedBasicPublisher's recording and live stream are subscribed to persistently here", async () => {
  const { publisher, recording } = await recordedBasicPublisher()
  await using _publisher = publisher
  using subscription = await PersistentSubscription.create({
    aeron,
    archive: { controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' },
    recordingId: recording.recordingId,
    startPosition: FROM_START,
    liveChannel: liveChannel(),
    liveStreamId: streamId,
    replayChannel: 'aeron:ipc',
    replayStreamId: REPLAY_STREAM_ID,
  })
  const texts = await readIntoLive(
    (handler) => subscription.poll(handler, 10),
    () => subscription.isLive,
  )
  expect(texts).toEqual(helloWorlds(texts.length))
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
