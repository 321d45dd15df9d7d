import type { CountersReader } from '@x/atomic/status'
import { ChannelUri } from './channel-uri.ts'
import type { OperationSuccessFlyweight } from './command/operation-success-flyweight.ts'
import { awaitRegistration } from './conductor/await-registration.ts'
import type { Registration } from './conductor/registration.ts'
import type { Image } from './image.ts'
import type { ControlledFragmentHandler, FragmentHandler } from './logbuffer/fragment-handler.ts'
import {
  ChannelEndpointStatus,
  NO_CHANNEL_STATUS_ID,
  readChannelStatus,
} from './status/channel-endpoint-status.ts'
import { findLocalSocketAddresses } from './status/local-socket-address.ts'

/** Told of an image that became available, or is no longer. Runs on the conductor: it must not send commands or wait. */
export type ImageHandler = (image: Image) => void

/** @internal What the conductor gives a new subscription. */
export interface SubscriptionParts {
  readonly channel: string
  readonly streamId: number
  readonly registrationId: bigint
  readonly countersReader: CountersReader
  readonly onAvailableImage: ImageHandler | undefined
  readonly onUnavailableImage: ImageHandler | undefined
  /** Tells the conductor that the application is done with it. */
  readonly onClose: (subscription: Subscription) => void
  /** Asks the driver to add or to remove a destination. */
  readonly onDestination: (
    subscription: Subscription,
    channel: string,
    isAdded: boolean,
  ) => Registration<true, OperationSuccessFlyweight>
  /** Takes errors that nobody waits for. */
  readonly onError: (error: unknown) => void
}

/**
 * Reads one stream of a channel, from every publication there is: Aeron's `Subscription`. Each publication is an {@link Image}, which comes
 * and goes. A poll goes round the images, beginning with another one each time.
 */
export class Subscription implements Disposable {
  readonly channel: string
  readonly streamId: number
  /** Id of the command that added this subscription. */
  readonly registrationId: bigint
  /** @internal */
  readonly onAvailableImage: ImageHandler | undefined
  /** @internal */
  readonly onUnavailableImage: ImageHandler | undefined
  readonly #countersReader: CountersReader
  readonly #onClose: (subscription: Subscription) => void
  readonly #onDestination: SubscriptionParts['onDestination']
  readonly #onError: (error: unknown) => void
  // Replaced, never changed: a poll goes on with the images it started with.
  #images: readonly Image[] = []
  #channelStatusId = NO_CHANNEL_STATUS_ID
  #roundRobin = 0
  #closed = false

  /** @internal */
  constructor(parts: SubscriptionParts) {
    this.channel = parts.channel
    this.streamId = parts.streamId
    this.registrationId = parts.registrationId
    this.onAvailableImage = parts.onAvailableImage
    this.onUnavailableImage = parts.onUnavailableImage
    this.#countersReader = parts.countersReader
    this.#onClose = parts.onClose
    this.#onDestination = parts.onDestination
    this.#onError = parts.onError
  }

  /** Whether this subscription, or its client, has been closed. */
  get isClosed(): boolean {
    return this.#closed
  }

  /** The images there are now. */
  get images(): readonly Image[] {
    return this.#images
  }

  get imageCount(): number {
    return this.#images.length
  }

  get hasNoImages(): boolean {
    return this.#images.length === 0
  }

  /** Whether at least one image is open. */
  get isConnected(): boolean {
    return this.#images.some((image) => !image.isClosed)
  }

  /** Counter that holds the status of the channel, -1 for IPC. */
  get channelStatusId(): number {
    return this.#channelStatusId
  }

