import { Aeron } from '@x/client'
import type { AeronCluster } from '../aeron-cluster.ts'
import { aeronClosed } from '../close-cause.ts'
import type { ResilientClusterPlan } from './resilient-cluster-options.ts'
import { retryPauseMs } from './retry-pause.ts'
import { beginAttempt, type SessionAttempt } from './session-attempt.ts'

/** The way from a session that was lost to the next one: attempts, with pauses between them. */
export class SessionRecovery {
  /** The session that was lost. */
  readonly previousSessionId: bigint
  /** Why it was lost. */
  readonly cause: Error
  readonly #plan: ResilientClusterPlan
  readonly #begin: (plan: ResilientClusterPlan) => SessionAttempt
  readonly #nowMs: () => number
  #attempt: SessionAttempt | undefined = undefined
  #attemptCount = 0
  #nextAttemptMs: number

  constructor(
    plan: ResilientClusterPlan,
    previousSessionId: bigint,
    cause: Error,
    begin: (plan: ResilientClusterPlan) => SessionAttempt = beginAttempt,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#plan = plan
    this.previousSessionId = previousSessionId
    this.cause = cause
    this.#begin = begin
    this.#nowMs = nowMs
    this.#nextAttemptMs = nowMs() + this.#pauseMs()
  }

  /** Attempts so far. */
  get attemptCount(): number {
    return this.#attemptCount
  }

  /** Goes on. Returns the new session, or the error that ends all attempts, once there is one. */
  poll(): AeronCluster | Error | undefined {
    const { aeron } = this.#plan
    if (aeron instanceof Aeron && aeron.isClosed) return aeronClosed(this.previousSessionId)
    if (this.#attempt === undefined && this.#nowMs() < this.#nextAttemptMs) return undefined
    try {
      this.#attempt ??= this.#beginNext()
      return this.#attempt.poll()
    } catch (error) {
      this.#attempt = undefined
      return this.#onFailure(error instanceof Error ? error : new Error(String(error), { cause: error }))
    }
  }

  /** Gives up the attempt under way, and resolves when nothing is left of it. */
  async close(): Promise<void> {
    const attempt = this.#attempt
    this.#attempt = undefined
    await attempt?.close()
  }

  #beginNext(): SessionAttempt {
    this.#attemptCount++
    return this.#begin(this.#plan)
  }

  #onFailure(error: Error): Error | undefined {
    this.#nextAttemptMs = this.#nowMs() + this.#pauseMs()
    return this.#plan.onRetry?.(error, this.#attemptCount) === false ? error : undefined
  }

  #pauseMs(): number {
    const { retryIntervalMs, maxRetryIntervalMs } = this.#plan
    return retryPauseMs(this.#attemptCount, retryIntervalMs, maxRetryIntervalMs)
  }
}
