import type { CountersReader } from '@x/atomic/status'
import { ClusterError } from '../cluster-error.ts'
import {
  COMMIT_POSITION_TYPE_ID,
  findClusterCounter,
  isCounterAlive,
  RECOVERY_STATE_TYPE_ID,
} from './cluster-counters.ts'
import { CommitPosition } from './commit-position.ts'
import type { ResolvedContainerOptions } from './container-options.ts'
import {
  decodeRecoveryState,
  NO_LEADERSHIP_TERM,
  RECOVERY_CLUSTER_ID_OFFSET,
  type RecoveryState,
} from './recovery-state.ts'

const NS_PER_MS = 1e6

/** What {@link Recovery} found. */
export interface RecoveryResult {
  readonly commitPosition: CommitPosition
  readonly state: RecoveryState
}

/** Looks, once in each turn, for the counters with which the consensus module says where a service starts. */
export class Recovery {
  readonly #counters: CountersReader
  readonly #options: ResolvedContainerOptions
  readonly #onCommitPosition: (commitPosition: CommitPosition) => void
  #deadlineNs: number | undefined
  #commitPosition: CommitPosition | undefined

  /** `onCommitPosition` hears of the commit position as soon as it is found: it is watched from then on. */
  constructor(
    counters: CountersReader,
    options: ResolvedContainerOptions,
    onCommitPosition: (commitPosition: CommitPosition) => void,
  ) {
    this.#counters = counters
    this.#options = options
    this.#onCommitPosition = onCommitPosition
  }

  /** Undefined while there is something to wait for. Throws CONSENSUS_MODULE_NOT_FOUND when that took too long. */
  poll(nowNs: bigint): RecoveryResult | undefined {
    const commitPosition = (this.#commitPosition ??= this.#findCommitPosition())
    const state = commitPosition && this.#findRecoveryState()
    if (commitPosition !== undefined && state !== undefined) return { commitPosition, state }
    this.#checkDeadline(Number(nowNs))
    return undefined
  }

  #findCommitPosition(): CommitPosition | undefined {
    const counter = findClusterCounter(this.#counters, COMMIT_POSITION_TYPE_ID, this.#options.clusterId)
    if (counter === undefined) return undefined
    const commitPosition = new CommitPosition(this.#counters, counter)
    this.#onCommitPosition(commitPosition)
    return commitPosition
  }

  #findRecoveryState(): RecoveryState | undefined {
    const counter = findClusterCounter(
      this.#counters,
      RECOVERY_STATE_TYPE_ID,
      this.#options.clusterId,
      RECOVERY_CLUSTER_ID_OFFSET,
    )
    if (counter === undefined) return undefined
    const state = decodeRecoveryState(this.#counters.getCounterKey(counter.id))
    // Freed while it was read: what was read may be of no counter at all.
    return isCounterAlive(this.#counters, counter) ? state : undefined
  }

  #checkDeadline(nowNs: number): void {
    const { clusterId, aeronDirectory, consensusModuleTimeoutMs } = this.#options
    this.#deadlineNs ??= nowNs + consensusModuleTimeoutMs * NS_PER_MS
    if (nowNs <= this.#deadlineNs) return
    const awaited = this.#commitPosition === undefined ? 'commit position counter' : 'recovery state counter'
    const remedy =
      this.#commitPosition === undefined
        ? `is it running, and with aeron directory "${aeronDirectory}"?`
        : 'it is there, but has started with another container or waits for nothing; restart the member'
    throw new ClusterError(
      'CONSENSUS_MODULE_NOT_FOUND',
      `Cannot find the consensus module of cluster ${clusterId}: its ${awaited} must appear within ` +
        `${consensusModuleTimeoutMs} ms; ${remedy}`,
      { clusterId, aeronDirectory, consensusModuleTimeoutMs, awaited },
    )
  }
}

/**
 * The recording of this service's snapshot; undefined for a start from nothing.
 * Throws RECOVERY_STATE_INVALID when the snapshot was taken with fewer services.
 */
export function snapshotRecordingId(state: RecoveryState, serviceId: number): bigint | undefined {
  if (state.leadershipTermId === NO_LEADERSHIP_TERM) return undefined
  const recordingId = state.snapshotRecordingIds[serviceId]
  if (recordingId !== undefined) return recordingId
  const serviceCount = state.snapshotRecordingIds.length
  throw new ClusterError(
    'RECOVERY_STATE_INVALID',
    `Cannot recover service ${serviceId}: the snapshot must hold it, and holds ${serviceCount} services`,
    { serviceId, serviceCount },
  )
}
