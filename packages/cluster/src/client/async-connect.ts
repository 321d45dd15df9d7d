import {
  ADMIN_ACTION,
  BACK_PRESSURED,
  publicationResultName,
  type Aeron,
  type Image,
  type Publication,
  type Subscription,
} from '@x/client'
import { EventCode } from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import { isTemporary } from '../temporary-refusal.ts'
import type { ResolvedAeronClusterOptions } from './aeron-cluster-options.ts'
import { ConnectResponsePoller, type ConnectResponse } from './connect-response-poller.ts'
import type { SessionEvent } from './egress-listener.ts'
import { parseIngressEndpoints, type IngressEndpoints } from './ingress-endpoints.ts'
import { encodeChallengeResponse, encodeSessionConnectRequest } from './ingress-requests.ts'
import { MemberPublications } from './member-publications.ts'
import { PublicationAttempt } from './publication-attempt.ts'

/** State of a connect. Source: the states of Aeron's AeronCluster.AsyncConnect. */
export const AsyncConnectState = {
  /** Adding the subscription to the egress. */
  CREATE_EGRESS_SUBSCRIPTION: 'CREATE_EGRESS_SUBSCRIPTION',
  /** Adding the publications to the members. */
  CREATE_INGRESS_PUBLICATIONS: 'CREATE_INGRESS_PUBLICATIONS',
  /** Waiting for a member to accept a publication. */
  AWAIT_PUBLICATION_CONNECTED: 'AWAIT_PUBLICATION_CONNECTED',
  /** Sending the request to connect, or the response to a challenge. */
  SEND_MESSAGE: 'SEND_MESSAGE',
  /** Waiting for the cluster's answer. */
  POLL_RESPONSE: 'POLL_RESPONSE',
  /** Closing what the session does not need. */
  CONCLUDE_CONNECT: 'CONCLUDE_CONNECT',
  /** The session is open. */
  DONE: 'DONE',
  /** Cancelled or failed; everything is closed. */
  CLOSED: 'CLOSED',
} as const

/** State of a connect. */
export type AsyncConnectState = (typeof AsyncConnectState)[keyof typeof AsyncConnectState]

/** Leader heartbeat timeout of a cluster that does not tell it. Protocol: the cluster's default of 10 s. */
const DEFAULT_LEADER_HEARTBEAT_TIMEOUT_NS = 10_000_000_000n

/** What a connect works with. */
export interface ConnectContext {
  readonly aeron: Aeron
  /** Whether closing ends the Aeron client too. */
  readonly ownsAeron: boolean
  readonly options: ResolvedAeronClusterOptions
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number
}

/** An open session and what belongs to it: what a connect ends with. */
export interface ConnectedSession extends ConnectContext {
  readonly egressSubscription: Subscription
  readonly egressImage: Image
  readonly publication: Publication
  readonly clusterSessionId: bigint
  readonly leadershipTermId: bigint
  readonly leaderMemberId: number
  readonly leaderHeartbeatTimeoutNs: bigint
}

/**
 * A connect to a cluster that never blocks. Call {@link poll} until it returns the client, or close it to cancel. If the Aeron client has a conductor invoker,
 * polling invokes it. Source: `io.aeron.cluster.client.AeronCluster.AsyncConnect`.
 */
export class AsyncConnect<T> implements Disposable {
  readonly #context: ConnectContext
  readonly #conclude: (session: ConnectedSession) => T
  readonly #members: MemberPublications
  readonly #deadlineMs: number
  #state: AsyncConnectState = AsyncConnectState.CREATE_EGRESS_SUBSCRIPTION
  #egressRegistrationId: bigint | undefined = undefined
  #egressSubscription: Subscription | undefined = undefined
  #egressError: Error | undefined = undefined
  #responsePoller: ConnectResponsePoller | undefined = undefined
  #publication: Publication | undefined = undefined
  #correlationId = 0n
  #message: Uint8Array = new Uint8Array(0)
  #response: ConnectResponse | undefined = undefined
  #result: T | undefined = undefined

