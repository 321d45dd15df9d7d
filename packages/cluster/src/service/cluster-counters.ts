import { AtomicBuffer } from '@x/atomic'
import { NULL_COUNTER_ID, RECORD_ALLOCATED, type CountersReader } from '@x/atomic/status'

// Type ids. Protocol: Aeron's AeronCounters.
/** Commit position of the consensus module, in bytes of the log. */
export const COMMIT_POSITION_TYPE_ID = 203
/** What to recover from; there until the services have acknowledged their start. */
export const RECOVERY_STATE_TYPE_ID = 204
/** Errors of a service container. */
export const CONTAINER_ERROR_COUNT_TYPE_ID = 215
/** Longest duty cycle of a container, in nanoseconds. */
export const CONTAINER_MAX_CYCLE_TIME_TYPE_ID = 218
/** Duty cycles of a container above its threshold. */
export const CONTAINER_CYCLE_TIME_EXCEEDED_TYPE_ID = 219
/** Longest snapshot of a service, in nanoseconds. */
export const SERVICE_MAX_SNAPSHOT_DURATION_TYPE_ID = 236
/** Snapshots of a service above its threshold. */
export const SERVICE_SNAPSHOT_DURATION_EXCEEDED_TYPE_ID = 237

// Key of the consensus module's counters: the cluster id. Of the container's: the cluster id, then the service id.
const CLUSTER_ID_OFFSET = 0
const SERVICE_ID_OFFSET = 4
const SERVICE_KEY_LENGTH = 8

/** The key of a counter of one service. */
export function serviceCounterKey(clusterId: number, serviceId: number): AtomicBuffer {
  const key = AtomicBuffer.allocate(SERVICE_KEY_LENGTH)
  key.putInt32(CLUSTER_ID_OFFSET, clusterId)
  key.putInt32(SERVICE_ID_OFFSET, serviceId)
  return key
}

/** Which counter, and which use of its slot. */
export interface FoundCounter {
  readonly id: number
  /** Tells this counter from a later one in the same slot. */
  readonly registrationId: bigint
}

/** Finds the counter of `typeId` whose key carries `clusterId` at `clusterIdOffset`; undefined when there is none. */
export function findClusterCounter(
  counters: CountersReader,
  typeId: number,
  clusterId: number,
  clusterIdOffset: number = CLUSTER_ID_OFFSET,
): FoundCounter | undefined {
  const id = counters.findCounter(
    (counterId) =>
      counters.getCounterTypeId(counterId) === typeId &&
      counters.getCounterKey(counterId).getInt32(clusterIdOffset) === clusterId,
  )
  return id === NULL_COUNTER_ID ? undefined : { id, registrationId: counters.getCounterRegistrationId(id) }
}

/** Whether the slot still holds the counter that was found. */
export function isCounterAlive(counters: CountersReader, { id, registrationId }: FoundCounter): boolean {
  return (
    counters.getCounterState(id) === RECORD_ALLOCATED &&
    counters.getCounterRegistrationId(id) === registrationId
  )
}
