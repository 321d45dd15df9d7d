import { readCounters } from './cnc-file.ts'
import type { CounterSnapshot } from './cnc-file.ts'

// Counter types. Protocol: Aeron's AeronCounters.
const MODULE_STATE_TYPE_ID = 200
const NODE_ROLE_TYPE_ID = 201
const COMMIT_POSITION_TYPE_ID = 203
const RECOVERY_STATE_TYPE_ID = 204
const SNAPSHOT_COUNT_TYPE_ID = 205
const ELECTION_STATE_TYPE_ID = 207
const SERVICE_ERRORS_TYPE_ID = 215
const LEADERSHIP_TERM_ID_TYPE_ID = 239

// Values of the election state counter. Protocol: Aeron's ElectionState.
const ELECTION_INIT = 0
const ELECTION_CLOSED = 17

/** Roles by the value of their counter. Protocol: Aeron's Cluster.Role. */
const ROLES = ['FOLLOWER', 'CANDIDATE', 'LEADER'] as const

/** What a member is to the others. */
export type ClusterRole = (typeof ROLES)[number]

/** States by the value of their counter. Protocol: Aeron's ConsensusModule.State. */
const MODULE_STATES = [
  'INIT',
  'ACTIVE',
  'SUSPENDED',
  'SNAPSHOT',
  'QUITTING',
  'TERMINATING',
  'CLOSED',
] as const

/** What a consensus module is doing. */
export type ModuleState = (typeof MODULE_STATES)[number]

/** What the counters of a consensus module say. */
export interface ClusterMemberState {
  readonly role: ClusterRole
  readonly moduleState: ModuleState
  /** True when the member has a part in a term, as leader or follower, and no election is going on. */
  readonly isElected: boolean
  /** True when the module waits for its services, or has gone on from there. */
  readonly isReadyForService: boolean
  readonly leadershipTermId: bigint
  /** Position in bytes up to which the log is agreed on. */
  readonly commitPosition: number
  /** Snapshots taken since the start. */
  readonly snapshotCount: number
}

/** Interprets the counters of a driver; undefined while there is no consensus module. */
export function clusterMemberState(counters: readonly CounterSnapshot[]): ClusterMemberState | undefined {
  const values = new Map(counters.map((counter) => [counter.typeId, counter.value]))
  const commitPosition = values.get(COMMIT_POSITION_TYPE_ID)
  const electionState = values.get(ELECTION_STATE_TYPE_ID)
  const role = ROLES[Number(values.get(NODE_ROLE_TYPE_ID) ?? -1n)]
  const moduleState = MODULE_STATES[Number(values.get(MODULE_STATE_TYPE_ID) ?? -1n)]
  if (commitPosition === undefined || electionState === undefined) return undefined
  if (role === undefined || moduleState === undefined) return undefined
  return {
    role,
    moduleState,
    isElected: Number(electionState) === ELECTION_CLOSED,
    // The recovery counter is freed once the services have answered; what comes then is the election.
    isReadyForService: values.has(RECOVERY_STATE_TYPE_ID) || Number(electionState) !== ELECTION_INIT,
    leadershipTermId: values.get(LEADERSHIP_TERM_ID_TYPE_ID) ?? -1n,
    commitPosition: Number(commitPosition),
    snapshotCount: Number(values.get(SNAPSHOT_COUNT_TYPE_ID) ?? 0n),
  }
}

/** {@link clusterMemberState} of the driver in this folder. */
export function readClusterMemberState(aeronDirectory: string): ClusterMemberState | undefined {
  return clusterMemberState(readCounters(aeronDirectory))
}

/** True when a container for this service has registered with the driver. */
export function hasServiceContainer(counters: readonly CounterSnapshot[], serviceId: number): boolean {
  return counters.some(
    (counter) => counter.typeId === SERVICE_ERRORS_TYPE_ID && counter.key.readInt32LE(4) === serviceId,
  )
}