  /** @param conclude makes the result of an open session */
  constructor(context: ConnectContext, conclude: (session: ConnectedSession) => T) {
    const { aeron, options, nowMs } = context
    this.#context = context
    this.#conclude = conclude
    this.#deadlineMs = nowMs() + options.messageTimeoutMs
    this.#members = new MemberPublications(
      options.ingressChannel,
      (channel) =>
        new PublicationAttempt(aeron, channel, options.ingressStreamId, options.isIngressExclusive),
    )
  }

  /** State of the connect. */
  get state(): AsyncConnectState {
    return this.#state
  }

  /**
   * Takes one step.
   *
   * @returns the connected client once there is one
   * @throws ClusterError CONNECT_TIMEOUT, CONNECT_FAILED, SESSION_REJECTED or AUTHENTICATION_REJECTED; everything is closed then
   */
  poll(): T | undefined {
    if (this.#state === AsyncConnectState.DONE) return this.#result
    if (this.#state === AsyncConnectState.CLOSED) throw this.#failure('the connect was closed before')
    try {
      this.#checkDeadline()
      this.#context.aeron.conductorAgentInvoker?.invoke()
      this.#step()
    } catch (error) {
      this.close()
      throw error
    }
    return this.#result
  }

  /** Cancels the connect: closes everything opened so far. Does nothing once it is done, because the client then belongs to the caller. */
  close(): void {
    if (this.#state === AsyncConnectState.DONE || this.#state === AsyncConnectState.CLOSED) return
    this.#state = AsyncConnectState.CLOSED
    this.#members.closeExcept(undefined)
    const { aeron, ownsAeron } = this.#context
    if (ownsAeron) {
      aeron.close()
      return
    }
    this.#egressSubscription?.close()
    if (this.#egressSubscription === undefined && this.#egressRegistrationId !== undefined) {
      aeron.asyncRemoveSubscription(this.#egressRegistrationId)
    }
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #step(): void {
    switch (this.#state) {
      case AsyncConnectState.CREATE_EGRESS_SUBSCRIPTION:
        return this.#createEgressSubscription()
      case AsyncConnectState.CREATE_INGRESS_PUBLICATIONS:
        return this.#createIngressPublications()
      case AsyncConnectState.AWAIT_PUBLICATION_CONNECTED:
        return this.#awaitPublicationConnected()
      case AsyncConnectState.SEND_MESSAGE:
        return this.#sendMessage()
      case AsyncConnectState.POLL_RESPONSE:
        return this.#pollResponse()
      case AsyncConnectState.CONCLUDE_CONNECT:
        return this.#concludeConnect()
      case AsyncConnectState.DONE:
      case AsyncConnectState.CLOSED:
    }
  }

  #createEgressSubscription(): void {
    const { aeron, options } = this.#context
    this.#egressRegistrationId ??= aeron.asyncAddSubscription(options.egressChannel, options.egressStreamId)
    try {
      this.#egressSubscription = aeron.getSubscription(this.#egressRegistrationId)
    } catch (error) {
      this.#egressRegistrationId = undefined
      if (!isTemporary(error)) throw this.#failure('the egress subscription was refused', error)
      this.#egressError = error
    }
    if (this.#egressSubscription === undefined) return
    this.#responsePoller = new ConnectResponsePoller(this.#egressSubscription)
    this.#state = AsyncConnectState.CREATE_INGRESS_PUBLICATIONS
  }

  #createIngressPublications(): void {
    const { ingressEndpoints } = this.#context.options
    this.#members.start(ingressEndpoints === undefined ? undefined : parseIngressEndpoints(ingressEndpoints))
    this.#state = AsyncConnectState.AWAIT_PUBLICATION_CONNECTED
  }

  #awaitPublicationConnected(): void {
    const responseChannel = this.#egressSubscription?.tryResolveChannelEndpointPort()
    this.#publication = this.#members.findConnected()
    if (this.#members.isExhausted) throw this.#failure('no ingress publication could be added')
    if (responseChannel === undefined || this.#publication === undefined) return
    const { aeron, options } = this.#context
    this.#correlationId = aeron.nextCorrelationId()
    this.#message = encodeSessionConnectRequest({
      correlationId: this.#correlationId,
      responseStreamId: options.egressStreamId,
      responseChannel,
      encodedCredentials: options.credentialsSupplier.encodedCredentials(),
      clientInfo: `name=${options.clientName} language=TypeScript`,
    })
    this.#state = AsyncConnectState.SEND_MESSAGE
  }

  #sendMessage(): void {
    const result = this.#publication?.offer(this.#message) ?? 0
    if (result > 0) this.#state = AsyncConnectState.POLL_RESPONSE
    else if (result !== BACK_PRESSURED && result !== ADMIN_ACTION) {
      throw this.#failure(`the ingress publication gave ${publicationResultName(result)}`)
    }
  }

  #pollResponse(): void {
    const response = this.#responsePoller?.poll(this.#correlationId)
    if (response === undefined) return
    this.#response = response
    if (response.challenge !== undefined) {
      const { aeron, options } = this.#context
      const { clusterSessionId, encodedChallenge } = response.challenge
      this.#correlationId = aeron.nextCorrelationId()
      this.#message = encodeChallengeResponse(
        this.#correlationId,
        clusterSessionId,
        options.credentialsSupplier.onChallenge(encodedChallenge),
      )
      this.#state = AsyncConnectState.SEND_MESSAGE
    } else if (response.event !== undefined) this.#onSessionEvent(response.event)
  }

  #onSessionEvent(event: SessionEvent): void {
    const { clusterSessionId, leaderMemberId, detail } = event
    switch (event.code) {
      case EventCode.OK:
        this.#state = AsyncConnectState.CONCLUDE_CONNECT
        break
      case EventCode.REDIRECT:
        this.#members.redirect(leaderMemberId, this.#parseRedirect(event))
        this.#state = AsyncConnectState.AWAIT_PUBLICATION_CONNECTED
        break
      case EventCode.ERROR:
        throw new ClusterError('SESSION_REJECTED', `Cannot connect to the cluster: it refuses, ${detail}`, {
          clusterSessionId,
          leaderMemberId,
          detail,
        })
      case EventCode.AUTHENTICATION_REJECTED:
        throw new ClusterError(
          'AUTHENTICATION_REJECTED',
          `Cannot connect to the cluster: it rejects the credentials, ${detail}`,
          { clusterSessionId, detail },
        )
      case EventCode.CLOSED:
      case undefined:
    }
  }

  #parseRedirect(event: SessionEvent): IngressEndpoints {
    const endpoints = parseIngressEndpoints(event.detail)
    if (endpoints.has(event.leaderMemberId)) return endpoints
    throw this.#failure(`redirected to member ${event.leaderMemberId}, which is not in "${event.detail}"`)
  }

  #concludeConnect(): void {
    const { event, image, leaderHeartbeatTimeoutNs } = this.#response ?? {}
    const publication = this.#publication
    const egressSubscription = this.#egressSubscription
    if (!event || !image || !publication || !egressSubscription) throw this.#failure('no session was opened')
    this.#members.closeExcept(publication)
    this.#result = this.#conclude({
      ...this.#context,
      egressSubscription,
      egressImage: image,
      publication,
      clusterSessionId: event.clusterSessionId,
      leadershipTermId: event.leadershipTermId,
      leaderMemberId: event.leaderMemberId,
      leaderHeartbeatTimeoutNs:
        leaderHeartbeatTimeoutNs !== undefined && leaderHeartbeatTimeoutNs > 0n
          ? leaderHeartbeatTimeoutNs
          : DEFAULT_LEADER_HEARTBEAT_TIMEOUT_NS,
    })
    this.#state = AsyncConnectState.DONE
  }

  #checkDeadline(): void {
    const { options, nowMs } = this.#context
    if (nowMs() <= this.#deadlineMs) return
    const { messageTimeoutMs, ingressChannel, ingressEndpoints, egressChannel } = options
    throw new ClusterError(
      'CONNECT_TIMEOUT',
      `Cannot connect to the cluster: state ${this.#state} was reached in messageTimeoutMs of ${messageTimeoutMs}, ` +
        `ingress is "${ingressChannel}" with endpoints "${ingressEndpoints ?? ''}", egress is "${egressChannel}"` +
        this.#suppressedText(),
      { state: this.#state, messageTimeoutMs, ingressChannel, ingressEndpoints, egressChannel },
      this.#suppressedCause(),
    )
  }

  #failure(what: string, cause?: unknown): ClusterError {
    return new ClusterError(
      'CONNECT_FAILED',
      `Cannot connect to the cluster: ${what} in state ${this.#state}${this.#suppressedText()}`,
      { state: this.#state },
      cause === undefined ? this.#suppressedCause() : { cause },
    )
  }

  #suppressed(): readonly Error[] {
    const undecodable = this.#responsePoller?.lastError
    return [
      ...(this.#egressError ? [this.#egressError] : []),
      ...this.#members.errors,
      ...(undecodable ? [undecodable] : []),
    ]
  }

  #suppressedText(): string {
    const messages = this.#suppressed().map((error) => error.message)
    return messages.length === 0 ? '' : `; on the way: ${messages.join('; ')}`
  }

  #suppressedCause(): ErrorOptions {
    const errors = this.#suppressed()
    return errors.length === 0 ? {} : { cause: new AggregateError(errors, 'Registrations that were refused') }
  }
}
