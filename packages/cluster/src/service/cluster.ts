import type { Aeron, BufferClaim, OfferSource, OfferVector } from '@x/client'
import type { ClusterTimeUnit } from '@x/codecs/cluster'
import type { IdleStrategy } from '@x/idlestrategy'
import type { ClientSession } from './client-session.ts'
import type { ResolvedContainerOptions } from './container-options.ts'

/** Role of a member in its cluster; `nameOf(Role, role)` is its name. Protocol: the codes of JoinLog and of the node role counter. */
export const Role = { FOLLOWER: 0, CANDIDATE: 1, LEADER: 2 } as const
export type Role = (typeof Role)[keyof typeof Role]

/**
 * What a service can ask of the cluster that it is part of, and what it can send to it. Corresponds to `io.aeron.cluster.service.Cluster`.
 *
 * Reading is always allowed. Sending, closing a session and setting timers throw CALL_NOT_ALLOWED in `onStart`, `onRoleChange`, `onTerminate` and
 * `doBackgroundWork`: these callbacks are not driven by the log, so members would diverge.
 */
export interface Cluster {
  /** Id of this member; -1 until it has joined the log for the first time. */
  readonly memberId: number
  /** Role of this member. For reporting only: members diverge if their state depends on it. */
  readonly role: Role
  /** Position in bytes after the log entry that is being applied. */
  readonly logPosition: number
  /** Cluster time of the log entry that is being applied, in {@link timeUnit}: the only clock that is the same on every member. */
  readonly time: bigint
  /** Unit of {@link time}; undefined on a new log until the first leadership term. */
  readonly timeUnit: ClusterTimeUnit | undefined
  /** The container's Aeron client. The container drives its conductor. */
  readonly aeron: Aeron
  /** The container's options, with defaults filled in. */
  readonly context: ResolvedContainerOptions
  /** The open sessions, ordered by id: a live view. */
  readonly clientSessions: readonly ClientSession[]
  /**
   * The idle strategy to wait with in a callback, for example while an offer is back pressured. It blocks the thread and meanwhile keeps the container alive:
   * client conductor, mark file, background work. It throws when the container has to end.
   */
  readonly idleStrategy: IdleStrategy

  /** Returns the open session with this id, or undefined. */
  getClientSession(clusterSessionId: bigint): ClientSession | undefined

  /**
   * Asks the cluster to close a session. It stays open until `onSessionClose` arrives through the log.
   *
   * @returns false when the request could not be sent in three attempts
   * @throws ClusterError UNKNOWN_SESSION
   */
  closeClientSession(clusterSessionId: bigint): boolean

  /**
   * Schedules `onTimerEvent(correlationId)` for `deadline`, which is in cluster time and its unit. Scheduling the same id again replaces its deadline.
   *
   * @returns false on back pressure: then idle and repeat in the same callback, or members will diverge
   */
  scheduleTimer(correlationId: bigint, deadline: bigint): boolean

  /** Cancels a timer. @returns false on back pressure, to be handled as for {@link scheduleTimer} */
  cancelTimer(correlationId: bigint): boolean

  /**
   * Offers a message to the log, from which every member receives it as `onSessionMessage` without a session. Members send it in every role, and also during
   * replay; the consensus module knows which of them counts.
   *
   * @returns the result of the publication; on BACK_PRESSURED or ADMIN_ACTION idle and repeat in the same callback
   * @throws ClusterError CONTROL_PUBLICATION_UNUSABLE
   */
  offer(buffer: OfferSource, offset?: number, length?: number): number

  /** Like {@link offer}, for a message in several parts. */
  offerVectors(vectors: readonly OfferVector[]): number

  /**
   * Like {@link offer}, but claims space for the message, to write it in place. The claim starts with the session header: write `length` bytes at
   * `claim.offset + SESSION_HEADER_LENGTH`, then call `claim.commit()`.
   */
  tryClaim(length: number, claim: BufferClaim): number
}
