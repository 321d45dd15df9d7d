import { isClusterError } from '@x/cluster'
import type { PartitionedNetwork } from '../partitioned-network.ts'
import type { LedgerCluster } from './ledger-cluster.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The client's host, behind those of the members. */
const CLIENT = 3
/** Longer than the leader's heartbeat timeout of 2 s and an election. */
const LONG_MS = 8_000

/** One way in which the network can fail, under load; leaves it healed, with all members in one term. */
export type PartitionScenario = (cluster: LedgerCluster, network: PartitionedNetwork) => Promise<void>

/** Runs `during` under load, heals the network, and waits until all members agree again; a session that is over is replaced. */
async function parted(
  cluster: LedgerCluster,
  network: PartitionedNetwork,
  during: (leaderId: number, followerIds: readonly number[]) => Promise<void>,
): Promise<void> {
  const { memberId } = await cluster.leader()
  const others = cluster.nodes.members.map((member) => member.memberId).filter((id) => id !== memberId)
  try {
    await cluster.underLoad(async () => {
      await during(memberId, others)
      network.heal()
      await restartTheDead(cluster)
      await cluster.nodes.awaitElected(60_000)
    })
  } finally {
    network.heal()
  }
}

// A consensus module may end over a partition, which is Aeron's affair; then it comes back as after any death.
async function restartTheDead(cluster: LedgerCluster): Promise<void> {
  const dead = cluster.nodes.members.filter(({ exit }) => exit !== undefined)
  await cluster.kill(...dead)
  await cluster.restart(...dead)
}

/** The leader is cut off from the members and the client: another leads, the client follows. */
export const cutOffLeader: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, followers) => {
    network.part([leader], [...followers, CLIENT])
    await sleep(LONG_MS)
  })

/** The leader is left with the client alone: it accepts what it can never commit. */
export const leaderInMinorityWithClient: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, followers) => {
    network.part([leader], followers)
    await sleep(LONG_MS)
  })

/** A follower is cut off, and catches up. */
export const cutOffFollower: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, [follower = 0, ...others]) => {
    network.part([follower], [leader, ...others, CLIENT])
    await sleep(LONG_MS)
  })

/** The followers hear nothing of the leader, which hears them. */
export const leaderUnheard: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, followers) => {
    for (const follower of followers) network.drop(leader, follower)
    await sleep(LONG_MS)
  })

/** The leader hears nothing of the followers, which hear it. */
export const leaderDeaf: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, followers) => {
    for (const follower of followers) network.drop(follower, leader)
    await sleep(LONG_MS)
  })

/** Nobody hears anybody: no quorum anywhere. */
export const allApart: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, [first = 0, second = 0]) => {
    network.part([leader], [first, second])
    network.part([first], [second])
    await sleep(LONG_MS)
  })

/** Shorter than any timeout. */
export const brieflyApart: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async (leader, followers) => {
    for (const follower of followers) {
      network.part([leader], [follower])
      await sleep(700)
      network.heal()
      await sleep(300)
    }
  })

/** Every tenth packet is lost, everywhere. */
export const lossyNetwork: PartitionScenario = (cluster, network) =>
  parted(cluster, network, async () => {
    network.lose(10)
    await sleep(LONG_MS)
  })

/**
 * The client alone is cut off, for longer than its session lives: it must know that the session is over, and may not go on as if nothing had
 * been.
 */
export const cutOffClient: PartitionScenario = async (cluster, network) => {
  const { memberId } = await cluster.leader()
  const client = await cluster.client()
  try {
    await cluster.underLoad(async () => {
      network.part([CLIENT], [0, 1, 2])
      await client.pollUntil('the end of the session', () => client.cluster.isClosed, 60_000)
      network.heal()
    })
  } finally {
    network.heal()
  }
  const { closeCause } = client.cluster
  if (!isClusterError(closeCause, 'NEW_LEADER_TIMEOUT') && !isClusterError(closeCause, 'SESSION_CLOSED')) {
    throw new Error('expected the session to be over', { cause: closeCause })
  }
  const leader = await cluster.leader()
  if (leader.memberId !== memberId) throw new Error('expected the members to mind nothing')
}
