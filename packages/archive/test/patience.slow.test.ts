import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchMediaDriver,
  readCounters,
  type ArchivingMediaDriverProcess,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { AeronArchive, ArchiveError } from '@x/archive'
import { Aeron, isAeronError } from '@x/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { messageOf, recordingOf, recordMessages, send, until } from './archive-test-kit.ts'

// Counters of the archive: one for each session, with its id as the value, and the number of running replays. Protocol: Aeron's AeronCounters.
const CONTROL_SESSION_TYPE_ID = 113
const REPLAY_SESSIONS_TYPE_ID = 112

let driver: MediaDriverProcess
let node: ArchivingMediaDriverProcess

beforeAll(async () => {
  driver = await launchMediaDriver({ name: 'archive-patience-client', fastTimeouts: true })
  node = await launchArchivingMediaDriver({ name: 'archive-patience-archive', fastTimeouts: true })
})

afterAll(async () => {
  await node.close()
  await driver.close()
})

async function connect(aeron: Aeron): Promise<AeronArchive> {
  return AeronArchive.connect({
    aeron,
    controlRequestChannel: node.controlChannel,
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 5_000,
  })
}

test('an archive client that does nothing for longer than all timeouts keeps its session', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using archive = await connect(aeron)
  const { controlSessionId } = archive
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  expect(archive.isConnected).toBe(true)
  expect(await archive.listRecordings(0n, 1)).toEqual([])
  expect(archive.controlSessionId).toBe(controlSessionId)
})

test('a client that is paused beyond all timeouts gets errors, and its archive another client', async () => {
  const aeron = await Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    errorHandler: () => undefined,
  })
  const archive = await connect(aeron)
  const open = archive.listRecordings(0n, 1).catch((reason: unknown) => reason)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6_000)
  const outcome: unknown = await open
  expect(
    Array.isArray(outcome) || outcome instanceof ArchiveError || isAeronError(outcome, 'CLIENT_CLOSED'),
  ).toBe(true)
  await until('the client to notice', () => (aeron.isClosed ? true : undefined), 15_000)
  let late: unknown
  try {
    late = await archive.listRecordings(0n, 1)
  } catch (error) {
    late = error
  }
  expect(late).toBeInstanceOf(Error)
  archive.close()
  using next = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using other = await connect(next)
  expect(await other.listRecordings(0n, 1)).toEqual([])
})

test('a process that is stopped beyond all timeouts is given up by the archive, and each thing it waited for ends when it goes on', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using archive = await connect(aeron)
  using local = await Aeron.connect({ aeronDirectory: node.aeronDirectory })
  using localArchive = await AeronArchive.connect({
    aeron: local,
    controlRequestChannel: node.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  const { recordingId } = await recordMessages(localArchive, 'aeron:ipc', 1903, 500, 1000)
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  const program = fileURLToPath(new URL('support/paused-client.ts', import.meta.url))
  const args = [node.aeronDirectory, node.controlChannel, String(recordingId), '1904']
  const child = spawn(process.execPath, [...flags, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Also when the test is given up.
    timeout: 100_000,
    killSignal: 'SIGKILL',
  })
  try {
    let output = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    const sessionId = await until('the client', () => /ready (\d+)/.exec(output)?.[1], 30_000)
    const publishing = async (): Promise<number> => {
      const found = await archive.listRecordingSubscriptions(0, 10, 'aeron:ipc', 1904)
      return found.length
    }
    expect(await publishing()).toBe(1)
    child.kill('SIGSTOP')
    const [recording] = await archive.listRecordingsForUri(0n, 1, 'aeron:ipc', 1904)
    const pausedId = recording?.recordingId ?? -1n
    // The driver gives the client up, the archive ends its recording, its replay and its session; others go on.
    const deadline = Date.now() + 30_000
    while ((await archive.getStopPosition(pausedId)) === -1 && Date.now() < deadline) await delay(50)
    expect(await archive.getStopPosition(pausedId)).toBe(0)
    await until(
      'the session and the replay to go',
      () => {
        const labels = readCounters(node.aeronDirectory).filter(
          ({ typeId, label, value }) =>
            (typeId === CONTROL_SESSION_TYPE_ID && value === BigInt(sessionId) && label !== '') ||
            (typeId === REPLAY_SESSIONS_TYPE_ID && value > 0n),
        )
        return labels.length === 0 ? true : undefined
      },
      30_000,
    )
    child.kill('SIGCONT')
    const [code] = (await once(child, 'close')) as [number]
    const outcomes = Object.fromEntries(
      output
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    ) as Record<string, string>
    expect(outcomes).toMatchObject({ recorded: expect.stringMatching(/NOT_|CLOSED/), connected: 'false' })
    expect(outcomes['signal']).toMatch(/NOT_CONNECTED|CLOSED/)
    expect(outcomes['request']).toMatch(/NOT_CONNECTED|CLOSED|RESPONSE_TIMEOUT/)
    expect(outcomes['replay']).toMatch(/REPLAY_LOST|NOT_CONNECTED|CLOSED/)
    expect(code).toBe(0)
  } finally {
    child.kill('SIGKILL')
  }
})

test('an archive that is paused while it records goes on, and what it was sent meanwhile is there', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: node.aeronDirectory })
  using archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: node.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  const publication = await archive.addRecordedExclusivePublication('aeron:ipc', 1901)
  const { counterId } = await recordingOf(archive, publication)
  await send(publication, messageOf(0, 1000))
  node.signal('SIGSTOP')
  // It stops when one of its threads is scheduled next: until then it records what it is sent.
  let sent = 1
  do {
    await send(publication, messageOf(sent++, 1000))
    await delay(500)
  } while (Number(aeron.countersReader.getCounterValue(counterId)) === publication.position)
  while (sent < 100) await send(publication, messageOf(sent++, 1000))
  const request = archive.awaitRecorded(publication)
  await delay(2_000)
  expect(request.isDone).toBe(false)
  node.signal('SIGCONT')
  const recordingId = await request
  let index = 0
  for await (const { data } of archive.replayMessages(recordingId, 'aeron:ipc', 2901, {
    length: publication.position,
  })) {
    expect(data).toEqual(messageOf(index++, 1000))
  }
  expect(index).toBe(sent)
  publication.close()
})
