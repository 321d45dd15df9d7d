import type { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Header, Image } from '@x/client'
import type { CloseReason, ClusterTimeUnit } from '@x/codecs/cluster'
import type { ClientSession } from './client-session.ts'
import type { Cluster, Role } from './cluster.ts'

/** A leadership term, as described by its first log entry. Source: NewLeadershipTermEvent of the cluster schema. */
export interface LeadershipTerm {
  /** Id of the term. */
  readonly leadershipTermId: bigint
  /** Position in bytes after the entry. */
  readonly logPosition: number
  /** Cluster time of the entry, in `timeUnit`. */
  readonly timestamp: bigint
  /** Position in bytes at which the term begins. */
  readonly termBaseLogPosition: number
  /** Id of the leader of the term. */
  readonly leaderMemberId: number
  /** Aeron session id of the leader's log publication. */
  readonly logSessionId: number
  /** Unit of cluster time. */
  readonly timeUnit: ClusterTimeUnit
  /** Application version of the leader: major << 16 | minor << 8 | patch. */
  readonly appVersion: number
}

/**
 * The replicated state machine that a container runs; corresponds to `io.aeron.cluster.service.ClusteredService`.
 *
 * Callbacks are synchronous, run one at a time in log order, and must do the same on every member: no wall clock, no random numbers, no I/O whose result becomes
 * part of the state, no promise that the state waits for. A callback that is async nevertheless is reported as an error with CALLBACK_ASYNCHRONOUS, and makes
 * a start or a snapshot fail; only `onRoleChange` and `onTerminate` may be async.
 *
 * An exception thrown by a callback is counted, recorded in the mark file and passed to the container's error handler. The log entry counts as applied and
 * the container continues, unless the option `terminateOnServiceError` is set. Optional callbacks do nothing if they are not implemented.
 */
export interface ClusteredService {
  /**
   * The service starts, from scratch or from a snapshot. Poll the image until the end of its stream, and idle in between with the cluster's idle strategy. The
   * image is closed afterwards. If this throws, the start fails for the consensus module as well.
   */
  onStart(cluster: Cluster, snapshotImage: Image | undefined): void
  /** A client session was opened, at cluster time `timestamp`. */
  onSessionOpen?(session: ClientSession, timestamp: bigint): void
  /** A client session was closed, at cluster time `timestamp`. */
  onSessionClose?(session: ClientSession, timestamp: bigint, closeReason: CloseReason): void
  /**
   * A message arrived from a client or, if `session` is undefined, from a service. The bytes are valid only during the call.
   */
  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void
  /** A timer has expired. */
  onTimerEvent?(correlationId: bigint, timestamp: bigint): void
  /**
   * Writes the complete state of the service to the publication, which is being recorded. If the result of an offer is retryable (`isRetryable`), idle with the
   * cluster's idle strategy and repeat; throw on any other negative result. If this throws, only this snapshot fails, on every member on which it happens.
   */
  onTakeSnapshot(publication: ExclusivePublication): void
  /** The member's role changed. */
  onRoleChange?(newRole: Role): void
  /** The container is ending. This is the last callback. */
  onTerminate?(cluster: Cluster): void
  /** A new leadership term has begun. */
  onNewLeadershipTermEvent?(term: LeadershipTerm): void
  /** Called in each duty cycle, for work that does not touch the replicated state. @returns how much was done */
  doBackgroundWork?(nowNs: bigint): number
}
