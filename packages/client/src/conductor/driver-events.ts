import { Position } from '@x/atomic/status'
import { AeronError } from '../aeron-error.ts'
import type { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import type { ErrorResponseFlyweight } from '../command/error-response-flyweight.ts'
import type { ImageBuffersReadyFlyweight } from '../command/image-buffers-ready-flyweight.ts'
import type { ImageMessageFlyweight } from '../command/image-message-flyweight.ts'
import type { NextAvailableSessionIdFlyweight } from '../command/next-available-session-id-flyweight.ts'
import type { OperationSucceededFlyweight } from '../command/operation-succeeded-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import type { PublicationErrorFlyweight } from '../command/publication-error-flyweight.ts'
import type { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'
import type { DriverEventsListener } from '../driver/driver-events-listener.ts'
import { ErrorCode, errorCodeName } from '../error-code.ts'
import { Image } from '../subscription/image.ts'
import type { LogBuffers } from '../logbuffer/log-buffers.ts'
import { publicationErrorFrame } from '../publication-error-frame.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { ClientState } from './client-state.ts'

/** What the client does about each event of the driver. */
export class DriverEvents implements DriverEventsListener {
  readonly #state: ClientState
  readonly #onClientTimeout: (error: Error) => void

  /** @param onClientTimeout ends the client: the driver has given it up */
  constructor(state: ClientState, onClientTimeout: (error: Error) => void) {
    this.#state = state
    this.#onClientTimeout = onClientTimeout
  }

  onPublicationReady(event: PublicationBuffersReadyFlyweight): void {
    this.#state.publications.onReady(event.correlationId, event)
  }

  onSubscriptionReady(event: SubscriptionReadyFlyweight): void {
    this.#state.subscriptions.onReady(event.correlationId, event)
  }

  onAvailableImage(event: ImageBuffersReadyFlyweight): void {
    const { resources, errors } = this.#state
    const subscription = resources.subscriptions.get(event.subscriptionRegistrationId)
    if (subscription === undefined) return
    const image = this.#makeImage(event, subscription)
    if (image === undefined) return
    subscription.addImage(image)
    const handler = subscription.onAvailableImage
    if (handler !== undefined) errors.runCallback(() => handler(image))
  }

  onUnavailableImage(event: ImageMessageFlyweight): void {
    const { resources, logs, errors, options } = this.#state
    const subscription = resources.subscriptions.get(event.subscriptionRegistrationId)
    const image = subscription?.removeImage(event.correlationId)
    if (subscription === undefined || image === undefined) return
    logs.release(image.correlationId, this.#state.nowMs() + options.resourceLingerDurationMs)
    const handler = subscription.onUnavailableImage
    if (handler !== undefined) errors.runCallback(() => handler(image))
  }

  onCounterReady(event: CounterUpdateFlyweight): void {
    const { registrationId, counterId } = event
    this.#state.counters.onReady(registrationId, event)
    this.#state.counterHandlers.onAvailable(registrationId, counterId)
  }

  onUnavailableCounter(event: CounterUpdateFlyweight): void {
    this.#state.counterHandlers.onUnavailable(event.registrationId, event.counterId)
  }

  onStaticCounter(event: CounterUpdateFlyweight): void {
    this.#state.staticCounters.onReady(event.registrationId, event)
  }

  onOperationSuccess(event: OperationSucceededFlyweight): void {
    this.#state.operations.onReady(event.correlationId, event)
  }

  onNextAvailableSessionId(event: NextAvailableSessionIdFlyweight): void {
    this.#state.sessionIds.onReady(event.correlationId, event)
  }

  onPublicationError(event: PublicationErrorFlyweight): void {
    const handler = this.#state.options.publicationErrorFrameHandler
    if (handler === undefined) return
    const frame = publicationErrorFrame(event)
    for (const { originalRegistrationId } of this.#state.resources.publications.values()) {
      if (originalRegistrationId === frame.registrationId) {
        this.#state.errors.runCallback(() => handler(frame))
      }
    }
  }

  onError(event: ErrorResponseFlyweight): void {
    const { subscriptions, resources, allRegistrations } = this.#state
    const correlationId = event.offendingCorrelationId
    const { errorCode, errorMessage } = event
    const toError = (action: string): Error =>
      registrationError(action, correlationId, errorCode, errorMessage)
    // Then the id is that of a status counter, and may by chance be that of a pending command too.
    if (
      errorCode === ErrorCode.CHANNEL_ENDPOINT_ERROR &&
      resources.usesChannelStatus(Number(correlationId))
    ) {
      this.#onChannelEndpointError(Number(correlationId), errorMessage)
      return
    }
    if (subscriptions.onError(correlationId, toError)) {
      resources.subscriptions.get(correlationId)?.markClosed()
      resources.subscriptions.delete(correlationId)
      return
    }
    allRegistrations.some((registrations) => registrations.onError(correlationId, toError))
  }

  onClientTimeout(clientId: bigint): void {
    if (clientId !== this.#state.clientId) return
    this.#onClientTimeout(
      new AeronError(
        'CLIENT_TIMEOUT',
        `Cannot go on as client ${clientId}: the driver must hear from it in time, and has not; connect anew, and keep the event loop free`,
        { clientId },
      ),
    )
  }

  // An image that cannot be mapped is skipped: it fails alone.
  #makeImage(event: ImageBuffersReadyFlyweight, subscription: Subscription): Image | undefined {
    const { logs, errors, countersReader } = this.#state
    const { correlationId } = event
    let logBuffers: LogBuffers | undefined
    try {
      logBuffers = logs.acquire(correlationId, event.logFileName)
      return new Image({
        subscription,
        sessionId: event.sessionId,
        correlationId,
        sourceIdentity: event.sourceIdentity,
        position: new Position(countersReader.valuesBuffer, event.positionCounterId),
        logBuffers,
        errorHandler: this.#subscriberErrorHandler(),
      })
    } catch (error) {
      if (logBuffers !== undefined) logs.release(correlationId, this.#state.nowMs())
      errors.report(error)
      return undefined
    }
  }

  #subscriberErrorHandler(): ((error: unknown) => void) | undefined {
    const { options, errors } = this.#state
    const { subscriberErrorHandler = options.errorHandler && errors.report } = options
    return subscriberErrorHandler === 'rethrow' ? undefined : subscriberErrorHandler
  }

  #onChannelEndpointError(channelStatusId: number, message: string): void {
    this.#state.errors.report(
      new AeronError(
        'CHANNEL_ENDPOINT_ERROR',
        `Cannot use the channel with status counter ${channelStatusId}: ${message}`,
        { channelStatusId },
      ),
    )
  }
}

function registrationError(
  action: string,
  correlationId: bigint,
  errorCode: number,
  errorMessage: string,
): AeronError<'REGISTRATION_FAILED'> {
  const name = errorCodeName(errorCode)
  return new AeronError(
    'REGISTRATION_FAILED',
    `Cannot ${action}: the driver says ${name} (${errorCode}), ${errorMessage.replace(/^(?:ERROR|WARN) - /, '')}`,
    { correlationId, errorCode, errorCodeName: name },
  )
}
