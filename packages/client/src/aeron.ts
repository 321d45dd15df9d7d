import { AtomicBuffer } from '@x/atomic'
import { type CountersReader, MAX_KEY_LENGTH, MAX_LABEL_LENGTH } from '@x/atomic/status'
import { AgentInvoker } from '@x/idlestrategy'
import { type AeronOptions, type ResolvedAeronOptions, resolveAeronOptions } from './aeron-options.ts'
import { connectCncFile, connectCncFileSync } from './cnc-connect.ts'
import type { CncFile } from './cnc-file.ts'
import type { CounterUpdateFlyweight } from './command/counter-update-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from './command/publication-buffers-ready-flyweight.ts'
import type { SubscriptionReadyFlyweight } from './command/subscription-ready-flyweight.ts'
import { ConcurrentPublication } from './concurrent-publication.ts'
import { awaitRegistration, awaitRegistrationSync } from './conductor/await-registration.ts'
import { ClientConductor } from './conductor/client-conductor.ts'
import { ConductorTimer } from './conductor/conductor-timer.ts'
import type { CounterHandler } from './conductor/counter-handlers.ts'
import type { Registration } from './conductor/registration.ts'
import type { Registrations } from './conductor/registrations.ts'
import type { Counter } from './counter.ts'
import { ExclusivePublication } from './exclusive-publication.ts'
import type { Publication } from './publication.ts'
import type { ImageHandler, Subscription } from './subscription.ts'

/** A way to give up waiting. What the driver made in the meantime is removed. */
export interface AwaitOptions {
  readonly signal?: AbortSignal
}

/** Who is told of the images of a subscription; the client's own handlers when not given. */
export interface SubscriptionOptions {
  readonly onAvailableImage?: ImageHandler
  readonly onUnavailableImage?: ImageHandler
}

/** A counter to add. */
export interface CounterOptions {
  /** What tells counters of a type apart, up to 112 bytes. @default empty */
  readonly key?: Uint8Array | AtomicBuffer
  /** What people read, ASCII, up to 380 characters. */
  readonly label: string
}

const NO_KEY = new Uint8Array(0)

/**
 * A client of a media driver: Aeron's `Aeron`. It adds publications, subscriptions and counters, in three forms: a promise; `...Sync`, which
 * blocks this thread; and `async...`, which gives the correlation id at once, for an agent that asks with `get...` until the answer is there.
 *
 * An open client keeps the process alive, unless the application drives its conductor; {@link close} ends it and all that it added. When
 * the driver dies, or gives the client up, it closes itself: offers give `CLOSED`, polls 0, other calls throw `CLIENT_CLOSED`.
 */
export class Aeron implements Disposable {
  readonly options: ResolvedAeronOptions
  /** Drives the conductor; only with `useConductorAgentInvoker`. */
  readonly conductorAgentInvoker: AgentInvoker | undefined
  readonly #conductor: ClientConductor
  readonly #timer: ConductorTimer | undefined

