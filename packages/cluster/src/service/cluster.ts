import type { Aeron, BufferClaim, OfferSource, OfferVector } from '@x/client'
import type { ClusterTimeUnit } from '@x/codecs/cluster'
import type { IdleStrategy } from '@x/idlestrategy'
import type { ClientSession } from './client-session.ts'
import type { ResolvedContainerOptions } from './container-options.ts'

/** Role of a member in its cluster. Protocol: the codes of JoinLog and of the node role counter. */
export const Role = { FOLLOWER: 0, CANDIDATE: 1, LEADER: 2 } as const
export type Role = (typeof Role)[keyof typeof Role]

/**
 * What a service may ask of, and tell to, the cluster it is a member of. Source: `io.aeron.cluster.service.Cluster`.
 *
 * Reading is always allowed. Sending, closing a session and setting timers throws CALL_NOT_ALLOWED in `onStart`,
 * `onRoleChange`, `onTerminate` and `doBackgroundWork`: those are not driven by the log, so members would differ.
 */
export interface Cluster {
  /** Id of this member; -1 until the member has joined the log for the first time. */
  readonly memberId: number
  /** Role of this member. Branching on it makes members differ: for reporting only. */
  readonly role: Role
  /** Position in bytes of the log after the entry that is being applied. */
  readonly logPosition: number
  /** Cluster time of the entry that is being applied, in {@link timeUnit}: the one clock that is the same everywhere. */
  readonly time: bigint
  /** Unit of {@link time}; undefined on a fresh log until the first leadership term. */
  readonly timeUnit: ClusterTimeUnit | undefined
  /** The Aeron client of the container. Its conductor is driven by the container. */
  readonly aeron: Aeron
  /** The options of the container, with the defaults filled in. */
  readonly context: ResolvedContainerOptions
  /** The open sessions in the order of their ids: a live view. */
  readonly clientSessions: readonly ClientSession[]
  /**
   * The wait to use in a callback, for example while an offer is back pressured. It blocks the thread, and meanwhile keeps
   * the container alive: client conductor, mark file, background work. It throws when the container has to end.
   */
  readonly idleStrategy: IdleStrategy

  /** The open session with this id, or undefined. */
  getClientSession(clusterSessionId: bigint): ClientSession | undefined

  /**
   * Asks the cluster to close a session; it is gone when `onSessionClose` comes out of the log.
   * Returns false when the request could not be sent in three attempts. Throws UNKNOWN_SESSION.
   */
  closeClientSession(clusterSessionId: bigint): boolean

  /**
   * Schedules `onTimerEvent(correlationId)` for `deadline`, in cluster time and its unit. The same id replaces the former
   * deadline. Returns false on back pressure: idle and repeat in the same callback, or members will differ.
   */
  scheduleTimer(correlationId: bigint, deadline: bigint): boolean

  /** Cancels a timer. Returns false on back pressure, to be treated as in {@link scheduleTimer}. */
  cancelTimer(correlationId: bigint): boolean

  /**
   * Offers a message to the log: it comes back to every member as `onSessionMessage` without a session. Sent in every role
   * and in replay; the consensus module tells which of them counts. Returns the publication's result; on BACK_PRESSURED or
   * ADMIN_ACTION idle and repeat in the same callback. Throws when the publication is unusable.
   */
  offer(buffer: OfferSource, offset?: number, length?: number): number

  /** Offers a message made of several parts to the log, as {@link offer} does one. */
  offerVectors(vectors: readonly OfferVector[]): number

  /**
   * Claims room for a message to the log, as {@link offer}, without a copy. The claim starts with the session header: write
   * `length` bytes at `claim.offset + SESSION_HEADER_LENGTH`, then `claim.commit()`.
   */
  tryClaim(length: number, claim: BufferClaim): number
}
