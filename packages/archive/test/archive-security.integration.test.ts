import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, isArchiveError, type CredentialsSupplier } from '@x/archive'

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
