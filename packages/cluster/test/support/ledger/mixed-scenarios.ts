import * as scenarios from './scenarios.ts'
import type { Scenario } from './scenarios.ts'

/** All members are killed after a snapshot, and each starts from it in the other language. */
const snapshotAndSwapLanguages: Scenario = (cluster) =>
  scenarios.snapshotAndKill(cluster, () => cluster.swapLanguages())

/** What can happen to members of either language; the rest asks a TypeScript service for what it said. */
export const MIXED_SCENARIOS: Readonly<Record<string, Scenario>> = {
  killLeader: scenarios.killLeader,
  snapshotAndSwapLanguages,
  killFollower: scenarios.killFollower,
  killLeaderAndFollower: scenarios.killLeaderAndFollower,
  loseDiskOfFollower: scenarios.loseDiskOfFollower,
  killAll: scenarios.killAll,
  snapshotAndKillAll: scenarios.snapshotAndKillAll,
  killLeaderServiceInSnapshot: scenarios.killLeaderServiceInSnapshot,
  pauseServiceBriefly: scenarios.pauseServiceBriefly,
  pauseNodeBriefly: scenarios.pauseNodeBriefly,
  pauseNodeForLong: scenarios.pauseNodeForLong,
  rollingRestart: scenarios.rollingRestart,
}
