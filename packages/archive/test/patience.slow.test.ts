import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchMediaDriver,
  type ArchivingMediaDriverProcess,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { AeronArchive, ArchiveError } from '@x/archive'
import { Aeron, isAeronError } from '@x/client'
import { messageOf, recordingOf, send, until } from './archive-test-kit.ts'

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

test('an archive that is paused while it records goes on, and what it was sent meanwhile is there', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: node.aeronDirectory })
  using archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: node.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  const publication = await archive.addRecordedExclusivePublication('aeron:ipc', 1901)
  await recordingOf(archive, publication)
  await send(publication, messageOf(0, 1000))
  node.signal('SIGSTOP')
  for (let index = 1; index < 100; index++) await send(publication, messageOf(index, 1000))
  const request = archive.awaitRecorded(publication)
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(request.isDone).toBe(false)
  node.signal('SIGCONT')
  const recordingId = await request
  let index = 0
  for await (const { data } of archive.replayMessages(recordingId, 'aeron:ipc', 2901, {
    length: publication.position,
  })) {
    expect(data).toEqual(messageOf(index++, 1000))
  }
  expect(index).toBe(100)
  publication.close()
})
