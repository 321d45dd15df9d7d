import { rmSync } from 'node:fs'
import { isAeronToolingError, poll, type ClusterMember } from '@x/aeron-tooling'
import { ClusteredServiceContainer, isClusterError } from '@x/cluster'
import type { LedgerCluster } from './ledger-cluster.ts'
import { LedgerService } from './ledger-service.ts'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One thing that can happen to a cluster of three, under load; leaves it whole, with all members alive. */
export type Scenario = (cluster: LedgerCluster) => Promise<void>

export const killLeader: Scenario = async (cluster) => {
  const leader = await cluster.leader()
  await cluster.underLoad(() => cluster.kill(leader))
  await cluster.check()
  await cluster.restart(leader)
}

export const killFollower: Scenario = async (cluster) => {
  const follower = await cluster.follower()
  await cluster.underLoad(async () => {
    await cluster.kill(follower)
    await sleep(1_000)
    await cluster.restart(follower)
  })
}

/** Without two of three nothing is committed; with them back it goes on. */
export const killLeaderAndFollower: Scenario = async (cluster) => {
  const members = [await cluster.leader(), await cluster.follower()]
  await cluster.underLoad(async () => {
    await cluster.kill(...members)
    ;(await cluster.client()).close()
  })
  await cluster.restart(...members)
}

/** A follower that has lost its disk gets the whole log from the others. */
export const loseDiskOfFollower: Scenario = async (cluster) => {
  const follower = await cluster.follower()
  await cluster.underLoad(async () => {
    await cluster.kill(follower)
    for (const folder of [follower.archiveDirectory, follower.clusterDirectory]) {
      rmSync(folder, { recursive: true, force: true })
    }
    await cluster.restart(follower)
  })
}

export const killAll: Scenario = async (cluster) => {
  const { members } = cluster.nodes
  await cluster.underLoad(async () => {
    await cluster.kill(...members)
    ;(await cluster.client()).close()
  })
  await cluster.restart(...members)
}

export const snapshotAndKillAll: Scenario = (cluster) => snapshotAndKill(cluster, async () => {})

/** Between the kill and the restart `meanwhile` is done; all must start from the snapshot. */
export async function snapshotAndKill(cluster: LedgerCluster, meanwhile: () => Promise<void>): Promise<void> {
  const { members } = cluster.nodes
  const leader = await cluster.leader()
  const snapshotsOf = (): number[] => members.map((member) => member.state()?.snapshotCount ?? 0)
  const before = snapshotsOf()
  await cluster.underLoad(async () => {
    await cluster.nodes.clusterTool(leader, 'snapshot')
    await poll(() => snapshotsOf().every((count, id) => count > (before[id] ?? 0)), {
      action: 'see a snapshot on every member',
      timeoutMs: 60_000,
      describe: () => cluster.services.map(({ output }) => output).join('\n---\n'),
    })
    await sleep(500)
    await cluster.kill(...members)
    ;(await cluster.client()).close()
  })
  await meanwhile()
  await cluster.restart(...members)
  for (const member of members) {
    const { output } = cluster.service(member)
    if (output.includes('active with nothing'))
      throw new Error(`expected a start from the snapshot, got ${output}`)
  }
}

/** The service process of the leader alone is killed, while a snapshot may be under way: its node follows it, and another one leads. */
export const killLeaderServiceInSnapshot: Scenario = async (cluster) => {
  const member = await cluster.leader()
  const service = cluster.service(member)
  await cluster.underLoad(async () => {
    // The tool waits for an answer that a dead member does not give.
    const snapshot = cluster.nodes.clusterTool(member, 'snapshot').catch((error: unknown) => {
      if (!isAeronToolingError(error, 'TIMED_OUT')) throw error
    })
    await poll(() => member.state()?.moduleState === 'SNAPSHOT', {
      action: 'see the snapshot begin',
      timeoutMs: 5_000,
    }).catch(() => undefined)
    await service.kill()
    await member.exited
    await snapshot
  })
  await cluster.restart(member)
}

/** The service process alone is killed: its consensus module ends, and the mark file refuses another one for 10 s. */
export const killServiceAlone: Scenario = async (cluster) => {
  const member = await cluster.follower()
  const service = cluster.nodeService(member)
  let killedMs = 0
  await cluster.underLoad(async () => {
    await service.kill()
    killedMs = Date.now()
    // From this process: another one could take longer to start than the mark file counts as active.
    const { aeronDirectory, clusterDirectory } = member
    const clusteredService = new LedgerService()
    const refusal: unknown = await ClusteredServiceContainer.launch({
      clusteredService,
      aeronDirectory,
      clusterDirectory,
    }).catch((error: unknown) => error)
    if (!isClusterError(refusal, 'ACTIVE_MARK_FILE'))
      throw new Error('expected a refusal', { cause: refusal })
    await member.exited
  })
  await member.restart()
  await sleep(Math.max(0, killedMs + 10_500 - Date.now()))
  service.spawn()
  await service.until(/^active with/m)
  await cluster.nodes.awaitElected()
}

