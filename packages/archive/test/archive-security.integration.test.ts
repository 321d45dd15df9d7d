import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, isArchiveError, RecordingSignal, type CredentialsSupplier } from '@x/archive'
import { codeOf, messageOf, recordMessages, stopPositionOf } from './archive-test-kit.ts'

let driver: ArchivingMediaDriverProcess

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({
    name: 'archive-security-test',
    properties: {
      'aeron.archive.authenticator.supplier': 'io.aeron.samples.archive.SampleAuthenticatorSupplier',
    },
  })
})

afterAll(async () => {
  await driver.close()
})

function credentials(first: string, answer: string): CredentialsSupplier & { challenges: string[] } {
  const challenges: string[] = []
  return {
    challenges,
    encodedCredentials: () => new TextEncoder().encode(first),
    onChallenge: (challenge) => {
      challenges.push(new TextDecoder().decode(challenge))
      return new TextEncoder().encode(answer)
    },
  }
}

async function connect(credentialsSupplier?: CredentialsSupplier): Promise<AeronArchive> {
  return AeronArchive.connect({
    aeronDirectory: driver.aeronDirectory,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
    ...(credentialsSupplier && { credentialsSupplier }),
  })
}

test('AeronArchive.connect() shows its credentials', async () => {
  using archive = await connect(credentials('admin:admin', ''))
  expect(await archive.listRecordings(0n, 1)).toEqual([])
})

test('AeronArchive.connect() answers a challenge', async () => {
  const supplier = credentials('admin:adminC', 'admin:CSadmin')
  using archive = await connect(supplier)
  expect(supplier.challenges).toEqual(['challenge!'])
  expect(await archive.listRecordings(0n, 1)).toEqual([])
})

for (const [name, supplier] of [
  ['a wrong answer to a challenge', credentials('admin:adminC', 'admin:wrong')],
  ['wrong credentials', credentials('admin:wrong', '')],
  ['no credentials', undefined],
] as const) {
  test(`AeronArchive.connect() fails with AUTHENTICATION_REJECTED for ${name}`, async () => {
    const error: unknown = await connect(supplier).catch((reason: unknown) => reason)
    expect(isArchiveError(error, 'AUTHENTICATION_REJECTED')).toBe(true)
  })
}

test('a recording is replicated from an archive that wants credentials, with those of the request', async () => {
  await using target = await launchArchivingMediaDriver({
    name: 'archive-security-target',
    properties: { 'aeron.archive.message.timeout': '3s' },
  })
  using source = await connect(credentials('admin:admin', ''))
  const { recordingId, stopPosition } = await recordMessages(source, 'aeron:ipc', 1001, 10, 1000)
  using archive = await AeronArchive.connect({
    aeronDirectory: target.aeronDirectory,
    controlRequestChannel: target.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
    // Much longer than the target waits for the source.
    messageTimeoutMs: 20_000,
  })
  const replicate = async (encodedCredentials: string | undefined): Promise<string> => {
    const correlationId = await archive.replicate(recordingId, driver.controlChannel, {
      ...(encodedCredentials !== undefined && { encodedCredentials: Buffer.from(encodedCredentials) }),
    })
    // Whether it tells of SYNC before is a matter of which of its parts sees the end of the replay first.
    return codeOf(archive.awaitSignal({ signal: RecordingSignal.REPLICATE_END, correlationId }))
  }
  // The archive that copies has no answer to a challenge.
  for (const refused of [undefined, 'admin:wrong', 'admin:adminC']) {
    expect(await replicate(refused)).toBe('REPLICATION_CONNECTION_FAILURE')
  }
  expect(await replicate('admin:admin')).toBe('no error')
  const [copy, ...others] = await archive.listRecordings(0n, 10)
  expect(others).toEqual([])
  const copyId = copy?.recordingId ?? -1n
  expect(await stopPositionOf(archive, copyId)).toBe(stopPosition)
  let index = 0
  for await (const { data } of archive.replayMessages(copyId, 'aeron:ipc', 2001)) {
    expect(data).toEqual(messageOf(index++, 1000))
  }
  expect(index).toBe(10)
})
