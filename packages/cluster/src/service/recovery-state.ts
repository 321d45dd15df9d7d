import type { AtomicBuffer } from '@x/atomic'

// Key of the recovery state counter. Protocol: Aeron's RecoveryState.
const LEADERSHIP_TERM_ID_OFFSET = 0
const LOG_POSITION_OFFSET = 8
const TIMESTAMP_OFFSET = 16
/** Where the key carries the cluster id. */
export const RECOVERY_CLUSTER_ID_OFFSET = 24
const SERVICE_COUNT_OFFSET = 28
const SNAPSHOT_RECORDING_IDS_OFFSET = 32
const SIZE_OF_INT64 = 8

/** The leadership term id that says that there is no snapshot. */
export const NO_LEADERSHIP_TERM = -1n

/** What a service starts from. */
export interface RecoveryState {
  /** Term of the snapshot; {@link NO_LEADERSHIP_TERM} for a start from nothing. */
  readonly leadershipTermId: bigint
  /** Position in bytes of the log at which the service begins. */
  readonly logPosition: number
  /** Cluster time of the snapshot. */
  readonly timestamp: bigint
  /** Recordings of the services' snapshots, by service id; none for a start from nothing. */
  readonly snapshotRecordingIds: readonly bigint[]
}

/** Reads the key of a recovery state counter. */
export function decodeRecoveryState(key: AtomicBuffer): RecoveryState {
  const serviceCount = key.getInt32(SERVICE_COUNT_OFFSET)
  const snapshotRecordingIds: bigint[] = []
  for (let serviceId = 0; serviceId < serviceCount; serviceId++) {
    snapshotRecordingIds.push(key.getInt64(SNAPSHOT_RECORDING_IDS_OFFSET + serviceId * SIZE_OF_INT64))
  }
  return {
    leadershipTermId: key.getInt64(LEADERSHIP_TERM_ID_OFFSET),
    logPosition: key.getInt64AsNumber(LOG_POSITION_OFFSET),
    timestamp: key.getInt64(TIMESTAMP_OFFSET),
    snapshotRecordingIds,
  }
}
