import { isRetryable, type Aeron, type ExclusivePublication, type Subscription } from '@x/client'
import { ControlResponseCode } from '@x/codecs/archive'
import type { ResolvedAeronArchiveOptions } from '../aeron-archive-options.ts'
import { ArchiveError, archiveErrorOf } from '../archive-error.ts'
import { encodeCloseSessionRequest } from './archive-proxy.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import {
  ControlResponseAdapter,
  type ControlResponse,
  type ControlResponseListener,
} from './control-response-adapter.ts'
import { failureOf, type AnyDescriptor, type PendingRequest, type RequestKind } from './pending-request.ts'
import { PendingRequests } from './pending-requests.ts'
import { ArrivalOrder } from './arrival-order.ts'
import { LateErrors } from './late-errors.ts'
import { RecordingSignals } from '../recording/recording-signals.ts'

/** Attempts to tell the archive that the session ends. Source: Aeron's AeronArchive. */
const CLOSE_ATTEMPTS = 3
/** Errors that wait for `pollForErrorResponse`. Ours: a bound, so that an archive full of errors cannot fill the memory; the oldest go. */
const MAX_WAITING_ERRORS = 100

/** What a connect hands to a {@link ControlSession}. */
export interface ControlSessionParts {
  readonly aeron: Aeron
  readonly ownsAeron: boolean
  readonly options: ResolvedAeronArchiveOptions
  readonly publication: ExclusivePublication
  readonly subscription: Subscription
  readonly controlSessionId: bigint
  /** Id of the archive; -1 if it is too old to have one. */
  readonly archiveId: bigint
  /** Version of the archive's protocol, major << 16 | minor << 8 | patch. */
  readonly archiveVersion: number
  /** Version of the archive's message schema. */
  readonly archiveSchemaVersion: number
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number
}

/**
 * A session with an archive: sends requests, and tells the answers apart by their correlation ids, so that many can be open at once.
 * Nothing here waits; requests that cannot be sent yet are kept in order. Source: the client half of Aeron's archive control protocol.
 */
export class ControlSession {
  readonly parts: ControlSessionParts
  /** What the archive has told of the recordings of this session. */
  readonly signals: RecordingSignals
  readonly #adapter: ControlResponseAdapter
  readonly #pending: PendingRequests
  readonly #lateErrors: LateErrors
  readonly #errors: Error[] = []
  #isConnected = true
  #isClosed = false

  constructor(parts: ControlSessionParts) {
    this.parts = parts
    const order = new ArrivalOrder()
    this.#lateErrors = new LateErrors(order)
    this.signals = new RecordingSignals(order, parts.options.onRecordingSignal)
    const { nowMs, options } = parts
    this.#pending = new PendingRequests({ nowMs, messageTimeoutMs: options.messageTimeoutMs })
    this.#adapter = new ControlResponseAdapter(parts.subscription, this.#listener())
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Whether the archive is still there, as far as is known. */
  get isConnected(): boolean {
    return this.#isConnected && !this.#isClosed && !this.parts.aeron.isClosed
  }

  /** Takes in what the archive has sent, and sends what could not be sent before. Returns how much was done. */
  doWork(): number {
    if (this.#isClosed) return 0
    const { aeron, subscription } = this.parts
    const work = (aeron.conductorAgentInvoker?.invoke() ?? 0) + this.#poll()
    if (!subscription.isConnected) this.#isConnected = false
    return work + this.#sendQueued()
  }

  /**
   * Sends a request.
   *
   * @param action what it does, for messages: a verb and its object
   * @param encode makes the message
   * @throws ArchiveError CLOSED, or NOT_CONNECTED, which closes the session
   * @throws RangeError when the request is longer than the control stream allows
   */
  submit(
    action: string,
    encode: (correlationId: bigint) => Uint8Array,
    kind: RequestKind = {},
  ): PendingRequest {
    this.#checkUsable(action)
    const { aeron, publication } = this.parts
    const { correlationId = aeron.nextCorrelationId() } = kind
    const message = encode(correlationId)
    if (message.length > publication.maxMessageLength) {
      throw new RangeError(
        `Cannot ${action}: the request must be at most ${publication.maxMessageLength} bytes, current length is ${message.length}; raise controlTermBufferLength`,
      )
    }
    const request = this.#pending.add(action, message, correlationId, kind)
    this.#pending.enqueue(request)
    this.#sendQueued()
    return request
  }

  /**
   * A request whose message goes over another publication than that of the session, by {@link sendOver}.
   *
   * @throws ArchiveError CLOSED, or NOT_CONNECTED, which closes the session
   */
  expect(
    action: string,
    encode: (correlationId: bigint) => Uint8Array,
    correlationId: bigint,
    kind: RequestKind = {},
  ): PendingRequest {
    this.#checkUsable(action)
    return this.#pending.add(action, encode(correlationId), correlationId, kind)
  }

  /**
   * The steps until a publication of its own has taken a request that {@link expect} made.
   *
   * @throws ArchiveError RESPONSE_TIMEOUT when it is not connected in time, NOT_CONNECTED, CLOSED
   */
  *sendOver(publication: ExclusivePublication, request: PendingRequest): RequestSteps<void> {
    try {
      while (request.message !== undefined) {
        this.#checkPending(request)
        if (publication.isConnected && publication.offer(request.message) > 0) request.message = undefined
        else yield undefined
      }
    } finally {
      if (request.message !== undefined) this.#pending.abandon(request)
    }
  }

  /**
   * The steps until a request is answered; they give the relevant id of an OK.
   *
   * @throws ArchiveError as the archive says, or RESPONSE_TIMEOUT, NOT_CONNECTED, CLOSED
   */
  *response(request: PendingRequest): RequestSteps<bigint> {
    yield* this.#untilAnswered(request)
    const { response } = request
    if (response?.code === ControlResponseCode.OK) return response.relevantId
    throw failureOf(request)
  }

  /**
   * The steps until a listing has ended: with its last descriptor, or because there are no more.
   *
   * @throws as {@link response}
   */
  *descriptors<T extends AnyDescriptor>(request: PendingRequest): RequestSteps<readonly T[]> {
    yield* this.#untilAnswered(request)
    const code = request.response?.code
    const hasEnded =
      request.response === undefined ||
      code === ControlResponseCode.RECORDING_UNKNOWN ||
      code === ControlResponseCode.SUBSCRIPTION_UNKNOWN
    if (!hasEnded) throw failureOf(request)
    return request.descriptors as unknown as readonly T[]
  }

  /** Sends a message that has no answer. Returns whether it went out; it may not overtake requests that wait. */
  trySend(message: Uint8Array): boolean {
    return this.isConnected && !this.#pending.hasUnsent && this.parts.publication.offer(message) > 0
  }

  /** The oldest error that belongs to no open request and was told to no handler. */
  takeError(): Error | undefined {
    return this.#errors.shift()
  }

  /** What the archive says about a request after it has answered it with an OK. */
  get lateErrors(): LateErrors {
    return this.#lateErrors
  }

  /** Throws ArchiveError CLOSED or NOT_CONNECTED when the session is no more. */
  checkAlive(action: string): void {
    const { controlSessionId } = this.parts
    if (this.#isClosed) {
      throw new ArchiveError('CLOSED', `Cannot ${action}: the archive client was closed meanwhile`, {
        controlSessionId,
      })
    }
    if (!this.isConnected) throw this.#notConnected(action)
  }

  /** Ends the session and closes its resources. Does nothing when already closed. */
  close(): void {
    if (this.#isClosed) return
    const { aeron, ownsAeron, publication, subscription, controlSessionId } = this.parts
    if (this.#isConnected && publication.isConnected) {
      const message = encodeCloseSessionRequest(controlSessionId)
      for (let attempt = 0; attempt < CLOSE_ATTEMPTS; attempt++) {
        if (!isRetryable(publication.offer(message))) break
      }
    }
    this.#isClosed = true
    publication.close()
    subscription.close()
    if (ownsAeron) aeron.close()
  }

  // One bad message, or a callback that throws, is no failure of the requests that are open.
  #poll(): number {
    try {
      return this.#adapter.poll()
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error(String(error), { cause: error }))
      return 1
    }
  }

  *#untilAnswered(request: PendingRequest): RequestSteps<void> {
    let isTaken = false
    try {
      while (!request.isAnswered) {
        this.#checkPending(request)
        yield undefined
      }
      isTaken = true
    } finally {
      if (!isTaken) this.#pending.abandon(request)
    }
  }

