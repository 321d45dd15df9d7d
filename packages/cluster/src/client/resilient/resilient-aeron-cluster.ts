import { AtomicBuffer } from '@x/atomic'
import {
  BACK_PRESSURED,
  CLOSED,
  NOT_CONNECTED,
  type BufferClaim,
  type OfferSource,
  type OfferVector,
} from '@x/client'
import { AeronCluster } from '../aeron-cluster.ts'
import { sessionClosed } from '../close-cause.ts'
import { AeronClusterState } from '../leader-link.ts'
import {
  planClusterResilience,
  type ResilientAeronClusterOptions,
  type ResilientClusterPlan,
} from './resilient-cluster-options.ts'
import { presentAeron } from './session-attempt.ts'
import { SessionRecovery } from './session-recovery.ts'
import { UnansweredOffers, type ResendReason, type UnansweredOffer } from './unanswered-offers.ts'

/**
 * A cluster client that survives its sessions. An {@link AeronCluster} is over when its session is: after a restart of the whole cluster, a
 * time out, the loss of the media driver. This one then connects anew, as often as it takes, and is the same object for the application. The
 * new session is another one for the service: what was under way in the old one may be in the log or not, and its answers are lost.
 * `shouldResend` decides what of it is sent again.
 *
 * All is done, and all callbacks are called, by {@link pollEgress} or {@link controlledPollEgress}, which must be called often.
 *
 * ```ts
 * await using cluster = await ResilientAeronCluster.connect({ ...options, onDisconnect: (cause) => log(cause.message) })
 * ```
 */
export class ResilientAeronCluster implements AsyncDisposable {
  readonly #plan: ResilientClusterPlan
  readonly #unanswered = new UnansweredOffers()
  readonly #signal: AbortSignal | undefined
  #current: AeronCluster | undefined
  #recovery: SessionRecovery | undefined = undefined
  #leadershipTermId: bigint
  #isClosed = false
  #closeCause: Error | undefined = undefined
  #closing: Promise<void> = Promise.resolve()

  private constructor(plan: ResilientClusterPlan, current: AeronCluster, signal: AbortSignal | undefined) {
    this.#plan = plan
    this.#current = current
    this.#leadershipTermId = current.leadershipTermId
    this.#signal = signal
  }

  /**
   * Connects for the first time; as {@link AeronCluster.connect}, and with its errors when there is no cluster in time.
   *
   * @param options how; an aborted `signal` ends the attempt with its reason, and closes the client at a later poll
   * @throws RangeError for an interval or a count out of bounds
   */
  static async connect(
    options: ResilientAeronClusterOptions & { readonly signal?: AbortSignal },
  ): Promise<ResilientAeronCluster> {
    const { signal, ...rest } = options
    const plan = planClusterResilience(rest)
    const session = await AeronCluster.connect({
      ...plan.session,
      ...(plan.aeron && { aeron: presentAeron(plan.aeron) }),
      ...(signal && { signal }),
    })
    return new ResilientAeronCluster(plan, session, signal)
  }

  /** The present session; `undefined` while there is none, and once closed. Do not keep it. */
  get current(): AeronCluster | undefined {
    return this.#current
  }

  /** Whether there is a session, and its leader can be reached. */
  get isConnected(): boolean {
    return this.#current?.state === AeronClusterState.CONNECTED
  }

  /** Whether it is closed for good: by the application, or because it has given up, see {@link closeCause}. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Why it has given up: what `onRetry` refused to try again, the end of the Aeron client that was given, or the reason of the signal. */
  get closeCause(): Error | undefined {
    return this.#closeCause
  }

  /** What was offered with {@link offerTracked} and is not acknowledged, oldest first. */
  get unanswered(): readonly UnansweredOffer[] {
    return this.#unanswered.list()
  }

  /**
   * As {@link AeronCluster.offer}. NOT_CONNECTED while there is no session or no leader; BACK_PRESSURED while older offers are being sent
   * again, so that none overtakes them; CLOSED once this is closed.
   */
  offer(buffer: OfferSource, offset?: number, length?: number): number {
    const session = this.#ready()
    return typeof session === 'number' ? session : this.#present(session.offer(buffer, offset, length))
  }

