import type { CountersReader } from '@x/atomic/status'
import { EventEmitter } from 'node:events'
import type { AwaitOptions } from '../await-options.ts'
import { ChannelUri } from '../channel/channel-uri.ts'
import type { Operations } from '../conductor/operations.ts'
import type { Image } from './image.ts'
import type { BlockHandler, RawBlockHandler } from '../logbuffer/block-handler.ts'
import type { ControlledFragmentHandler, FragmentHandler } from '../logbuffer/fragment-handler.ts'
import {
  ChannelEndpointStatus,
  NO_CHANNEL_STATUS_ID,
  readChannelStatus,
} from '../status/channel-endpoint-status.ts'
import { type Message, type MessagesOptions, SubscriptionMessages } from './subscription-messages.ts'
import { findLocalSocketAddresses } from '../status/local-socket-address.ts'

/** Called with an image that has become available or unavailable. It runs on the conductor, so it must neither send commands nor block. */
export type ImageHandler = (image: Image) => void

/**
 * The events of a subscription, with the arguments of their listeners. Unlike an {@link ImageHandler}, listeners are called after the conductor's turn, so
 * they may send commands. What they throw goes to the client's error handler.
 */
export interface SubscriptionEvents {
  availableImage: [image: Image]
  unavailableImage: [image: Image]
  /** The subscription was closed, by the application or along with the client; in the latter case with the client's `closeCause`. */
  close: [cause: Error | undefined]
}

/** @internal What the conductor gives a new subscription. */
export interface SubscriptionParts {
  readonly channel: string
  readonly streamId: number
  readonly registrationId: bigint
  readonly countersReader: CountersReader
  readonly operations: Operations
  readonly onAvailableImage: ImageHandler | undefined
  readonly onUnavailableImage: ImageHandler | undefined
  /** Tells the conductor that the application is done with it. */
  readonly onClose: (subscription: Subscription) => void
}

