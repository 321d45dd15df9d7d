import {
  isRetryable,
  publicationResultName,
  type Aeron,
  type ExclusivePublication,
  type Subscription,
} from '@x/client'
import { ControlResponseCode } from '@x/codecs/archive'
import type { ResolvedAeronArchiveOptions } from '../aeron-archive-options.ts'
import { ArchiveError, archiveErrorOf } from '../archive-error.ts'
import {
  encodeArchiveIdRequest,
  encodeAuthConnectRequest,
  encodeChallengeResponse,
  encodeCloseSessionRequest,
  encodeKeepAliveRequest,
} from '../session/archive-proxy.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import {
  ControlResponseAdapter,
  type ControlResponse,
  type ControlResponseListener,
} from '../session/control-response-adapter.ts'
import type { ControlSessionParts } from '../session/control-session.ts'
import { exclusivePublicationSteps, subscriptionSteps } from '../requests/registration-steps.ts'
import { hasResponseMode, withResponseCorrelationId } from './response-mode.ts'

/** State of a connect. Source: the states of Aeron's AeronArchive.AsyncConnect. */
export const AsyncConnectState = {
  /** Adding the subscription to the responses. */
  AWAIT_SUBSCRIPTION: 'AWAIT_SUBSCRIPTION',
  /** Adding the publication for the requests. */
  ADD_PUBLICATION: 'ADD_PUBLICATION',
  /** Waiting for the archive to accept the publication. */
  AWAIT_PUBLICATION_CONNECTED: 'AWAIT_PUBLICATION_CONNECTED',
  /** Sending the request to connect. */
  SEND_CONNECT_REQUEST: 'SEND_CONNECT_REQUEST',
  /** Waiting for the archive's response publication. */
  AWAIT_SUBSCRIPTION_CONNECTED: 'AWAIT_SUBSCRIPTION_CONNECTED',
  /** Waiting for the answer to the request to connect. */
  AWAIT_CONNECT_RESPONSE: 'AWAIT_CONNECT_RESPONSE',
  /** Sending the request for the archive's id. */
  SEND_ARCHIVE_ID_REQUEST: 'SEND_ARCHIVE_ID_REQUEST',
  /** Waiting for the archive's id. */
  AWAIT_ARCHIVE_ID_RESPONSE: 'AWAIT_ARCHIVE_ID_RESPONSE',
  /** Sending the response to a challenge. */
  SEND_CHALLENGE_RESPONSE: 'SEND_CHALLENGE_RESPONSE',
  /** Waiting for the answer to that response. */
  AWAIT_CHALLENGE_RESPONSE: 'AWAIT_CHALLENGE_RESPONSE',
  /** Connected. */
  DONE: 'DONE',
  /** Cancelled or failed; everything is closed. */
  CLOSED: 'CLOSED',
} as const

/** State of a connect. */
export type AsyncConnectState = (typeof AsyncConnectState)[keyof typeof AsyncConnectState]

/** First version of the protocol with an archive id. Protocol: 1.11.0. */
const VERSION_WITH_ARCHIVE_ID = 0x01_0b_00
/** Id of an archive that is too old to have one. Protocol: Aeron's null value. */
const NULL_ARCHIVE_ID = -1n
/** Correlation id of a message that is not answered. */
const NO_CORRELATION_ID = -1n

/** What a connect works with. */
export interface ConnectContext {
  readonly aeron: Aeron
  /** Whether closing ends the Aeron client too. */
  readonly ownsAeron: boolean
  readonly options: ResolvedAeronArchiveOptions
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number
}

interface Challenge {
  readonly controlSessionId: bigint
  readonly encodedChallenge: Uint8Array
}

/**
 * A connect to an archive that never blocks. Call {@link poll} until it returns the client, or close it to cancel. If the Aeron client has a conductor invoker,
 * polling invokes it. Source: `io.aeron.archive.client.AeronArchive.AsyncConnect`.
 */
export class AsyncConnect<T> implements Disposable {
  readonly #context: ConnectContext
  readonly #conclude: (parts: ControlSessionParts) => T
  readonly #deadlineMs: number
  readonly #steps: RequestSteps<T>
  readonly #refusals: Error[] = []
  #state: AsyncConnectState = AsyncConnectState.AWAIT_SUBSCRIPTION
  #subscription: Subscription | undefined = undefined
  #publication: ExclusivePublication | undefined = undefined
  #controlSessionId: bigint | undefined = undefined
  #result: T | undefined = undefined
  // What the response stream brought for the request whose answer is awaited.
  #awaitedCorrelationId = 0n
  #response: ControlResponse | undefined = undefined
  #challenge: Challenge | undefined = undefined

