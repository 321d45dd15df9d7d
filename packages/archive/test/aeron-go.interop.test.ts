import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  buildGoPrograms,
  launchArchivingMediaDriver,
  reservePorts,
  type ArchivingMediaDriverProcess,
} from '@x/aeron-tooling'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AeronArchive, FROM_START, PersistentSubscription, ReplayMerge, type StreamMessage } from '@x/archive'
import { Aeron } from '@x/client'
import { awaitEnd, awaitRecorded, messageOf, recordingOf, send, until } from './archive-test-kit.ts'
import { RunningProgram } from './support/go/running-program.ts'

// The archive client of aeron-go on one side, this one on the other: its own examples, and a program of ours that uses it. Its example of a merge prints nothing
// that could be checked.

const RECORDER = fileURLToPath(new URL('support/go/recorder', import.meta.url))
const EXAMPLES = ['basic_recording_publisher', 'basic_replayed_subscriber']
const MESSAGE_COUNT = 1_000
const REPLAY_STREAM_ID = 2_201

let folder: string
let executable: (name: string) => string
let driver: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>
let aeron: Aeron
let archive: AeronArchive
let streamId = 1_200
let testIndex = -1

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aeron-go-archive-'))
  executable = await buildGoPrograms({
    folder,
    sources: [RECORDER],
    examples: EXAMPLES.map((name) => `archive/examples/${name}`),
  })
  ports = await reservePorts(10)
  driver = await launchArchivingMediaDriver({
    name: 'aeron-go-archive',
    properties: {
      'aeron.archive.segment.file.length': '128k',
      'aeron.spies.simulate.connection': 'true',
      'aeron.ipc.term.buffer.length': '64k',
      'aeron.term.buffer.length': '64k',
    },
  })
}, 600_000)

