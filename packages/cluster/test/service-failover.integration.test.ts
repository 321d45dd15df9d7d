import { launchCluster, poll, type Cluster } from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer, Role } from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandService } from './support/command-service.ts'

const MEMBER_IDS = [0, 1, 2]

let nodes: Cluster
const services: CommandService[] = []
const containers: ClusteredServiceContainer[] = []

async function launch(memberId: number): Promise<void> {
  const { aeronDirectory, clusterDirectory } = nodes.member(memberId)
  const service = new CommandService()
  services[memberId] = service
  containers[memberId] = await ClusteredServiceContainer.launch({
    clusteredService: service,
    aeronDirectory,
    clusterDirectory,
  })
}

beforeAll(async () => {
  nodes = await launchCluster({ name: 'service-failover-test', memberCount: 3, fastTimeouts: true })
  await Promise.all(MEMBER_IDS.map(launch))
  await nodes.awaitElected()
})

afterAll(async () => {
  await Promise.all(containers.map((container) => container.close()))
  await nodes.close()
})

/** Entries of a member that are the same everywhere: all but what a restart adds. */
async function untilAllHave(pattern: RegExp): Promise<void> {
  await poll(() => services.every(({ entries }) => entries.some((entry) => pattern.test(entry))), {
    action: `see ${pattern} on all members`,
    timeoutMs: 60_000,
    describe: () => services.map(({ entries }) => entries.join('\n')).join('\n---\n'),
  })
}

test('a new leader connects the egress of the sessions it inherits, and all members apply the same log', async () => {
  const heard: string[] = []
  const client = await AeronCluster.connect({
    aeronDirectory: nodes.member(((nodes.leader()?.memberId ?? 0) + 1) % 3).aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    keepAliveIntervalMs: 500,
    newLeaderTimeoutMs: 20_000,
    egressListener: {
      onMessage: (_id, _timestamp, buffer, offset, length) =>
        void heard.push(buffer.getStringWithoutLengthAscii(offset, length)),
    },
  })
  const echo = async (id: number): Promise<void> => {
    const isHeard = (): boolean => {
      client.pollEgress()
      return heard.includes(`echo ${id}`)
    }
    // What a dying leader took is offered again.
    for (let attempt = 0; !heard.includes(`echo ${id}`); attempt++) {
      if (attempt === 60) throw new Error(`expected to hear echo ${id}, the client is ${client.state}`)
      client.offer(Buffer.from(`!echo ${id}`))
      await poll(isHeard, { action: `hear echo ${id}`, timeoutMs: 1_000 }).catch(() => undefined)
    }
  }

  await echo(1)
  await untilAllHave(/!echo 1/)
  const old = await nodes.awaitLeader()
  const oldId = old.memberId
  expect(services.map(({ cluster }) => cluster.role === Role.LEADER)).toEqual(
    MEMBER_IDS.map((id) => id === oldId),
  )
  await old.kill()
  old.announceEnd()
  await containers[oldId]?.terminated

  await echo(2)
  const newId = (await nodes.awaitLeader()).memberId
  expect(newId).not.toBe(oldId)
  expect(services[newId]?.cluster.role).toBe(Role.LEADER)
  expect(services[newId]?.lifecycle).toEqual(['start from nothing', `role ${Role.LEADER}`])

  await old.restart()
  await launch(oldId)
  await echo(3)
  await untilAllHave(/!echo 3/)
  client.close()
  await untilAllHave(/^close/)
  const [first, ...others] = services.map(({ entries }) => entries)
  for (const entries of others) expect(entries).toEqual(first)
})