  #checkPending(request: PendingRequest): void {
    const { action, correlationId } = request
    this.checkAlive(action)
    if (!this.#pending.isOverdue(request)) return
    const { messageTimeoutMs } = this.parts.options
    throw new ArchiveError(
      'RESPONSE_TIMEOUT',
      `Cannot ${action}: the archive did not answer in messageTimeoutMs of ${messageTimeoutMs}`,
      { request: action, correlationId, messageTimeoutMs },
    )
  }

  #checkUsable(action: string): void {
    const { controlSessionId } = this.parts
    if (this.#isClosed) {
      throw new ArchiveError('CLOSED', `Cannot ${action}: the archive client is closed`, { controlSessionId })
    }
    if (this.isConnected) return
    this.close()
    throw this.#notConnected(action)
  }

  #notConnected(action: string): ArchiveError {
    const { aeron, controlSessionId } = this.parts
    const { closeCause } = aeron
    const why =
      closeCause === undefined
        ? 'the archive is gone or has ended the control session'
        : `the Aeron client has ended, ${closeCause.message}`
    return new ArchiveError(
      'NOT_CONNECTED',
      `Cannot ${action}: ${why}; connect again`,
      { controlSessionId },
      closeCause === undefined ? {} : { cause: closeCause },
    )
  }

  #sendQueued(): number {
    const sent = this.#pending.send(this.#offer)
    if (sent >= 0) return sent
    this.#isConnected = false
    return 0
  }

  readonly #offer = (message: Uint8Array): number => this.parts.publication.offer(message)

  #listener(): ControlResponseListener {
    const { controlSessionId } = this.parts
    return {
      onResponse: (response) => {
        if (response.controlSessionId === controlSessionId) this.#onResponse(response)
      },
      onRecordingDescriptor: (sessionId, correlationId, descriptor) => {
        if (sessionId === controlSessionId) this.#pending.takeDescriptor(correlationId, descriptor)
      },
      onRecordingSubscriptionDescriptor: (sessionId, correlationId, descriptor) => {
        if (sessionId === controlSessionId) this.#pending.takeDescriptor(correlationId, descriptor)
      },
      onRecordingSignal: (sessionId, event) => {
        if (sessionId === controlSessionId) this.signals.take(event)
      },
    }
  }

  #onResponse(response: ControlResponse): void {
    if (this.#pending.take(response) || response.code !== ControlResponseCode.ERROR) return
    const { relevantId, correlationId, errorMessage } = response
    const action = `go on with request ${correlationId}`
    const error = archiveErrorOf(action, Number(relevantId), correlationId, errorMessage)
    if (!this.#lateErrors.take(correlationId, error)) this.#onError(error)
  }

  #onError(error: Error): void {
    const { errorHandler } = this.parts.options
    if (errorHandler !== undefined) {
      errorHandler(error)
      return
    }
    this.#errors.push(error)
    if (this.#errors.length > MAX_WAITING_ERRORS) this.#errors.shift()
  }
}
