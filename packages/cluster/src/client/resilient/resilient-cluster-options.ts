import type { Aeron, ResilientAeron } from '@x/client'
import type { AeronCluster } from '../aeron-cluster.ts'
import { resolveAeronClusterOptions, type AeronClusterOptions } from '../aeron-cluster-options.ts'
import type { ResendReason, UnansweredOffer } from './unanswered-offers.ts'

/** A new session has replaced one that was lost. */
export interface Reconnect {
  /** The session that was lost. */
  readonly previousSessionId: bigint
  /** The new session. */
  readonly clusterSessionId: bigint
  /** Why the session was lost, as passed to `onDisconnect`. */
  readonly cause: Error
  /** Number of attempts it took, including the last one. */
  readonly attemptCount: number
  /** Offers by `offerTracked` that have not been acknowledged, oldest first. After this call `shouldResend` is asked about each. */
  readonly unanswered: readonly UnansweredOffer[]
  /** The client of the new session. Do not keep a reference to it. */
  readonly current: AeronCluster
}

/** Options for connecting to a cluster, and for reconnecting. */
export interface ResilientAeronClusterOptions extends Omit<AeronClusterOptions, 'aeron'> {
  /**
   * The Aeron client to use. A `ResilientAeron` survives the loss of its driver; with a plain `Aeron` the loss of the driver is final.
   * @default a new client for each session, so that the loss of the driver is survived
   */
  readonly aeron?: Aeron | ResilientAeron
  /** Pause before the first attempt to reconnect, in milliseconds; half of it is random, and it doubles with each failure. @default 250 */
  readonly retryIntervalMs?: number
  /** Maximum pause between two attempts, in milliseconds. @default 5_000 */
  readonly maxRetryIntervalMs?: number
  /** Maximum number of unacknowledged offers, at which `offerTracked` returns BACK_PRESSURED. @default 1_024 */
  readonly maxUnanswered?: number
  /** Called once for each lost session with the cause, such as SESSION_CLOSED, NEW_LEADER_TIMEOUT or CLIENT_AERON_CLOSED. */
  readonly onDisconnect?: (cause: Error) => void
  /** Called when there is a new session. */
  readonly onReconnect?: (reconnect: Reconnect) => void
  /** Called after each failed attempt. Returning `false` gives up: the client closes, with the error as its `closeCause`. */
  readonly onRetry?: (error: Error, failureCount: number) => boolean | void
  /**
   * Decides whether an unanswered offer is sent again, after a new session has been opened or a new leader announced. The message may already be in the log, with
   * only the response lost, so the service must recognise it by its correlation id or tolerate duplicates. After a new session, offers that are not sent
   * again are dropped, because their responses would go to the lost session. @default nothing is sent again
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
