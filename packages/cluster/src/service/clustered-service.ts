import type { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Header, Image } from '@x/client'
import type { CloseReason, ClusterTimeUnit } from '@x/codecs/cluster'
import type { ClientSession } from './client-session.ts'
import type { Cluster, Role } from './cluster.ts'

/** A leadership term as its first log entry tells it. Source: NewLeadershipTermEvent of the cluster schema. */
export interface LeadershipTerm {
  /** Id of the term. */
  readonly leadershipTermId: bigint
  /** Position in bytes after the entry. */
  readonly logPosition: number
  /** Cluster time of the entry, in `timeUnit`. */
  readonly timestamp: bigint
  /** Position in bytes at which the term begins. */
  readonly termBaseLogPosition: number
  /** Member that leads the term. */
  readonly leaderMemberId: number
  /** Aeron session id of the leader's log publication. */
  readonly logSessionId: number
  /** Unit of cluster time. */
  readonly timeUnit: ClusterTimeUnit
  /** Application version of the leader: major << 16 | minor << 8 | patch. */
  readonly appVersion: number
}

/**
 * The replicated state machine that a container runs. Source: `io.aeron.cluster.service.ClusteredService`.
 *
 * Callbacks are synchronous, run one at a time in the order of the log, and must do the same on every member: no wall clock,
 * no random numbers, no I/O whose result enters the state, no promise that the state waits for. One that is async all the same is reported
 * as an error with CALLBACK_ASYNCHRONOUS, and makes a start or a snapshot fail; only `onRoleChange` and `onTerminate` may be.
 * What a callback throws is counted, recorded in the mark file and handed to the container's error handler; the entry counts as
 * applied and the container goes on, unless the option `terminateOnServiceError` is set.
 * A callback that is left out does nothing; those that hold a service's state together cannot be left out.
 */
export interface ClusteredService {
  /**
   * The service starts: from nothing, or from a snapshot, to be polled until the end of its stream, idling in between with the cluster's
   * strategy. The image is closed afterwards. What it throws makes the start fail on the consensus module's side too.
   */
  onStart(cluster: Cluster, snapshotImage: Image | undefined): void
  /** A client's session opened, at cluster time `timestamp`. */
  onSessionOpen?(session: ClientSession, timestamp: bigint): void
  /** A session closed, at cluster time `timestamp`. */
  onSessionClose?(session: ClientSession, timestamp: bigint, closeReason: CloseReason): void
  /**
   * A message of a client, or, without session, one that a service offered. The bytes are valid during the call only.
   */
  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void
  /** A timer is due. */
  onTimerEvent?(correlationId: bigint, timestamp: bigint): void
  /**
   * The service writes its state, all of it, to the publication, which is recorded. On a result that `isRetryable` it idles with the cluster's
   * strategy and repeats; on any other it throws. What it throws makes this snapshot fail, on every member that it happens on, and nothing else.
   */
  onTakeSnapshot(publication: ExclusivePublication): void
  /** The member's role changed. */
  onRoleChange?(newRole: Role): void
  /** The container ends; last call. */
  onTerminate?(cluster: Cluster): void
  /** A leadership term began. */
  onNewLeadershipTermEvent?(term: LeadershipTerm): void
  /** Each duty cycle: work that does not touch the replicated state. Returns how much was done. */
  doBackgroundWork?(nowNs: bigint): number
}
