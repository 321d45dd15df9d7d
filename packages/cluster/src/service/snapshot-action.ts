import { isArchiveError } from '@x/archive'
import { AgentTerminationError, type NanoClock } from '@x/idlestrategy'
import { ClusterError, isClusterError } from '../cluster-error.ts'
import { isLoss } from './clock-tick.ts'
import { NO_RELEVANT_ID } from './consensus-module-proxy.ts'
import { asError } from './counted-error-handler.ts'
import type { DurationTracker } from './duration-tracker.ts'
import type { SnapshotPlace } from './snapshot-records.ts'
import { SteppedTask, type Steps } from './steps.ts'

/** What {@link SnapshotAction} works with. */
export interface SnapshotActionParts {
  readonly nanoClock: NanoClock
  readonly durations: Pick<DurationTracker, 'onDuration'>
  /** The steps that take a snapshot and give the id of its recording. */
  readonly take: (place: SnapshotPlace) => Steps<bigint>
  /** One attempt to send an ack. */
  readonly trySendAck: (logPosition: number, relevantId: bigint) => boolean
  readonly onError: (error: Error) => void
}

interface Outcome {
  readonly recordingId: bigint | undefined
  readonly error: unknown
}

/**
 * The snapshot that the log asks for, from the first step to the ack. One that fails is acknowledged with -1, and only then reported: the
 * consensus module waits for every service, and goes on without this snapshot.
 */
export class SnapshotAction {
  readonly #parts: SnapshotActionParts
  readonly #place: SnapshotPlace
  readonly #task: SteppedTask<bigint>
  readonly #beginNs: bigint
  #outcome: Outcome | undefined

  constructor(parts: SnapshotActionParts, place: SnapshotPlace) {
    this.#parts = parts
    this.#place = place
    this.#beginNs = parts.nanoClock.nanoTime()
    this.#task = new SteppedTask(parts.take(place))
  }

  /**
   * Goes on as far as it can. True once it was acknowledged. Throws what ends the agent: an AgentTerminationError of the service or of the
   * container, an archive without storage, an exception of the service where that is asked for.
   */
  poll(): boolean {
    this.#outcome ??= this.#advance()
    if (this.#outcome === undefined) return false
    const { recordingId, error } = this.#outcome
    if (!this.#parts.trySendAck(this.#place.logPosition, recordingId ?? NO_RELEVANT_ID)) return false
    if (recordingId === undefined) this.#report(error)
    return true
  }

  /** Cancels the snapshot, without an acknowledgement. */
  close(): void {
    this.#task.close()
  }

  #advance(): Outcome | undefined {
    try {
      const taken = this.#task.poll()
      if (taken === undefined) return undefined
      this.#measure()
      return { recordingId: taken.value, error: undefined }
    } catch (error) {
      // Nobody is left to hear an ack.
      if (isLoss(error)) throw error
      this.#measure()
      return { recordingId: undefined, error }
    }
  }

  // Also one that failed has kept the log waiting.
  #measure(): void {
    this.#parts.durations.onDuration(this.#parts.nanoClock.nanoTime() - this.#beginNs)
  }

  #report(cause: unknown): void {
    if (cause instanceof AgentTerminationError || isClusterError(cause, 'SERVICE_CALLBACK_FAILED'))
      throw cause
    const { leadershipTermId, logPosition } = this.#place
    const error = new ClusterError(
      'SNAPSHOT_FAILED',
      `Cannot take a snapshot at position ${logPosition}: ${asError(cause).message}; the cluster goes on without it`,
      { leadershipTermId, logPosition },
      { cause },
    )
    if (!isArchiveError(cause, 'STORAGE_SPACE')) return this.#parts.onError(error)
    throw new AgentTerminationError('The archive has no storage left for a snapshot', { cause: error })
  }
}