/**
 * Receives one stream of a channel from all its publications; corresponds to Aeron's `Subscription`. Each publication is represented by an {@link Image}, which
 * comes and goes with it. A poll visits the images in turn, starting with a different one each time.
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
  /** @internal */
  readonly operations: Operations
  readonly #countersReader: CountersReader
  readonly #onClose: (subscription: Subscription) => void
  // Replaced, never changed: a poll goes on with the images it started with.
  #images: readonly Image[] = []
  #channelStatusId = NO_CHANNEL_STATUS_ID
  #roundRobin = 0
  #closed = false
  #closeCause: Error | undefined
  #messages: SubscriptionMessages | undefined
  #events: EventEmitter<SubscriptionEvents> | undefined

  /** @internal */
  constructor(parts: SubscriptionParts) {
    this.channel = parts.channel
    this.streamId = parts.streamId
    this.registrationId = parts.registrationId
    this.onAvailableImage = parts.onAvailableImage
    this.onUnavailableImage = parts.onUnavailableImage
    this.operations = parts.operations
    this.#countersReader = parts.countersReader
    this.#onClose = parts.onClose
  }

  /** Whether this subscription, or its client, has been closed. */
  get isClosed(): boolean {
    return this.#closed
  }

  /** The error that closed the client and thereby this subscription; `undefined` while open, and when the application closed it. */
  get closeCause(): Error | undefined {
    return this.#closeCause
  }

  /**
   * Events for images that come and go. Images that existed before the first listener was added are in {@link images}.
   *
   * ```ts
   * subscription.events.on('availableImage', (image) => console.log(image.sourceIdentity))
   * ```
   */
  get events(): EventEmitter<SubscriptionEvents> {
    return (this.#events ??= new EventEmitter())
  }

  /** The current images. */
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

  /** Id of the counter with the channel's status; -1 for IPC. */
  get channelStatusId(): number {
    return this.#channelStatusId
  }

  /** Status of the channel; `ERRORED` once closed. */
  get channelStatus(): ChannelEndpointStatus {
    if (this.#closed) return ChannelEndpointStatus.ERRORED
    return readChannelStatus(this.#countersReader, this.#channelStatusId)
  }

  /** Local addresses to which the channel is bound, as `host:port`; empty for IPC, while the channel is not active, and once closed. */
  get localSocketAddresses(): readonly string[] {
    if (this.channelStatus !== ChannelEndpointStatus.ACTIVE) return []
    return findLocalSocketAddresses(this.#countersReader, this.#channelStatusId)
  }

  /** The channel's endpoint as `host:port`, with the port that was actually bound; `undefined` while it is not bound, and for IPC. */
  get resolvedEndpoint(): string | undefined {
    return this.localSocketAddresses[0]
  }

  imageBySessionId(sessionId: number): Image | undefined {
    return this.#images.find((image) => image.sessionId === sessionId)
  }

  imageAtIndex(index: number): Image | undefined {
    return this.#images[index]
  }

  /**
   * The channel in which port 0 of the endpoint is replaced by the port that the operating system assigned. It is the unchanged channel if the endpoint has a
   * port, and `undefined` while the channel is not bound. Corresponds to Aeron's `Subscription.tryResolveChannelEndpointPort`.
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

  /** Passes up to `fragmentLimit` fragments from the images to `handler`. @returns the number of fragments */
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

  /** Like {@link poll}, with a handler that returns an action after each fragment. An action that ends the poll ends that of its image only; the next image follows. */
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

  /**
   * Polls a block of complete frames from each image; see {@link Image.blockPoll}.
   *
   * @param blockLengthLimit maximum length in bytes of the block of one image
   * @returns the length in bytes of all blocks
   */
  blockPoll(handler: BlockHandler, blockLengthLimit: number): number {
    return this.#images.reduce((bytes, image) => bytes + image.blockPoll(handler, blockLengthLimit), 0)
  }

  /** Like {@link blockPoll}, but passes the location of each block in the log file; see {@link Image.rawPoll}. */
  rawPoll(handler: RawBlockHandler, blockLengthLimit: number): number {
    return this.#images.reduce((bytes, image) => bytes + image.rawPoll(handler, blockLengthLimit), 0)
  }

  /**
   * Adds a destination to receive from, for a subscription with `control-mode=manual` (multi-destination subscription).
   *
   * @throws AeronError `REGISTRATION_FAILED` when the driver rejects it, `COMMAND_TIMEOUT`, `RESOURCE_CLOSED`, `CLIENT_CLOSED`
   */
  async addDestination(channel: string, { signal }: AwaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.operations.addDestination(this, channel).wait(signal)
  }

  /** Like {@link addDestination}, but blocks the calling thread. */
  addDestinationSync(channel: string): void {
    this.operations.addDestination(this, channel).waitSync()
  }

  /** Like {@link addDestination}, but does not wait: returns an id for `aeron.isCommandActive`. A failure goes to the client's error handler. */
  asyncAddDestination(channel: string): bigint {
    return this.operations.addDestination(this, channel).detach()
  }

  /**
   * Removes a destination; does nothing if there is none. Images received only through it become unavailable: those of IPC and spies at once, those of UDP once
   * the driver has received nothing of them for its image liveness timeout. Throws what {@link addDestination} throws.
   */
  async removeDestination(channel: string, { signal }: AwaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.operations.removeDestination(this, channel).wait(signal)
  }

  /** Like {@link removeDestination}, but blocks the calling thread. */
  removeDestinationSync(channel: string): void {
    this.operations.removeDestination(this, channel).waitSync()
  }

  /** Like {@link removeDestination}, but does not wait: returns an id for `aeron.isCommandActive`. A failure goes to the client's error handler. */
  asyncRemoveDestination(channel: string): bigint {
    return this.operations.removeDestination(this, channel).detach()
  }

  /**
   * Iterates over the messages as they arrive, each reassembled and copied. The iteration ends when the subscription is closed, and throws the error that
   * closed the client. Messages that have been read from the log but not consumed when a loop is left are delivered to the next loop.
   */
  messages(options: MessagesOptions = {}): AsyncGenerator<Message, void> {
    this.#messages ??= new SubscriptionMessages(this)
    return this.#messages.iterate(options)
  }

  /** Same as {@link messages}, for `for await (const message of subscription)`. */
  [Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    return this.messages()
  }

  /** Closes the subscription and its images; does nothing when already closed. */
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
    this.#emit('availableImage', image)
  }

  /** @internal Closes and removes an image; `undefined` when there is none with this id. */
  removeImage(correlationId: bigint): Image | undefined {
    const removed = this.#images.find((image) => image.correlationId === correlationId)
    if (removed === undefined) return undefined
    removed.markClosed()
    this.#images = this.#images.filter((image) => image !== removed)
    this.#emit('unavailableImage', removed)
    return removed
  }

  /** @internal The conductor has let go of this subscription; gives the images it had, closed. */
  markClosed(cause?: Error): readonly Image[] {
    const images = this.#images
    this.#closed = true
    this.#closeCause = cause
    this.#images = []
    for (const image of images) {
      image.markClosed()
      this.#emit('unavailableImage', image)
    }
    this.#emit('close', cause)
    return images
  }

  #emit<E extends keyof SubscriptionEvents>(event: E, ...told: SubscriptionEvents[E]): void {
    const emitter: EventEmitter | undefined = this.#events
    if (emitter === undefined) return
    process.nextTick(() => {
      try {
        emitter.emit(event, ...told)
      } catch (error) {
        this.operations.reportError(error)
      }
    })
  }

  #nextStart(count: number): number {
    const start = this.#roundRobin < count ? this.#roundRobin : 0
    this.#roundRobin = start + 1
    return start
  }
}
