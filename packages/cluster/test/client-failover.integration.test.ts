import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  AUCTION_SERVICE_CLASS,
  launchCluster,
  launchMediaDriver,
  type Cluster,
  type ClusterMember,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import {
  AeronCluster,
  AeronClusterState,
  isClusterError,
  ResilientAeronCluster,
  type AeronClusterOptions,
} from '@x/cluster'
import { bid, bidOf, pollUntil, Recorder } from './client-test-kit.ts'

let driver: MediaDriverProcess
let nodes: Cluster
let leader: ClusterMember

beforeAll(async () => {
  driver = await launchMediaDriver({ name: 'cluster-client-driver', fastTimeouts: true })
  nodes = await launchCluster({
    name: 'cluster-failover-test',
    memberCount: 3,
    serviceClass: AUCTION_SERVICE_CLASS,
    fastTimeouts: true,
  })
})

beforeEach(async () => {
  // One that has stood still for seconds is another one's follower.
  leader = await nodes.awaitElected()
})

afterAll(async () => {
  await nodes?.close()
  await driver?.close()
})

function options(recorder: Recorder, ingressEndpoints: string): AeronClusterOptions {
  return {
    aeronDirectory: driver.aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener: recorder,
    keepAliveIntervalMs: 500,
    messageTimeoutMs: 20_000,
    newLeaderTimeoutMs: 20_000,
  }
}

test('AeronCluster.connect() is redirected from a follower to the leader', async () => {
  const follower = nodes.members.find((member) => member !== leader)
  const recorder = new Recorder()
  const endpoints = `${follower?.memberId}=${follower?.ingressEndpoint}`
  using cluster = await AeronCluster.connect(options(recorder, endpoints))
  expect(cluster.leaderMemberId).toBe(leader.memberId)
  expect((await bid(cluster, recorder, 1n, 1n)).correlationId).toBe(1n)
})

test('AeronCluster follows to a new leader when the old one is killed, and closes when all are gone', async () => {
  const recorder = new Recorder()
  using cluster = await AeronCluster.connect({
    ...options(recorder, nodes.ingressEndpoints),
    newLeaderTimeoutMs: 8_000,
  })
  const { clusterSessionId, leadershipTermId } = cluster
  // An agent with a conductor of its own to invoke follows too; it knows one follower only.
  const follower = nodes.members.find((member) => member !== leader)
  const invoked = new Recorder()
  using agent = AeronCluster.connectSync(
    options(invoked, `${follower?.memberId}=${follower?.ingressEndpoint}`),
  )
  expect(agent.leaderMemberId).toBe(leader.memberId)
  // And one that sends again what the old leader may have taken with it.
  const resent: string[] = []
  const patient = new Recorder()
  await using resilient = await ResilientAeronCluster.connect({
    ...options(patient, nodes.ingressEndpoints),
    shouldResend: ({ correlationId, sendCount }, reason) =>
      resent.push(`${correlationId} ${reason} ${sendCount}`) > 0,
  })
  const resilientSessionId = resilient.current?.clusterSessionId
  await bid(cluster, recorder, 10n, 10n)
  const old = leader
  await old.kill()
  expect(resilient.offerTracked(61n, bidOf(61n, 7n, 1n))).toBeGreaterThan(0)
  const news = (): unknown => {
    agent.pollEgress()
    resilient.pollEgress()
    return recorder.newLeaders[0] && invoked.newLeaders[0] && patient.newLeaders[0]
  }
  await pollUntil('the new leader', cluster, news, 60_000)
  const [event] = recorder.newLeaders
  expect(event?.leaderMemberId).not.toBe(old.memberId)
  expect(cluster.leaderMemberId).toBe(event?.leaderMemberId)
  expect(cluster.leadershipTermId).toBeGreaterThan(leadershipTermId)
  expect(cluster.clusterSessionId).toBe(clusterSessionId)
  await pollUntil('the connection', cluster, () =>
    cluster.state === AeronClusterState.CONNECTED ? true : undefined,
  )
  for (let index = 11n; index < 31n; index++) await bid(cluster, recorder, index, index)
  expect(recorder.results.at(-1)?.succeeded).toBe(true)

  expect((await bid(agent, invoked, 51n, 51n)).correlationId).toBe(51n)
  const isAnswered = (): boolean => patient.results.some(({ correlationId }) => correlationId === 61n)
  await pollUntil('the answer', resilient, () => isAnswered() || undefined)
  expect(resent[0]).toBe('61 NEW_LEADER 1')
  expect(resilient.unanswered[0]?.sendCount).toBe(1 + resent.length)
  expect([resilient.acknowledge(61n), resilient.current?.clusterSessionId]).toEqual([
    true,
    resilientSessionId,
  ])

  await Promise.all(nodes.members.filter((member) => member !== old).map(async (member) => member.kill()))
  await pollUntil('the close', cluster, () => (cluster.isClosed ? true : undefined), 60_000)
  expect(isClusterError(cluster.closeCause, 'NEW_LEADER_TIMEOUT')).toBe(true)
  expect(cluster.offer(bidOf(1n, 1n, 1n))).toBeLessThan(0)
})