  /**
   * As {@link offer}, and keeps a copy of the message until {@link acknowledge} is called with its id.
   *
   * @param correlationId what the application knows the answer by
   * @returns also BACK_PRESSURED when `maxUnanswered` are kept
   * @throws RangeError for an id that is unanswered
   */
  offerTracked(correlationId: bigint, buffer: OfferSource, offset = 0, length?: number): number {
    if (this.#unanswered.has(correlationId)) {
      throw new RangeError(
        `Cannot offer: the correlation id must not be one that is unanswered, current value is ${correlationId}`,
      )
    }
    if (this.#unanswered.count >= this.#plan.maxUnanswered) return this.#isClosed ? CLOSED : BACK_PRESSURED
    const result = this.offer(buffer, offset, length)
    if (result > 0) this.#unanswered.add(correlationId, copyOf(buffer, offset, length))
    return result
  }

  /** The answer to an offer is there. Returns whether the offer was kept: false for a second answer, or one that was given up. */
  acknowledge(correlationId: bigint): boolean {
    return this.#unanswered.delete(correlationId)
  }

  /** As {@link AeronCluster.offerVectors}, with the results of {@link offer}. */
  offerVectors(vectors: readonly OfferVector[]): number {
    const session = this.#ready()
    return typeof session === 'number' ? session : this.#present(session.offerVectors(vectors))
  }

  /** As {@link AeronCluster.tryClaim}, with the results of {@link offer}. */
  tryClaim(length: number, claim: BufferClaim): number {
    const session = this.#ready()
    return typeof session === 'number' ? session : this.#present(session.tryClaim(length, claim))
  }

  /** As {@link AeronCluster.sendKeepAlive}; false while there is no session. */
  sendKeepAlive(): boolean {
    return this.#current?.sendKeepAlive() ?? false
  }

  /** As {@link AeronCluster.sendAdminRequestToTakeASnapshot}; false while there is no session. */
  sendAdminRequestToTakeASnapshot(correlationId: bigint): boolean {
    return this.#current?.sendAdminRequestToTakeASnapshot(correlationId) ?? false
  }

  /** As {@link AeronCluster.pollEgress}; while there is no session it is what gets one. Errors of callbacks are thrown to the caller. */
  pollEgress(): number {
    const workCount = this.#current?.pollEgress() ?? 0
    return workCount + this.#pollSession()
  }

  /** As {@link pollEgress}, for the controlled listener. */
  controlledPollEgress(): number {
    const workCount = this.#current?.controlledPollEgress() ?? 0
    return workCount + this.#pollSession()
  }

  /** Ends the session, and connects no more; resolves when nothing is under way. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.#end(undefined)
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #ready(): AeronCluster | number {
    if (this.#isClosed) return CLOSED
    if (this.#current === undefined) return NOT_CONNECTED
    return this.#unanswered.isResending ? BACK_PRESSURED : this.#current
  }

  // The session is over, and the next poll will notice: for the application that is the same as none.
  #present(result: number): number {
    return result === CLOSED ? NOT_CONNECTED : result
  }

  #pollSession(): number {
    if (this.#isClosed) return 0
    if (this.#signal?.aborted === true) {
      this.#end(reasonOf(this.#signal))
      return 1
    }
    const session = this.#current
    if (session === undefined) return this.#recover()
    if (session.isClosed) return this.#lose(session)
    if (session.leadershipTermId !== this.#leadershipTermId) this.#chooseResends(session, 'NEW_LEADER')
    return this.#unanswered.isResending ? this.#resend(session) : 0
  }

  #lose(session: AeronCluster): number {
    const cause = session.closeCause ?? sessionClosed(session.clusterSessionId, 'CLIENT_ACTION')
    this.#current = undefined
    this.#recovery = new SessionRecovery(this.#plan, session.clusterSessionId, cause)
    this.#plan.onDisconnect?.(cause)
    return 1
  }

  #recover(): number {
    const recovery = this.#recovery
    if (recovery === undefined) return 0
    const outcome = recovery.poll()
    if (outcome instanceof Error) {
      this.#end(outcome)
      return 1
    }
    if (outcome === undefined) return 0
    this.#current = outcome
    this.#recovery = undefined
    this.#leadershipTermId = outcome.leadershipTermId
    try {
      this.#plan.onReconnect?.({
        previousSessionId: recovery.previousSessionId,
        clusterSessionId: outcome.clusterSessionId,
        cause: recovery.cause,
        attemptCount: recovery.attemptCount,
        unanswered: this.#unanswered.list(),
        current: outcome,
      })
    } finally {
      this.#chooseResends(outcome, 'NEW_SESSION')
    }
    return 1
  }

  #chooseResends(session: AeronCluster, reason: ResendReason): void {
    this.#leadershipTermId = session.leadershipTermId
    const { shouldResend } = this.#plan
    this.#unanswered.choose((offer) => shouldResend?.(offer, reason) === true, reason === 'NEW_SESSION')
  }

  #resend(session: AeronCluster): number {
    return this.#unanswered.resend((message) => session.offer(message) > 0)
  }

  #end(cause: Error | undefined): void {
    this.#isClosed = true
    this.#closeCause = cause
    this.#current?.close()
    this.#current = undefined
    this.#closing = this.#recovery?.close() ?? Promise.resolve()
    this.#recovery = undefined
  }
}

function copyOf(buffer: OfferSource, offset: number, length: number | undefined): Uint8Array {
  const bytes = buffer instanceof AtomicBuffer ? buffer.bytes : buffer
  return new Uint8Array(bytes.subarray(offset, length === undefined ? undefined : offset + length))
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason), { cause: reason })
}