  /** @param conclude makes the result of an open control session */
  constructor(context: ConnectContext, conclude: (parts: ControlSessionParts) => T) {
    this.#context = context
    this.#conclude = conclude
    this.#deadlineMs = context.nowMs() + context.options.messageTimeoutMs
    this.#steps = this.#connectSteps()
  }

  /** State of the connect. */
  get state(): AsyncConnectState {
    return this.#state
  }

  /**
   * Takes one step.
   *
   * @returns the connected client once there is one
   * @throws ArchiveError CONNECT_TIMEOUT, CONNECT_FAILED, or as the archive refuses; everything is closed then
   */
  poll(): T | undefined {
    if (this.#state === AsyncConnectState.DONE) return this.#result
    if (this.#state === AsyncConnectState.CLOSED) throw this.#failure('the connect was closed before')
    try {
      this.#checkDeadline()
      this.#context.aeron.conductorAgentInvoker?.invoke()
      const { done, value } = this.#steps.next()
      if (done === true) {
        this.#result = value
        this.#state = AsyncConnectState.DONE
      }
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
    // Registrations that are pending remove themselves.
    this.#steps.return(undefined as never)
    const { aeron, ownsAeron } = this.#context
    if (this.#controlSessionId !== undefined) {
      this.#publication?.offer(encodeCloseSessionRequest(this.#controlSessionId))
    }
    this.#publication?.close()
    this.#subscription?.close()
    if (ownsAeron) aeron.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  *#connectSteps(): RequestSteps<T> {
    const { subscription, publication } = yield* this.#registerSteps()
    const adapter = new ControlResponseAdapter(subscription, this.#listener())

    this.#state = AsyncConnectState.AWAIT_PUBLICATION_CONNECTED
    while (!publication.isConnected) yield undefined
    let response = yield* this.#authenticateSteps(adapter, subscription, publication)
    const { controlSessionId, version, schemaVersion } = response
    let archiveId = NULL_ARCHIVE_ID
    if (version >= VERSION_WITH_ARCHIVE_ID) {
      this.#state = AsyncConnectState.SEND_ARCHIVE_ID_REQUEST
      const correlationId = this.#nextCorrelationId()
      yield* this.#sendSteps(publication, encodeArchiveIdRequest(controlSessionId, correlationId))
      this.#state = AsyncConnectState.AWAIT_ARCHIVE_ID_RESPONSE
      while (this.#response === undefined) {
        adapter.poll()
        if (this.#response === undefined) yield undefined
      }
      response = this.#checked(this.#response)
      archiveId = response.relevantId
    }
    // The archive goes on to answer connects until the first request; this one has no answer and ends that.
    yield* this.#sendSteps(publication, encodeKeepAliveRequest(controlSessionId, NO_CORRELATION_ID))
    return this.#conclude({
      ...this.#context,
      publication,
      subscription,
      controlSessionId,
      archiveId,
      archiveVersion: version,
      archiveSchemaVersion: schemaVersion,
    })
  }

  *#registerSteps(): RequestSteps<{ subscription: Subscription; publication: ExclusivePublication }> {
    const { aeron, options } = this.#context
    const onRefused = (error: Error): void => {
      this.#refusals.push(error)
    }
    try {
      const subscription = yield* subscriptionSteps(
        aeron,
        options.controlResponseChannel,
        options.controlResponseStreamId,
        onRefused,
      )
      this.#subscription = subscription
      this.#state = AsyncConnectState.ADD_PUBLICATION
      const publication = yield* exclusivePublicationSteps(
        aeron,
        requestChannel(options, subscription),
        options.controlRequestStreamId,
        onRefused,
      )
      this.#publication = publication
      return { subscription, publication }
    } catch (error) {
      throw this.#failure('the driver refuses a control channel', error)
    }
  }

  // The archive may challenge the client, and then answers the request that carries the client's reply instead.
  *#authenticateSteps(
    adapter: ControlResponseAdapter,
    subscription: Subscription,
    publication: ExclusivePublication,
  ): RequestSteps<ControlResponse> {
    const { options } = this.#context
    const { credentialsSupplier } = options
    this.#state = AsyncConnectState.SEND_CONNECT_REQUEST
    let responseChannel = subscription.tryResolveChannelEndpointPort()
    while (responseChannel === undefined) {
      yield undefined
      responseChannel = subscription.tryResolveChannelEndpointPort()
    }
    const request = encodeAuthConnectRequest({
      correlationId: this.#nextCorrelationId(),
      responseStreamId: options.controlResponseStreamId,
      responseChannel,
      encodedCredentials: credentialsSupplier.encodedCredentials(),
      clientInfo: `name=${options.clientName} language=TypeScript`,
    })
    yield* this.#sendSteps(publication, request)
    this.#state = AsyncConnectState.AWAIT_SUBSCRIPTION_CONNECTED
    while (!subscription.isConnected) yield undefined
    this.#state = AsyncConnectState.AWAIT_CONNECT_RESPONSE
    for (;;) {
      adapter.poll()
      if (this.#response !== undefined) return this.#checked(this.#response)
      if (this.#challenge === undefined) {
        yield undefined
        continue
      }
      const { controlSessionId, encodedChallenge } = this.#challenge
      this.#controlSessionId = controlSessionId
      this.#state = AsyncConnectState.SEND_CHALLENGE_RESPONSE
      const credentials = credentialsSupplier.onChallenge(encodedChallenge)
      yield* this.#sendSteps(
        publication,
        encodeChallengeResponse(controlSessionId, this.#nextCorrelationId(), credentials),
      )
      this.#state = AsyncConnectState.AWAIT_CHALLENGE_RESPONSE
    }
  }

  *#sendSteps(publication: ExclusivePublication, message: Uint8Array): RequestSteps<void> {
    for (;;) {
      const result = publication.offer(message)
      if (result > 0) return
      if (!isRetryable(result)) {
        throw this.#failure(`the request publication gave ${publicationResultName(result)}`)
      }
      yield undefined
    }
  }

  /** The id for a request whose answer is awaited from here on. */
  #nextCorrelationId(): bigint {
    this.#awaitedCorrelationId = this.#context.aeron.nextCorrelationId()
    this.#response = undefined
    this.#challenge = undefined
    return this.#awaitedCorrelationId
  }