  private constructor(options: ResolvedAeronOptions, cncFile: CncFile) {
    this.options = options
    this.#conductor = new ClientConductor(options, cncFile, () => {
      this.#timer?.stop()
      this.conductorAgentInvoker?.close()
    })
    if (options.useConductorAgentInvoker) {
      this.conductorAgentInvoker = new AgentInvoker(this.#conductor, {
        errorHandler: this.#conductor.state.errors.report,
      })
      this.conductorAgentInvoker.start()
    } else {
      this.#timer = new ConductorTimer(this.#conductor, options.idleSleepDurationMs)
      this.#timer.wake()
    }
  }

  /**
   * Connects to the driver in `options.aeronDirectory`, waiting for one to start.
   *
   * @throws AeronError `DRIVER_TIMEOUT` when there is none in time, `CNC_VERSION_UNSUPPORTED`, `CNC_MALFORMED`
   * @throws RangeError for an option out of bounds
   */
  static async connect(options: AeronOptions & AwaitOptions = {}): Promise<Aeron> {
    const { signal, ...rest } = options
    const resolved = resolveAeronOptions(rest)
    return new Aeron(resolved, await connectCncFile(resolved, signal))
  }

  /** As {@link connect}, blocking this thread. */
  static connectSync(options: AeronOptions = {}): Aeron {
    const resolved = resolveAeronOptions(options)
    return new Aeron(resolved, connectCncFileSync(resolved))
  }

  /** Id of this client at the driver. */
  get clientId(): bigint {
    return this.#conductor.state.clientId
  }

  /** Whether the client is closed, by the application or by an error. */
  get isClosed(): boolean {
    return this.#conductor.isClosed
  }

  /** The driver's counters, of all clients. */
  get countersReader(): CountersReader {
    return this.#conductor.state.countersReader
  }

  /**
   * Adds a publication, which shares session and log with others of this driver on the same channel and stream.
   *
   * @throws AeronError `REGISTRATION_FAILED` when the driver refuses, `COMMAND_TIMEOUT`, `LOG_BUFFER_UNUSABLE`, `CLIENT_CLOSED`
   */
  async addPublication(
    channel: string,
    streamId: number,
    { signal }: AwaitOptions = {},
  ): Promise<ConcurrentPublication> {
    signal?.throwIfAborted()
    const registration = this.#addPublication(channel, streamId, ConcurrentPublication)
    return (await this.#awaitPublication(registration, signal)) as ConcurrentPublication
  }

  /** As {@link addPublication}, blocking this thread. */
  addPublicationSync(channel: string, streamId: number): ConcurrentPublication {
    const registration = this.#addPublication(channel, streamId, ConcurrentPublication)
    return awaitRegistrationSync(registration, this.#conductor) as ConcurrentPublication
  }

  /** As {@link addPublication}, without waiting: gives the id to ask {@link getPublication} with. */
  asyncAddPublication(channel: string, streamId: number): bigint {
    return this.#addPublication(channel, streamId, ConcurrentPublication).correlationId
  }

  /** The publication of an {@link asyncAddPublication}; `undefined` while pending. @throws once, what went wrong */
  getPublication(registrationId: bigint): ConcurrentPublication | undefined {
    const publication = this.#find(
      this.#state.publications,
      this.#state.resources.publications,
      registrationId,
    )
    if (publication === undefined || publication instanceof ConcurrentPublication) return publication
    throw new TypeError(
      `Cannot get publication ${registrationId}: it is an exclusive one, get it with getExclusivePublication`,
    )
  }

  /** Adds a publication with a session and a log of its own, for one writer. Errors as of {@link addPublication}. */
  async addExclusivePublication(
    channel: string,
    streamId: number,
    { signal }: AwaitOptions = {},
  ): Promise<ExclusivePublication> {
    signal?.throwIfAborted()
    const registration = this.#addPublication(channel, streamId, ExclusivePublication)
    return (await this.#awaitPublication(registration, signal)) as ExclusivePublication
  }

  /** As {@link addExclusivePublication}, blocking this thread. */
  addExclusivePublicationSync(channel: string, streamId: number): ExclusivePublication {
    const registration = this.#addPublication(channel, streamId, ExclusivePublication)
    return awaitRegistrationSync(registration, this.#conductor) as ExclusivePublication
  }

  /** As {@link addExclusivePublication}, without waiting: gives the id to ask {@link getExclusivePublication} with. */
  asyncAddExclusivePublication(channel: string, streamId: number): bigint {
    return this.#addPublication(channel, streamId, ExclusivePublication).correlationId
  }

  /** The publication of an {@link asyncAddExclusivePublication}; `undefined` while pending. @throws once, what went wrong */
  getExclusivePublication(registrationId: bigint): ExclusivePublication | undefined {
    const publication = this.#find(
      this.#state.publications,
      this.#state.resources.publications,
      registrationId,
    )
    if (publication === undefined || publication instanceof ExclusivePublication) return publication
    throw new TypeError(
      `Cannot get publication ${registrationId}: it is a concurrent one, get it with getPublication`,
    )
  }

  /** Ends what {@link asyncAddPublication} or {@link asyncAddExclusivePublication} began, before or after the answer. */
  asyncRemovePublication(registrationId: bigint): void {
    const publication = this.#state.resources.publications.get(registrationId)
    if (publication === undefined) this.#state.publications.cancel(registrationId)
    else publication.close()
  }

  /** Adds a subscription. Errors as of {@link addPublication}. */
  async addSubscription(
    channel: string,
    streamId: number,
    { signal, ...handlers }: SubscriptionOptions & AwaitOptions = {},
  ): Promise<Subscription> {
    signal?.throwIfAborted()
    const registration = this.#addSubscription(channel, streamId, handlers)
    return awaitRegistration(
      registration,
      () => this.asyncRemoveSubscription(registration.correlationId),
      signal,
    )
  }

  /** As {@link addSubscription}, blocking this thread. */
  addSubscriptionSync(channel: string, streamId: number, handlers: SubscriptionOptions = {}): Subscription {
    return awaitRegistrationSync(this.#addSubscription(channel, streamId, handlers), this.#conductor)
  }

  /** As {@link addSubscription}, without waiting: gives the id to ask {@link getSubscription} with. */
  asyncAddSubscription(channel: string, streamId: number, handlers: SubscriptionOptions = {}): bigint {
    return this.#addSubscription(channel, streamId, handlers).correlationId
  }

  /** The subscription of an {@link asyncAddSubscription}; `undefined` while pending. @throws once, what went wrong */
  getSubscription(registrationId: bigint): Subscription | undefined {
    return this.#find(this.#state.subscriptions, this.#state.resources.subscriptions, registrationId)
  }

  /** Ends what {@link asyncAddSubscription} began, before or after the answer. */
  asyncRemoveSubscription(registrationId: bigint): void {
    if (this.#state.subscriptions.cancel(registrationId))
      this.#conductor.commands.forgetSubscription(registrationId)
    else this.#state.resources.subscriptions.get(registrationId)?.close()
  }

  /** Adds a counter that this client owns. @throws as {@link addPublication}, and RangeError when key or label is too long */
  async addCounter(typeId: number, { signal, ...counter }: CounterOptions & AwaitOptions): Promise<Counter> {
    signal?.throwIfAborted()
    const registration = this.#addCounter(typeId, counter)
    return awaitRegistration(registration, () => this.asyncRemoveCounter(registration.correlationId), signal)
  }

  /** As {@link addCounter}, blocking this thread. */
  addCounterSync(typeId: number, counter: CounterOptions): Counter {
    return awaitRegistrationSync(this.#addCounter(typeId, counter), this.#conductor)
  }

  /** As {@link addCounter}, without waiting: gives the id to ask {@link getCounter} with. */
  asyncAddCounter(typeId: number, counter: CounterOptions): bigint {
    return this.#addCounter(typeId, counter).correlationId
  }

  /** The counter of an {@link asyncAddCounter}; `undefined` while pending. @throws once, what went wrong */
  getCounter(registrationId: bigint): Counter | undefined {
    return this.#find(this.#state.counters, this.#state.resources.counters, registrationId)
  }

  /** Ends what {@link asyncAddCounter} began, before or after the answer. */
  asyncRemoveCounter(registrationId: bigint): void {
    const counter = this.#state.resources.counters.get(registrationId)
    if (counter === undefined) this.#state.counters.cancel(registrationId)
    else counter.close()
  }

  /** Gives up an `async...` command that is pending, of any kind; tells whether it was pending. */
  cancelRegistration(registrationId: bigint): boolean {
    const { publications, subscriptions, counters } = this.#state
    if (subscriptions.cancel(registrationId)) {
      this.#conductor.commands.forgetSubscription(registrationId)
      return true
    }
    return publications.cancel(registrationId) || counters.cancel(registrationId)
  }

  /** An id that nothing else on this driver has. @throws AeronError `CLIENT_CLOSED` */
  nextCorrelationId(): bigint {
    this.#conductor.checkOpen()
    return this.#state.proxy.nextCorrelationId()
  }

  addAvailableCounterHandler(handler: CounterHandler): void {
    this.#state.counterHandlers.addAvailable(handler)
  }

  /** Removes a handler, and tells whether it was there. */
  removeAvailableCounterHandler(handler: CounterHandler): boolean {
    return this.#state.counterHandlers.removeAvailable(handler)
  }

  addUnavailableCounterHandler(handler: CounterHandler): void {
    this.#state.counterHandlers.addUnavailable(handler)
  }

  /** Removes a handler, and tells whether it was there. */
  removeUnavailableCounterHandler(handler: CounterHandler): boolean {
    return this.#state.counterHandlers.removeUnavailable(handler)
  }

  addCloseHandler(handler: () => void): void {
    this.#conductor.addCloseHandler(handler)
  }

  /** Removes a handler, and tells whether it was there. */
  removeCloseHandler(handler: () => void): boolean {
    return this.#conductor.removeCloseHandler(handler)
  }

  /** Closes the client and all that it added; quiet when it is closed already. In a callback, as soon as the conductor's turn is over. */
  close(): void {
    this.#conductor.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get #state(): ClientConductor['state'] {
    return this.#conductor.state
  }

  #addPublication(
    channel: string,
    streamId: number,
    kind: typeof ConcurrentPublication | typeof ExclusivePublication,
  ): Registration<Publication, PublicationBuffersReadyFlyweight> {
    this.#conductor.checkActive()
    const registration = this.#conductor.commands.addPublication(channel, streamId, kind)
    this.#timer?.wake()
    return registration
  }

  #awaitPublication(
    registration: Registration<Publication, PublicationBuffersReadyFlyweight>,
    signal: AbortSignal | undefined,
  ): Promise<Publication> {
    return awaitRegistration(
      registration,
      () => this.asyncRemovePublication(registration.correlationId),
      signal,
    )
  }

  #addSubscription(
    channel: string,
    streamId: number,
    handlers: SubscriptionOptions,
  ): Registration<Subscription, SubscriptionReadyFlyweight> {
    this.#conductor.checkActive()
    const registration = this.#conductor.commands.addSubscription(channel, streamId, {
      onAvailableImage: handlers.onAvailableImage ?? this.options.availableImageHandler,
      onUnavailableImage: handlers.onUnavailableImage ?? this.options.unavailableImageHandler,
    })
    this.#timer?.wake()
    return registration
  }

  #addCounter(
    typeId: number,
    { key = NO_KEY, label }: CounterOptions,
  ): Registration<Counter, CounterUpdateFlyweight> {
    const keyBytes = key instanceof AtomicBuffer ? key.bytes : key
    if (keyBytes.length > MAX_KEY_LENGTH || label.length > MAX_LABEL_LENGTH) {
      throw new RangeError(
        `Cannot add a counter: its key must be at most ${MAX_KEY_LENGTH} bytes and its label ${MAX_LABEL_LENGTH} characters, current lengths are ${keyBytes.length} and ${label.length}`,
      )
    }
    this.#conductor.checkActive()
    const registration = this.#conductor.commands.addCounter(typeId, keyBytes, label)
    this.#timer?.wake()
    return registration
  }

  #find<T, E>(
    registrations: Registrations<T, E>,
    resources: ReadonlyMap<bigint, T>,
    registrationId: bigint,
  ): T | undefined {
    this.#conductor.checkOpen()
    // An agent that asks may be what keeps the event loop busy, so asking moves the conductor on.
    if (registrations.isPending(registrationId)) this.#conductor.doWork()
    if (registrations.isPending(registrationId)) return undefined
    registrations.throwFailure(registrationId)
    return resources.get(registrationId)
  }
}
