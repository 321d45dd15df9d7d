import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AUCTION_SERVICE_CLASS, launchCluster, launchJava, readCounters, RunDirectory } from '../src/index.ts'
import { launchFailure } from './launch-failure.ts'

const ARCHIVE_CONTROL_SESSIONS_TYPE_ID = 102
const COMMIT_POSITION_TYPE_ID = 203
const RECOVERY_STATE_TYPE_ID = 204

function archiveIdOf(aeronDirectory: string): bigint | undefined {
  const sessions = readCounters(aeronDirectory).find(
    (counter) => counter.typeId === ARCHIVE_CONTROL_SESSIONS_TYPE_ID,
  )
  return sessions?.key.readBigInt64LE(0)
}

test('launchCluster() with one member is ready for a service, and leads once it has one', async () => {
  await using cluster = await launchCluster({ fastTimeouts: true })
  const member = cluster.member(0)
  const types = readCounters(member.aeronDirectory).map((counter) => counter.typeId)
  expect(types).toContain(COMMIT_POSITION_TYPE_ID)
  expect(types).toContain(RECOVERY_STATE_TYPE_ID)
  expect(cluster.ingressEndpoints).toBe(`0=${member.ingressEndpoint}`)
  expect(cluster.leader()).toBeUndefined()

  await member.launchServiceContainer()
  expect(await cluster.awaitLeader()).toBe(member)
  expect(member.state()).toMatchObject({ role: 'LEADER', moduleState: 'ACTIVE', leadershipTermId: 0n })

  const described = await member.clusterTool('describe')
  expect(described.output).toMatch(/Type: CONSENSUS_MODULE/)
  expect(described.output).toMatch(/serviceName='clustered-service-0-0'/)

  await member.kill()
  await member.restart()
  await cluster.awaitLeader()
  expect(member.state()).toMatchObject({ role: 'LEADER', leadershipTermId: 1n })

  const snapshot = await cluster.clusterTool(0, 'snapshot')
  expect(snapshot).toMatchObject({ code: 0, output: 'Member [0]: SNAPSHOT applied successfully\n' })
  expect(member.state()?.snapshotCount).toBe(1)

  await cluster.clusterTool(member, 'shutdown')
  expect(await member.exited).toEqual({ code: 0, signal: null })
  const { aeronDirectory, runDirectory } = member
  await cluster.close()
  expect([aeronDirectory, runDirectory].filter((path) => existsSync(path))).toEqual([])
})

test('launchCluster() with three members elects a leader, another after its death, and takes it back', async () => {
  await using cluster = await launchCluster({
    memberCount: 3,
    fastTimeouts: true,
    serviceClass: AUCTION_SERVICE_CLASS,
    memberProperties: (memberId) => ({ 'aeron.archive.id': String(100 + memberId) }),
  })
  const first = await cluster.awaitElected()
  expect(archiveIdOf(cluster.member(1).aeronDirectory)).toBe(101n)
  const roles = cluster.members.map((member) => member.state()?.role)
  expect(roles.filter((role) => role === 'FOLLOWER')).toHaveLength(2)
  expect((await first.clusterTool('is-leader')).code).toBe(0)

  await first.kill()
  expect(first.state()).toBeUndefined()
  const second = await cluster.awaitElected()
  expect(second).not.toBe(first)

  await first.restart()
  // The second, where no member has stood still for so long that the others have elected another one.
  const leader = await cluster.awaitElected()
  expect(first.state()).toMatchObject({ role: leader === first ? 'LEADER' : 'FOLLOWER' })
})

test('launchCluster() shows the log of a node that does not start, and leaves none running', async () => {
  const { error } = await launchFailure(
    launchCluster({ properties: { 'aeron.cluster.members': 'nonsense' } }),
  )
  expect(error.code).toBe('PROCESS_EXITED')
  expect(error.message).toMatch(/Cannot start cluster-node-0: [^]*nonsense/)
})

test('launchJava() runs a tutorial that is a whole node, and its client', async () => {
  const folder = RunDirectory.create('tutorial')
  const aeronDirectory = folder.driverDirectory()
  folder.alsoRemove(`${aeronDirectory}-0-driver`)
  try {
    const hostnames = { 'aeron.cluster.tutorial.hostnames': '127.0.0.1' }
    await using node = await launchJava(
      'io.aeron.samples.cluster.tutorial.BasicAuctionClusteredServiceNode',
      {
        aeronDirectory,
        properties: { ...hostnames, 'aeron.cluster.tutorial.nodeId': '0' },
      },
    )
    await using client = await launchJava('io.aeron.samples.cluster.tutorial.BasicAuctionClusterClient', {
      properties: {
        ...hostnames,
        'aeron.cluster.tutorial.customerId': '7',
        'aeron.cluster.tutorial.numOfBids': '1',
        'aeron.cluster.tutorial.bidIntervalMs': '10',
      },
    })
    await client.waitForOutput(/SessionMessage|bid/i)
    expect(existsSync(join(node.logPath, '..', 'node0', 'cluster'))).toBe(true)
  } finally {
    folder.remove()
  }
})
