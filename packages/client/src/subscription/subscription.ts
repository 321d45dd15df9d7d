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

/** Told of an image that became available, or is no longer. Runs on the conductor: it must not send commands or wait. */
export type ImageHandler = (image: Image) => void

/**
 * What happens to a subscription, by name, with what listeners get. Listeners are called once the conductor's turn is over, so unlike
 * {@link ImageHandler}s they may send commands; what they throw goes to the client's error handler.
 */
export interface SubscriptionEvents {
  availableImage: [image: Image]
  unavailableImage: [image: Image]
  /** Closed by the application, or with the client; then with what ended it. */
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

  /** What ended the client and with it this subscription; `undefined` while open, and when the application closed it. */
  get closeCause(): Error | undefined {
    return this.#closeCause
  }

  /**
   * Tells of images that come and go. Those that were there before the first listener are in {@link images}.
   *
   * ```ts
   * subscription.events.on('availableImage', (image) => console.log(image.sourceIdentity))
   * ```
   */
  get events(): EventEmitter<SubscriptionEvents> {
    return (this.#events ??= new EventEmitter())
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

  /** The channel's endpoint as `host:port` with the port that it is bound to; `undefined` while it is not, and for IPC. */
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

  /**
   * Polls a block of whole frames from each image, as {@link Image.blockPoll}; gives the bytes of all.
   *
   * @param blockLengthLimit longest block of one image, in bytes
   */
  blockPoll(handler: BlockHandler, blockLengthLimit: number): number {
    return this.#images.reduce((bytes, image) => bytes + image.blockPoll(handler, blockLengthLimit), 0)
  }

  /** As {@link blockPoll}, with the place of each block in the log file: see {@link Image.rawPoll}. */
  rawPoll(handler: RawBlockHandler, blockLengthLimit: number): number {
    return this.#images.reduce((bytes, image) => bytes + image.rawPoll(handler, blockLengthLimit), 0)
  }

  /**
   * Adds a place to receive from, to a subscription with `control-mode=manual`: Aeron's multi-destination subscription.
   *
   * @throws AeronError `REGISTRATION_FAILED` when the driver refuses, `COMMAND_TIMEOUT`, `RESOURCE_CLOSED`, `CLIENT_CLOSED`
   */
  async addDestination(channel: string, { signal }: AwaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.operations.addDestination(this, channel).wait(signal)
  }

  /** As {@link addDestination}, blocking this thread. */
  addDestinationSync(channel: string): void {
    this.operations.addDestination(this, channel).waitSync()
  }

  /** As {@link addDestination}, without waiting: gives the id to ask `aeron.isCommandActive` with. A failure goes to the client's error handler. */
  asyncAddDestination(channel: string): bigint {
    return this.operations.addDestination(this, channel).detach()
  }

  /**
   * Removes a destination; the images that only it carried become unavailable: those of IPC and spies at once, those of UDP when the driver has
   * heard nothing of them for its image liveness timeout. Quiet when there is no such destination. Errors as of {@link addDestination}.
   */
  async removeDestination(channel: string, { signal }: AwaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.operations.removeDestination(this, channel).wait(signal)
  }

  /** As {@link removeDestination}, blocking this thread. */
  removeDestinationSync(channel: string): void {
    this.operations.removeDestination(this, channel).waitSync()
  }

  /** As {@link removeDestination}, without waiting: gives the id to ask `aeron.isCommandActive` with. A failure goes to the client's error handler. */
  asyncRemoveDestination(channel: string): bigint {
    return this.operations.removeDestination(this, channel).detach()
  }

  /**
   * The messages, each whole and copied, as they come: polling with a loop around it. It ends when the subscription is closed, and throws
   * what ended the client. Messages that were taken out of the log and not yet looped over when a loop is left are the next loop's.
   */
  messages(options: MessagesOptions = {}): AsyncGenerator<Message, void> {
    this.#messages ??= new SubscriptionMessages(this)
    return this.#messages.iterate(options)
  }

  /** As {@link messages}, for `for await (const message of subscription)`. */
  [Symbol.asyncIterator](): AsyncGenerator<Message, void> {
    return this.messages()
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