  /** State of the channel; errored once closed. */
  get channelStatus(): ChannelEndpointStatus {
    if (this.#closed) return ChannelEndpointStatus.ERRORED
    return readChannelStatus(this.#countersReader, this.#channelStatusId)
  }

  /** Addresses, as `host:port`, that the channel is bound to; none for IPC, while not active, and once closed. */
  get localSocketAddresses(): readonly string[] {
    if (this.channelStatus !== ChannelEndpointStatus.ACTIVE) return []
    return findLocalSocketAddresses(this.#countersReader, this.#channelStatusId)
  }

  imageBySessionId(sessionId: number): Image | undefined {
    return this.#images.find((image) => image.sessionId === sessionId)
  }

  imageAtIndex(index: number): Image | undefined {
    return this.#images[index]
  }

  /**
   * The channel with the port that the operating system gave in place of an endpoint's port 0; the channel itself when its endpoint has a
   * port; `undefined` while the channel is not bound. Source: Aeron's `Subscription.tryResolveChannelEndpointPort`.
   */
  tryResolveChannelEndpointPort(): string | undefined {
    const uri = ChannelUri.parse(this.channel)
    const endpoint = uri.get('endpoint')
    if (endpoint === undefined || !endpoint.endsWith(':0')) return this.channel
    const address = this.localSocketAddresses[0]
    if (address === undefined) return undefined
    uri.put('endpoint', endpoint.slice(0, -1) + address.slice(address.lastIndexOf(':') + 1))
    return uri.toString()
  }

  /**
   * Adds a destination to a subscription whose channel has `control-mode=manual`: one more place to receive the stream from.
   *
   * @throws AeronError `REGISTRATION_FAILED` when the driver refuses, `COMMAND_TIMEOUT`, `CLIENT_CLOSED`
   */
  async addDestination(channel: string): Promise<void> {
    await awaitRegistration(this.#changeDestination(channel, true), () => undefined, undefined)
  }

  /** Removes a destination, given by the channel that it was added with. Errors as of {@link addDestination}. */
  async removeDestination(channel: string): Promise<void> {
    await awaitRegistration(this.#changeDestination(channel, false), () => undefined, undefined)
  }

  /** As {@link addDestination}, without waiting: gives the correlation id. A failure goes to the client's error handler. */
  asyncAddDestination(channel: string): bigint {
    return this.#asyncDestination(channel, true)
  }

  /** As {@link removeDestination}, without waiting: gives the correlation id. A failure goes to the client's error handler. */
  asyncRemoveDestination(channel: string): bigint {
    return this.#asyncDestination(channel, false)
  }

  /** Hands up to `fragmentLimit` fragments of the images to `handler`; gives their number. */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    const images = this.#images
    const count = images.length
    if (count === 1) return images[0]!.poll(handler, fragmentLimit)
    let fragments = 0
    let index = this.#nextStart(count)
    for (let polled = 0; polled < count && fragments < fragmentLimit; polled++) {
      fragments += images[index]!.poll(handler, fragmentLimit - fragments)
      if (++index === count) index = 0
    }
    return fragments
  }

  /** Polls with control; an action that ends a poll ends that of its image, and the next image is polled. */
  controlledPoll(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    const images = this.#images
    const count = images.length
    if (count === 1) return images[0]!.controlledPoll(handler, fragmentLimit)
    let fragments = 0
    let index = this.#nextStart(count)
    for (let polled = 0; polled < count && fragments < fragmentLimit; polled++) {
      fragments += images[index]!.controlledPoll(handler, fragmentLimit - fragments)
      if (++index === count) index = 0
    }
    return fragments
  }

  /** Closes the subscription and its images; quiet when it is closed already. */
  close(): void {
    if (this.#closed) return
    this.#onClose(this)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** @internal */
  setChannelStatusId(channelStatusId: number): void {
    this.#channelStatusId = channelStatusId
  }

  /** @internal */
  addImage(image: Image): void {
    this.#images = [...this.#images, image]
  }

  /** @internal Closes and removes an image; `undefined` when there is none with this id. */
  removeImage(correlationId: bigint): Image | undefined {
    const removed = this.#images.find((image) => image.correlationId === correlationId)
    if (removed === undefined) return undefined
    removed.markClosed()
    this.#images = this.#images.filter((image) => image !== removed)
    return removed
  }

  /** @internal The conductor has let go of this subscription; gives the images it had, closed. */
  markClosed(): readonly Image[] {
    const images = this.#images
    this.#closed = true
    this.#images = []
    for (const image of images) image.markClosed()
    return images
  }

  #asyncDestination(channel: string, isAdded: boolean): bigint {
    const registration = this.#changeDestination(channel, isAdded)
    registration.whenSettled(() => {
      try {
        registration.result()
      } catch (error) {
        // Closing ends it too, which is no failure.
        if (!this.#closed) this.#onError(error)
      }
    })
    return registration.correlationId
  }

  #changeDestination(channel: string, isAdded: boolean): Registration<true, OperationSuccessFlyweight> {
    if (this.#closed) {
      throw new TypeError(
        `Cannot ${isAdded ? 'add' : 'remove'} destination "${channel}": the subscription to stream ${this.streamId} is closed`,
      )
    }
    return this.#onDestination(this, channel, isAdded)
  }

  #nextStart(count: number): number {
    const start = this.#roundRobin < count ? this.#roundRobin : 0
    this.#roundRobin = start + 1
    return start
  }
}