afterAll(async () => {
  await driver?.close()
  ports?.release()
  rmSync(folder, { recursive: true, force: true })
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

function liveChannel(): string {
  return `aeron:udp?endpoint=127.0.0.1:${ports.ports[testIndex]}`
}

/** The message that the recorder publishes as this one. */
function message(index: number): Uint8Array {
  return messageOf(index, 1 + ((index * 7919) % 5000))
}

function recorder(command: string, channel: string, count: number, ...rest: readonly string[]): string[] {
  const control = [driver.aeronDirectory, driver.controlChannel, 'aeron:udp?endpoint=127.0.0.1:0']
  return [command, ...control, channel, String(streamId), String(count), ...rest]
}

function exampleOptions(): string[] {
  const values = {
    prefix: driver.aeronDirectory,
    messages: '3',
    requestchannel: driver.controlChannel,
    responsechannel: 'aeron:udp?endpoint=127.0.0.1:0',
    samplechannel: liveChannel(),
    mdcchannel: liveChannel(),
    samplestream: String(streamId),
  }
  return ['-verbose', ...Object.entries(values).flatMap(([name, value]) => [`-${name}`, value])]
}

test.each(['aeron:ipc', 'UDP'])(
  'what aeron-go records over %s is replayed here, byte for byte',
  async (media) => {
    const channel = media === 'UDP' ? liveChannel() : media
    await using go = new RunningProgram(executable('recorder'), recorder('record', channel, MESSAGE_COUNT))
    await go.waitForOutput(/recorded \d+/)
    const recordingId = BigInt(/recorded (\d+)/.exec(go.output)?.[1] ?? -1)
    let index = 0
    for await (const { data } of archive.replayMessages(recordingId, 'aeron:ipc', REPLAY_STREAM_ID)) {
      expect(data).toEqual(message(index++))
      if (index === MESSAGE_COUNT) break
    }
    expect(index).toBe(MESSAGE_COUNT)
  },
)

test.each(['aeron:ipc', 'UDP'])(
  'what is recorded here is replayed by aeron-go over %s, byte for byte',
  async (media) => {
    const publication = await archive.addRecordedExclusivePublication('aeron:ipc', streamId)
    const { counterId, recordingId } = await recordingOf(archive, publication)
    for (let index = 0; index < MESSAGE_COUNT; index++) await send(publication, message(index))
    await awaitRecorded(aeron, counterId, publication.position)
    publication.close()
    await awaitEnd(archive, counterId, recordingId)
    const channel = media === 'UDP' ? liveChannel() : media
    const args = recorder('replay', channel, MESSAGE_COUNT, String(recordingId))
    await using go = new RunningProgram(executable('recorder'), args)
    const [, count] = await go.waitForOutput(/complete: (\d+) messages/)
    expect(Number(count)).toBe(MESSAGE_COUNT)
  },
)

test('aeron-go merges a recording of ours with our live stream', async () => {
  const publication = await archive.addRecordedExclusivePublication(liveChannel(), streamId)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  let sent = 0
  for (; sent < MESSAGE_COUNT; sent++) await send(publication, message(sent))
  await awaitRecorded(aeron, counterId, publication.position)
  const total = MESSAGE_COUNT + 200
  const args = recorder('merge', 'aeron:udp', total, String(recordingId), liveChannel())
  await using go = new RunningProgram(executable('recorder'), args)
  while (!go.hasEnded && !/complete/.test(go.output)) {
    if (sent < total || !/merged/.test(go.output)) await send(publication, message(sent++))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(go.output).toMatch(/merged after \d+ messages/)
  expect(go.output).toMatch(/complete: \d+ messages/)
  publication.close()
})

/** Starts a recorded publication of aeron-go, which goes on; gives the recording and its session. */
async function recordingOfGo(go: RunningProgram): Promise<{ recordingId: bigint; sessionId: number }> {
  const [, id = ''] = await go.waitForOutput(/recorded (\d+)/)
  const recordingId = BigInt(id)
  return { recordingId, sessionId: (await archive.listRecording(recordingId))?.sessionId ?? 0 }
}

/** Takes messages until there are fifty after `isLive` became true; each must be the next one. */
async function readIntoLive(messages: AsyncIterable<StreamMessage>, isLive: () => boolean): Promise<void> {
  let index = 0
  let enough = Number.POSITIVE_INFINITY
  for await (const { data } of messages) {
    expect(data).toEqual(message(index++))
    if (isLive()) enough = Math.min(enough, index + 50)
    if (index >= enough) return
  }
}

test("aeron-go's recording and live stream are merged here", async () => {
  await using go = new RunningProgram(executable('recorder'), recorder('record', liveChannel(), 300))
  const { recordingId, sessionId } = await recordingOfGo(go)
  using subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', streamId)
  using merge = new ReplayMerge(archive, {
    subscription,
    replayChannel: `aeron:udp?session-id=${sessionId}`,
    replayDestination: 'aeron:udp?endpoint=127.0.0.1:0',
    liveDestination: liveChannel(),
    recordingId,
    startPosition: 0,
  })
  await readIntoLive(merge, () => merge.isMerged)
  expect(merge.isMerged).toBe(true)
})

test("aeron-go's recording and live stream are subscribed to persistently here", async () => {
  await using go = new RunningProgram(executable('recorder'), recorder('record', liveChannel(), 300))
  const { recordingId } = await recordingOfGo(go)
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
  await readIntoLive(persistent, () => persistent.isLive)
  expect(persistent.isLive).toBe(true)
})

test("aeron-go's example basic_recording_publisher is replayed here", async () => {
  await using publisher = new RunningProgram(executable('basic_recording_publisher'), exampleOptions())
  await until('the end of the example', () => (publisher.hasEnded ? true : undefined), 30_000)
  const [recording] = await archive.listRecordingsForUri(0n, 10, liveChannel(), streamId)
  const texts: string[] = []
  for await (const { data } of archive.replayMessages(
    recording?.recordingId ?? -1n,
    'aeron:ipc',
    REPLAY_STREAM_ID,
  )) {
    texts.push(data.toString())
  }
  expect(texts).toEqual(['this is a message 0', 'this is a message 1', 'this is a message 2'])
})

test("aeron-go's example basic_replayed_subscriber replays a recording of ours", async () => {
  const publication = await archive.addRecordedExclusivePublication(liveChannel(), streamId)
  const { counterId, recordingId } = await recordingOf(archive, publication)
  for (const text of ['first of ours', 'second of ours']) await send(publication, Buffer.from(text))
  await awaitRecorded(aeron, counterId, publication.position)
  publication.close()
  await awaitEnd(archive, counterId, recordingId)
  await using subscriber = new RunningProgram(executable('basic_replayed_subscriber'), exampleOptions())
  await subscriber.waitForOutput(/second of ours/)
  expect(subscriber.output).toContain('first of ours')
})
