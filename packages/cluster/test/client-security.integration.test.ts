import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCluster, type Cluster } from '@x/aeron-tooling'
import {
  AdminResponseCode,
  AeronCluster,
  ClusteredServiceContainer,
  isClusterError,
  type AdminResponse,
  type CredentialsSupplier,
} from '@x/cluster'
import { bid, pollUntil, Recorder } from './client-test-kit.ts'
import { AuctionService } from './support/auction-service.ts'

let nodes: Cluster
let container: ClusteredServiceContainer
const service = new AuctionService()

beforeAll(async () => {
  nodes = await launchCluster({
    name: 'cluster-security-test',
    properties: {
      'aeron.cluster.authenticator.supplier': 'io.aeron.samples.archive.SampleAuthenticatorSupplier',
      'aeron.cluster.authorisation.service.supplier': 'ALLOW_ALL',
    },
  })
  const { aeronDirectory, clusterDirectory } = nodes.member(0)
  container = await ClusteredServiceContainer.launch({
    clusteredService: service,
    aeronDirectory,
    clusterDirectory,
  })
  await nodes.awaitLeader()
})

afterAll(async () => {
  await container?.close()
  await nodes?.close()
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

async function connect(
  egressListener: Recorder,
  credentialsSupplier?: CredentialsSupplier,
): Promise<AeronCluster> {
  return AeronCluster.connect({
    aeronDirectory: nodes.member(0).aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener,
    ...(credentialsSupplier && { credentialsSupplier }),
  })
}

test('AeronCluster.connect() answers a challenge', async () => {
  const recorder = new Recorder()
  const supplier = credentials('admin:adminC', 'admin:CSadmin')
  using cluster = await connect(recorder, supplier)
  expect(supplier.challenges).toEqual(['challenge!'])
  expect((await bid(cluster, recorder, 1n, 1n)).correlationId).toBe(1n)
  expect(service.cluster.getClientSession(cluster.clusterSessionId)?.id).toBe(cluster.clusterSessionId)
})

for (const [name, supplier] of [
  ['a wrong answer to a challenge', credentials('admin:adminC', 'admin:wrong')],
  ['wrong credentials', credentials('admin:wrong', '')],
  ['no credentials', undefined],
] as const) {
  test(`AeronCluster.connect() fails with AUTHENTICATION_REJECTED for ${name}`, async () => {
    const error: unknown = await connect(new Recorder(), supplier).catch((reason: unknown) => reason)
    expect(isClusterError(error, 'AUTHENTICATION_REJECTED')).toBe(true)
    // Nothing of it was in the log.
    expect(service.entries.filter((entry) => entry.startsWith('open'))).toHaveLength(1)
  })
}

test('a service is told who a client is, and a snapshot is taken at the request of one that may ask for it', async () => {
  const responses: AdminResponse[] = []
  const recorder = Object.assign(new Recorder(), {
    onAdminResponse: (response: AdminResponse) => responses.push(response),
  })
  using cluster = await connect(recorder, credentials('admin:admin', ''))
  await bid(cluster, recorder, 2n, 2n)
  // What the authenticator found out without a challenge; after one it names nobody.
  const session = service.cluster.getClientSession(cluster.clusterSessionId)
  expect(new TextDecoder().decode(session?.encodedPrincipal)).toBe('admin')
  expect(cluster.sendAdminRequestToTakeASnapshot(99n)).toBe(true)
  const response = await pollUntil('the answer', cluster, () => responses[0])
  expect(response).toMatchObject({ correlationId: 99n, responseCode: AdminResponseCode.OK })
  // OK says that the snapshot was asked for; the consensus module's log of recordings shows it when it is taken.
  let log = ''
  for (let look = 0; look < 10 && !log.includes('SNAPSHOT'); look++) {
    log = (await nodes.clusterTool(0, 'recording-log')).output
  }
  expect(log).toContain('SNAPSHOT')
  expect(service.lifecycle).toContain('snapshot')
})
