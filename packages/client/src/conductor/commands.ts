import { checkChannel } from '../channel/channel-uri.ts'
import { ConcurrentPublication } from '../publication/concurrent-publication.ts'
import type { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import type { NextAvailableSessionIdFlyweight } from '../command/next-available-session-id-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import type { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'
import { Counter } from '../counter.ts'
import { requireDriverVersion, REVOKE_SINCE } from '../driver/driver-version.ts'
import { ExclusivePublication } from '../publication/exclusive-publication.ts'
import type { Image } from '../subscription/image.ts'
import type { Publication } from '../publication/publication.ts'
import { type ImageHandler, Subscription } from '../subscription/subscription.ts'
import type { ClientState } from './client-state.ts'
import type { Operations } from './operations.ts'
import { Registration } from './registration.ts'

/** How long a log stays mapped after the application closed what used it. Source: Aeron's `ClientConductor.EXPLICIT_CLOSE_LINGER_NS`. */
const EXPLICIT_CLOSE_LINGER_MS = 1_000

/** Image handlers of one subscription. */
export interface ImageHandlers {
  readonly onAvailableImage: ImageHandler | undefined
  readonly onUnavailableImage: ImageHandler | undefined
}

/** What the application asks of the driver: adds, and the ends of what was added. */
export class Commands {
  readonly #state: ClientState
  readonly #operations: Operations

  /** @param operations what the resources made here may ask for */
  constructor(state: ClientState, operations: Operations) {
    this.#state = state
    this.#operations = operations
  }

  addPublication(
    channel: string,
    streamId: number,
    kind: typeof ConcurrentPublication | typeof ExclusivePublication,
  ): Registration<Publication, PublicationBuffersReadyFlyweight> {
    checkStream(channel, streamId)
    const { proxy, publications, resources } = this.#state
    const isExclusive = kind === ExclusivePublication
    const correlationId = isExclusive
      ? proxy.addExclusivePublication(channel, streamId)
      : proxy.addPublication(channel, streamId)
    const action = `add ${isExclusive ? 'an exclusive' : 'a'} publication of stream ${streamId} on "${channel}"`
    const registration = new Registration(
      correlationId,
      action,
      this.#deadlineMs(),
      (event: PublicationBuffersReadyFlyweight) => {
        const publication: Publication = this.#makePublication(channel, event, kind)
        resources.publications.set(correlationId, publication)
        return publication
      },
    )
    publications.add(registration)
    return registration
  }

  addSubscription(
    channel: string,
    streamId: number,
    handlers: ImageHandlers,
  ): Registration<Subscription, SubscriptionReadyFlyweight> {
    checkStream(channel, streamId)
    const { proxy, subscriptions, resources, countersReader } = this.#state
    const registrationId = proxy.addSubscription(channel, streamId)
    const subscription = new Subscription({
      channel,
      streamId,
      registrationId,
      countersReader,
      operations: this.#operations,
      ...handlers,
      onClose: (closing) => this.#closeSubscription(closing),
    })
    resources.subscriptions.set(registrationId, subscription)
    const registration = new Registration(
      registrationId,
      `add a subscription to stream ${streamId} on "${channel}"`,
      this.#deadlineMs(),
      (event: SubscriptionReadyFlyweight) => {
        subscription.setChannelStatusId(event.channelStatusId)
        return subscription
      },
    )
    subscriptions.add(registration)
    return registration
  }

  addCounter(typeId: number, key: Uint8Array, label: string): Registration<Counter, CounterUpdateFlyweight> {
    const { proxy, counters, resources, countersReader } = this.#state
    const registrationId = proxy.addCounter(typeId, key, label)
    const registration = new Registration(
      registrationId,
      `add counter "${label}" of type ${typeId}`,
      this.#deadlineMs(),
      (event: CounterUpdateFlyweight) => {
        const counter = new Counter({
          countersReader,
          id: event.counterId,
          registrationId,
          onClose: (closing) => this.#closeCounter(closing),
        })
        resources.counters.set(registrationId, counter)
        return counter
      },
    )
    counters.add(registration)
    return registration
  }

  /** Adds a counter that nobody owns, or finds the one that is there: it stays when this client goes. */
  addStaticCounter(
    typeId: number,
    registrationId: bigint,
    key: Uint8Array,
    label: string,
  ): Registration<Counter, CounterUpdateFlyweight> {
    const { proxy, staticCounters, resources, countersReader } = this.#state
    const correlationId = proxy.addStaticCounter(typeId, registrationId, key, label)
    const registration = new Registration(
      correlationId,
      `add static counter "${label}" of type ${typeId}`,
      this.#deadlineMs(),
      (event: CounterUpdateFlyweight) => {
        const counter = new Counter({
          countersReader,
          id: event.counterId,
          registrationId,
          onClose: (closing) => {
            closing.markClosed()
            resources.staticCounters.delete(correlationId)
          },
        })
        resources.staticCounters.set(correlationId, counter)
        return counter
      },
    )
    staticCounters.add(registration)
    return registration
  }

  /** Asks for a session id that no publication of the stream has. */
  nextSessionId(streamId: number): Registration<number, NextAvailableSessionIdFlyweight> {
    checkStreamId(streamId)
    const { proxy, sessionIds } = this.#state
    const registration = new Registration(
      proxy.nextAvailableSessionId(streamId),
      `get a session id for stream ${streamId}`,
      this.#deadlineMs(),
      (event: NextAvailableSessionIdFlyweight) => event.sessionId,
    )
    sessionIds.add(registration)
    return registration
  }

  /** Forgets a subscription whose command was given up: its images must not be mapped. */
  forgetSubscription(registrationId: bigint): void {
    const subscription = this.#state.resources.subscriptions.get(registrationId)
    if (subscription === undefined) return
    this.#state.resources.subscriptions.delete(registrationId)
    this.releaseImages(subscription, subscription.markClosed())
  }

  /** Lets go of the logs of images that are closed, and tells the subscription's handler of each. */
  releaseImages(subscription: Subscription, images: readonly Image[]): void {
    const { logs, errors } = this.#state
    const handler = subscription.onUnavailableImage
    const deadlineMs = this.#state.nowMs() + EXPLICIT_CLOSE_LINGER_MS
    for (const image of images) {
      logs.release(image.correlationId, deadlineMs)
      if (handler !== undefined) errors.runCallback(() => handler(image))
    }
  }

  #makePublication(
    channel: string,
    event: PublicationBuffersReadyFlyweight,
    kind: typeof ConcurrentPublication | typeof ExclusivePublication,
  ): Publication {
    const { logs, countersReader } = this.#state
    const originalRegistrationId = event.registrationId
    const logBuffers = logs.acquire(originalRegistrationId, event.logFileName)
    try {
      return new kind({
        channel,
        streamId: event.streamId,
        sessionId: event.sessionId,
        registrationId: event.correlationId,
        originalRegistrationId,
        channelStatusId: event.channelStatusId,
        limitCounterId: event.limitCounterId,
        logBuffers,
        countersReader,
        operations: this.#operations,
        onClose: (publication, revoke) => this.#closePublication(publication, revoke),
      })
    } catch (error) {
      logs.release(originalRegistrationId, this.#state.nowMs())
      throw error
    }
  }

  #closePublication(publication: Publication, revoke: boolean): void {
    const { resources, logs, proxy, countersReader } = this.#state
    if (revoke) requireDriverVersion(countersReader, 'revoke a publication', REVOKE_SINCE)
    publication.markClosed()
    resources.publications.delete(publication.registrationId)
    proxy.removePublication(publication.registrationId, revoke)
    logs.release(publication.originalRegistrationId, this.#state.nowMs() + EXPLICIT_CLOSE_LINGER_MS)
  }

  #closeSubscription(subscription: Subscription): void {
    const { resources, proxy } = this.#state
    resources.subscriptions.delete(subscription.registrationId)
    const images = subscription.markClosed()
    proxy.removeSubscription(subscription.registrationId)
    this.releaseImages(subscription, images)
  }

  #closeCounter(counter: Counter): void {
    counter.markClosed()
    this.#state.resources.counters.delete(counter.registrationId)
    this.#state.proxy.removeCounter(counter.registrationId)
  }

  #deadlineMs(): number {
    return this.#state.nowMs() + this.#state.options.driverTimeoutMs
  }
}

function checkStream(channel: string, streamId: number): void {
  checkChannel(channel)
  checkStreamId(streamId)
}

function checkStreamId(streamId: number): void {
  if ((streamId | 0) !== streamId) {
    throw new RangeError(`Cannot use the stream: streamId must be an int32, current value is ${streamId}`)
  }
}
