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
 * A cluster client that survives its sessions. An {@link AeronCluster} is closed when its session ends: after a restart of the whole cluster, a timeout, or the loss
 * of the media driver. This client then opens a new session, as often as necessary, while the application keeps the same object. To the service, the new
 * session is a different one: messages that were in flight in the old one may or may not be in the log, and their responses are lost. `shouldResend` decides
 * which are sent again.
 *
 * {@link pollEgress} and {@link controlledPollEgress} do all the work and call all callbacks; call one of them often.
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
   * Connects for the first time, like {@link AeronCluster.connect}, and rejects like it when there is no cluster in time.
   *
   * @param options how to connect; aborting `signal` rejects with its reason, or later closes the client in the next poll
   * @throws RangeError for an interval or a count out of range
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

  /** The client of the current session; `undefined` while there is none, and once closed. Do not keep a reference to it. */
  get current(): AeronCluster | undefined {
    return this.#current
  }

  /** Whether there is a session and its leader is connected. */
  get isConnected(): boolean {
    return this.#current?.state === AeronClusterState.CONNECTED
  }

  /** Whether the client has been closed for good, by the application or because it gave up; see {@link closeCause}. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Why it gave up: the error after which `onRetry` returned false, the loss of the Aeron client that was passed in, or the reason of the signal. */
  get closeCause(): Error | undefined {
    return this.#closeCause
  }

  /** Offers by {@link offerTracked} that have not been acknowledged, oldest first. */
  get unanswered(): readonly UnansweredOffer[] {
    return this.#unanswered.list()
  }

  /**
   * Like {@link AeronCluster.offer}. Returns NOT_CONNECTED while there is no session or no leader, BACK_PRESSURED while older offers are being sent again, so that none
   * overtakes them, and CLOSED once this client is closed.
   */
  offer(buffer: OfferSource, offset?: number, length?: number): number {
    const session = this.#ready()
    return typeof session === 'number' ? session : this.#present(session.offer(buffer, offset, length))
  }

  /**
   * Like {@link offer}, but also keeps a copy of the message until {@link acknowledge} is called with its id.
   *
   * @param correlationId id by which the application recognises the response
   * @returns what {@link offer} returns; also BACK_PRESSURED when `maxUnanswered` offers are being kept
   * @throws RangeError for an id that is already in use by an unanswered offer
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

  /** Call this when the response to an offer has arrived. @returns whether the offer was still being kept; false for a second response, or a dropped offer */
  acknowledge(correlationId: bigint): boolean {
    return this.#unanswered.delete(correlationId)
  }

  /** Like {@link AeronCluster.offerVectors}, with the results of {@link offer}. */
  offerVectors(vectors: readonly OfferVector[]): number {
    const session = this.#ready()
    return typeof session === 'number' ? session : this.#present(session.offerVectors(vectors))
  }

  /** Like {@link AeronCluster.tryClaim}, with the results of {@link offer}. */
  tryClaim(length: number, claim: BufferClaim): number {
    const session = this.#ready()
    return typeof session === 'number' ? session : this.#present(session.tryClaim(length, claim))
  }

  /** Like {@link AeronCluster.sendKeepAlive}; returns false while there is no session. */
  sendKeepAlive(): boolean {
    return this.#current?.sendKeepAlive() ?? false
  }

  /** Like {@link AeronCluster.sendAdminRequestToTakeASnapshot}; returns false while there is no session. */
  sendAdminRequestToTakeASnapshot(correlationId: bigint): boolean {
    return this.#current?.sendAdminRequestToTakeASnapshot(correlationId) ?? false
  }

  /** Like {@link AeronCluster.pollEgress}; while there is no session, it opens one. Errors of callbacks are thrown to the caller. */
  pollEgress(): number {
    const workCount = this.#current?.pollEgress() ?? 0
    return workCount + this.#pollSession()
  }

  /** Like {@link pollEgress}, for the controlled listener. */
  controlledPollEgress(): number {
    const workCount = this.#current?.controlledPollEgress() ?? 0
    return workCount + this.#pollSession()
  }

  /** Closes the session and stops reconnecting. Resolves when nothing is in progress any more. */
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