  #listener(): ControlResponseListener {
    return {
      onResponse: (response) => {
        if (response.correlationId === this.#awaitedCorrelationId) this.#response ??= response
      },
      onChallenge: (controlSessionId, correlationId, encodedChallenge) => {
        if (correlationId !== this.#awaitedCorrelationId) return
        this.#challenge ??= { controlSessionId, encodedChallenge }
      },
    }
  }

  #checked(response: ControlResponse): ControlResponse {
    this.#controlSessionId = response.controlSessionId
    if (response.code === ControlResponseCode.OK) return response
    const { correlationId, errorMessage } = response
    throw archiveErrorOf('connect to the archive', Number(response.relevantId), correlationId, errorMessage)
  }

  #checkDeadline(): void {
    const { options, nowMs } = this.#context
    if (nowMs() <= this.#deadlineMs) return
    const { messageTimeoutMs, controlRequestChannel, controlRequestStreamId, controlResponseChannel } =
      options
    throw new ArchiveError(
      'CONNECT_TIMEOUT',
      `Cannot connect to the archive: state ${this.#state} was reached in messageTimeoutMs of ${messageTimeoutMs}, ` +
        `requests go to "${controlRequestChannel}" stream ${controlRequestStreamId}, responses to "${controlResponseChannel}"${HINTS[this.#state] ?? ''}`,
      { state: this.#state, messageTimeoutMs, controlRequestChannel, controlResponseChannel },
      this.#refusals.length === 0
        ? {}
        : { cause: new AggregateError(this.#refusals, 'Registrations that were refused') },
    )
  }

  #failure(what: string, cause?: unknown): ArchiveError {
    return new ArchiveError(
      'CONNECT_FAILED',
      `Cannot connect to the archive: ${what} in state ${this.#state}${cause instanceof Error ? `, ${cause.message}` : ''}`,
      { state: this.#state },
      cause === undefined ? {} : { cause },
    )
  }
}

const RESPONSES_MISSING =
  '; the archive has the request, but its responses do not come: it must be able to reach the response channel'
/** What keeps a connect in a state, as far as this side can tell. */
const HINTS: Partial<Record<AsyncConnectState, string>> = {
  AWAIT_PUBLICATION_CONNECTED:
    '; no archive takes requests there: look at its control channel and its stream',
  AWAIT_SUBSCRIPTION_CONNECTED: RESPONSES_MISSING,
  AWAIT_CONNECT_RESPONSE: RESPONSES_MISSING,
}

// In response mode the archive finds the way back through the subscription that asks.
function requestChannel(options: ResolvedAeronArchiveOptions, subscription: Subscription): string {
  const { controlRequestChannel, controlResponseChannel } = options
  return hasResponseMode(controlResponseChannel)
    ? withResponseCorrelationId(controlRequestChannel, subscription.registrationId)
    : controlRequestChannel
}
