import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchMediaDriver,
  type ArchivingMediaDriverProcess,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { AeronArchive, ArchiveError, isArchiveError } from '@x/archive'
import { Aeron } from '@x/client'
import { until } from './archive-test-kit.ts'

const START_TIMEOUT_MS = 180_000

let driver: MediaDriverProcess
let archiveNode: ArchivingMediaDriverProcess
let aeron: Aeron

beforeAll(async () => {
  driver = await launchMediaDriver({ name: 'archive-faults-client', fastTimeouts: true })
  archiveNode = await launchArchivingMediaDriver({ name: 'archive-faults-archive', fastTimeouts: true })
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
}, START_TIMEOUT_MS)

afterAll(async () => {
  aeron?.close()
  await archiveNode?.close()
  await driver?.close()
}, START_TIMEOUT_MS)

async function connect(): Promise<AeronArchive> {
  return AeronArchive.connect({
    aeron,
    controlRequestChannel: archiveNode.controlChannel,
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 5_000,
  })
}

test(
  'requests fail when the archive is killed, and a new client goes on when it is back',
  async () => {
    const archive = await connect()
    expect(await archive.listRecordings(0n, 1)).toEqual([])
    await archiveNode.kill()
    const error: unknown = await archive.listRecordings(0n, 1).catch((reason: unknown) => reason)
    expect(isArchiveError(error, 'NOT_CONNECTED') || isArchiveError(error, 'RESPONSE_TIMEOUT')).toBe(true)
    await until('the loss to be seen', () => (archive.isConnected ? undefined : true))
    expect(() => archive.listRecordings(0n, 1)).toThrow(ArchiveError)
    expect(archive.isClosed).toBe(true)
    expect(aeron.isClosed).toBe(false)

    await archiveNode.restart()
    using again = await connect()
    expect(await again.listRecordings(0n, 1)).toEqual([])
  },
  START_TIMEOUT_MS,
)
