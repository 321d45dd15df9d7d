import type { Aeron, ResilientAeron } from '@x/client'
import type { AeronCluster } from '../aeron-cluster.ts'
import { resolveAeronClusterOptions, type AeronClusterOptions } from '../aeron-cluster-options.ts'
import type { ResendReason, UnansweredOffer } from './unanswered-offers.ts'

/** Another session has taken the place of one that was lost. */
export interface Reconnect {
  /** The session that was lost. */
  readonly previousSessionId: bigint
  /** The session there is now. */
  readonly clusterSessionId: bigint
  /** Why the session was lost: what `onDisconnect` was told. */
  readonly cause: Error
  /** Attempts that it took, the last one included. */
  readonly attemptCount: number
  /** What was offered with `offerTracked` and is not acknowledged, oldest first; `shouldResend` is asked about each after this call. */
  readonly unanswered: readonly UnansweredOffer[]
  /** The session, with all that it can do. Do not keep it. */
  readonly current: AeronCluster
}

/** How to connect to a cluster, and to connect again. */
export interface ResilientAeronClusterOptions extends Omit<AeronClusterOptions, 'aeron'> {
  /**
   * The Aeron client to use. One that survives its driver can be given; with a plain one the loss of the driver is the end.
   * @default a client of its own, another one for each session, so that the loss of the driver is survived
   */
  readonly aeron?: Aeron | ResilientAeron
  /** Pause before the first attempt to connect again, in milliseconds; half of it is random, and it doubles with each failure. @default 250 */
  readonly retryIntervalMs?: number
  /** Longest pause between two attempts, in milliseconds. @default 5_000 */
  readonly maxRetryIntervalMs?: number
  /** How many offers may be unanswered: `offerTracked` gives BACK_PRESSURED then. @default 1_024 */
  readonly maxUnanswered?: number
  /** Told once for each session that is lost what ended it, such as SESSION_CLOSED, NEW_LEADER_TIMEOUT or CLIENT_AERON_CLOSED. */
  readonly onDisconnect?: (cause: Error) => void
  /** Told that there is another session. */
  readonly onReconnect?: (reconnect: Reconnect) => void
  /** Told of each attempt that failed; `false` gives up: the client closes, with the error as its `closeCause`. */
  readonly onRetry?: (error: Error, failureCount: number) => boolean | void
  /**
   * Decides whether an offer without an answer is sent again: after another session was opened, and after another leader was named. The
   * message may be in the log already, and only its answer lost, so the service must know it by its correlation id, or not mind it twice.
   * After a new session, what is not sent again is forgotten: its answer would go to the session that is lost. @default nothing is sent again
   */
  readonly shouldResend?: (offer: UnansweredOffer, reason: ResendReason) => boolean
}

/** {@link ResilientAeronClusterOptions}, parted into what is the session's and what is ours. */
export interface ResilientClusterPlan {
  readonly session: Omit<AeronClusterOptions, 'aeron'>
  readonly aeron: Aeron | ResilientAeron | undefined
  readonly retryIntervalMs: number
  readonly maxRetryIntervalMs: number
  readonly maxUnanswered: number
  readonly onDisconnect: ((cause: Error) => void) | undefined
  readonly onReconnect: ((reconnect: Reconnect) => void) | undefined
  readonly onRetry: ((error: Error, failureCount: number) => boolean | void) | undefined
  readonly shouldResend: ((offer: UnansweredOffer, reason: ResendReason) => boolean) | undefined
}

/**
 * Parts the options, and checks them.
 *
 * @throws RangeError for an interval or a count out of bounds
 * @throws TypeError | RangeError | SyntaxError for options of the session that do not fit
 */
export function planClusterResilience(options: ResilientAeronClusterOptions): ResilientClusterPlan {
  const {
    aeron,
    retryIntervalMs = 250,
    maxRetryIntervalMs = Math.max(5_000, retryIntervalMs),
    maxUnanswered = 1_024,
    onDisconnect,
    onReconnect,
    onRetry,
    shouldResend,
    ...session
  } = options
  checkRange('retryIntervalMs', retryIntervalMs, 1)
  checkRange('maxRetryIntervalMs', maxRetryIntervalMs, retryIntervalMs)
  checkRange('maxUnanswered', maxUnanswered, 1)
  resolveAeronClusterOptions(session)
  return {
    session,
    aeron,
    retryIntervalMs,
    maxRetryIntervalMs,
    maxUnanswered,
    onDisconnect,
    onReconnect,
    onRetry,
    shouldResend,
  }
}

function checkRange(option: string, value: number, least: number): void {
  if (value >= least && value <= 0x7fff_ffff) return
  throw new RangeError(
    `Cannot connect to the cluster: ${option} must be from ${least} to ${0x7fff_ffff}, current value is ${value}`,
  )
}
