import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  buildGoPrograms,
  launchCluster,
  launchMediaDriver,
  launchProgram,
  type Cluster,
  type JavaProgram,
} from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer } from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pollUntil } from './client-test-kit.ts'
import { CrowdService } from './support/crowd-service.ts'

// aeron-go's cluster client against our service, and its service with our client. Its service is not run on three members: it ends when the
// driver of a member tells it of an event that it does not know, which the consensus module of 1.51 causes there.

const CLIENT = fileURLToPath(new URL('support/go/cluster-client', import.meta.url))
const MESSAGE_COUNT = 2_000

let folder: string
let executable: (name: string) => string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aeron-go-cluster-'))
  executable = await buildGoPrograms({ folder, sources: [CLIENT], examples: ['cluster'] })
}, 600_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function launchEchoes(nodes: Cluster): Promise<readonly ClusteredServiceContainer[]> {
  const containers = await Promise.all(
    nodes.members.map(({ aeronDirectory, clusterDirectory }) =>
      ClusteredServiceContainer.launch({
        clusteredService: new CrowdService(),
        aeronDirectory,
        clusterDirectory,
        driverTimeoutMs: 2_000,
      }),
    ),
  )
  await nodes.awaitElected()
  return containers
}

function goClient(aeronDirectory: string, ingressEndpoints: string, count: number): Promise<JavaProgram> {
  return launchProgram(executable('cluster-client'), {
    name: 'cluster-client',
    args: [aeronDirectory, ingressEndpoints, String(count)],
  })
}

test('the Go client gets every answer of a TypeScript service', async () => {
  await using nodes = await launchCluster({ name: 'go-client' })
  const [container] = await launchEchoes(nodes)
  await using client = await goClient(nodes.member(0).aeronDirectory, nodes.ingressEndpoints, MESSAGE_COUNT)
  await client.waitForOutput(new RegExp(`^echoed ${MESSAGE_COUNT}$`, 'm'), 120_000)
  expect(client.output).toMatch(/^connected session 1 leader 0$/m)
  await container?.close()
})

test('the Go client follows TypeScript services to a new leader', async () => {
  await using nodes = await launchCluster({ name: 'go-failover', memberCount: 3, fastTimeouts: true })
  await using driver = await launchMediaDriver({ name: 'go-failover-client' })
  const containers = await launchEchoes(nodes)
  await using client = await goClient(driver.aeronDirectory, nodes.ingressEndpoints, 200_000)
  await client.waitForOutput(/^connected/m)
  const leader = await nodes.awaitLeader()
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await leader.kill()
  const [, leaderId] = await client.waitForOutput(/^new leader (\d) term/m, 60_000)
  expect(Number(leaderId)).not.toBe(leader.memberId)
  // It goes on with the new leader: another client of it would not be heard otherwise.
  await using second = await goClient(driver.aeronDirectory, nodes.ingressEndpoints, 100)
  await second.waitForOutput(/^echoed 100$/m, 60_000)
  expect(client.output).not.toMatch(/failed|disconnected/)
  await Promise.all(containers.map((container) => container.close()))
  await leader.restart()
})

test('a Go service answers the TypeScript client', async () => {
  await using nodes = await launchCluster({ name: 'go-service' })
  const { aeronDirectory, clusterDirectory } = nodes.member(0)
  await using service = await launchProgram(executable('cluster'), {
    name: 'go-service',
    environment: { ...process.env, AERON_DIR: aeronDirectory, CLUSTER_DIR: clusterDirectory },
  })
  await service.waitForOutput(/OnStart with no image/)
  await nodes.awaitLeader()
  const answers: string[] = []
  const cluster = await AeronCluster.connect({
    aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    keepAliveIntervalMs: 1_000,
    egressListener: {
      onMessage: (_id, _timestamp, buffer, offset, length) =>
        void answers.push(buffer.getStringWithoutLengthUtf8(offset, length)),
    },
  })
  for (let index = 0; index < MESSAGE_COUNT; index++) {
    const message = Buffer.from(`message ${index} `.repeat(1 + (index % 300)))
    await pollUntil('an offer', cluster, () => cluster.offer(message) > 0 || undefined)
    expect(await pollUntil('the answer', cluster, () => answers.pop())).toBe(message.toString())
  }
  cluster.close()
  await service.waitForOutput(/OnSessionClose - sessionId=1 .*reason=/)
})