/** Shorter than the driver's client liveness timeout of 4 s, also where this process is not woken up in time. */
export const pauseServiceBriefly: Scenario = async (cluster) => {
  const member = await cluster.leader()
  await cluster.underLoad(async () => {
    cluster.service(member).signal('SIGSTOP')
    await sleep(1_000)
    cluster.service(member).signal('SIGCONT')
  })
  if (member.exit !== undefined) throw new Error('expected the member to live on')
}

/** Longer than the timeout: the consensus module ends, and so does the service when it goes on. */
export const pauseServiceForLong: Scenario = async (cluster) => {
  const member = await cluster.leader()
  const service = cluster.nodeService(member)
  await cluster.underLoad(async () => {
    service.signal('SIGSTOP')
    await member.exited
    service.signal('SIGCONT')
    await service.until(/^terminated (AERON_CLOSED|CONSENSUS_MODULE_LOST)/m)
  })
  await service.exited()
  await cluster.restart(member)
}

/** All processes of a node stand still, for less than the leader's heartbeat timeout of 2 s. */
export const pauseNodeBriefly: Scenario = async (cluster) => {
  const member = await cluster.leader()
  await cluster.underLoad(async () => {
    for (const process of [member, cluster.service(member)]) process.signal('SIGSTOP')
    await sleep(1_000)
    for (const process of [member, cluster.service(member)]) process.signal('SIGCONT')
  })
  if (member.exit !== undefined) throw new Error('expected the member to live on')
}

/** All processes of a node stand still, for longer than any timeout: what is left of it afterwards is ended and started again. */
export const pauseNodeForLong: Scenario = async (cluster) => {
  const member = await cluster.leader()
  const service = cluster.service(member)
  await cluster.underLoad(async () => {
    for (const process of [member, service]) process.signal('SIGSTOP')
    await sleep(7_000)
    for (const process of [member, service]) process.signal('SIGCONT')
    await sleep(3_000)
  })
  await cluster.kill(member)
  await cluster.restart(member)
}

/** Has the tool end a cluster, and sees these members and their services end in good order. */
async function endByTool(
  cluster: LedgerCluster,
  command: 'shutdown' | 'abort',
  members: readonly ClusterMember[],
): Promise<void> {
  await cluster.nodes.clusterTool(await cluster.leader(), command)
  const exits = await Promise.all(members.map((member) => member.exited))
  if (exits.some(({ code }) => code !== 0)) throw new Error(`expected code 0, got ${JSON.stringify(exits)}`)
  ;(await cluster.client()).close()
  for (const member of members) {
    const service = cluster.nodeService(member)
    await service.until(/^terminated CONSENSUS_MODULE_REQUEST true/m)
    if ((await service.exited()) !== 0) throw new Error(`expected exit code 0, got ${service.output}`)
  }
}

function toolEnds(command: 'shutdown' | 'abort'): Scenario {
  return async (cluster) => {
    const { members } = cluster.nodes
    await cluster.underLoad(() => endByTool(cluster, command, members))
    await cluster.restart(...members)
  }
}

/** A member that is gone acknowledges no termination: the others end without it when the termination timeout is over. */
export const abortWithoutFollower: Scenario = async (cluster) => {
  const gone = await cluster.follower()
  const { members } = cluster.nodes
  await cluster.underLoad(async () => {
    await cluster.kill(gone)
    await endByTool(
      cluster,
      'abort',
      members.filter((member) => member !== gone),
    )
  })
  await cluster.restart(...members)
}

export const shutdown: Scenario = toolEnds('shutdown')
export const abort: Scenario = toolEnds('abort')

/** One node after the other is ended gently, followers first, and started again. */
export const rollingRestart: Scenario = async (cluster) => {
  const leader = await cluster.leader()
  const others = cluster.nodes.members.filter((member) => member !== leader)
  await cluster.underLoad(async () => {
    for (const member of [...others, leader]) {
      await cluster.service(member).close()
      await member.kill('SIGTERM')
      // As a cluster that starts, a member that leads in its first election ends all sessions, without a word to the clients.
      await cluster.leader()
      await cluster.restart(member)
    }
  })
}

/** All that can happen, by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  killLeader,
  killFollower,
  killLeaderAndFollower,
  loseDiskOfFollower,
  killAll,
  snapshotAndKillAll,
  killLeaderServiceInSnapshot,
  killServiceAlone,
  pauseServiceBriefly,
  pauseServiceForLong,
  pauseNodeBriefly,
  pauseNodeForLong,
  shutdown,
  abort,
  abortWithoutFollower,
  rollingRestart,
}
