import type { CountersReader } from '@x/atomic/status'
import { AgentInvoker } from '@x/idlestrategy'
import { type AeronOptions, type ResolvedAeronOptions, resolveAeronOptions } from './aeron-options.ts'
import type { AwaitOptions } from './await-options.ts'
import { closeAtExit } from './close-at-exit.ts'
import { connectCncFile, connectCncFileSync } from './cnc/cnc-connect.ts'
import type { CncFile } from './cnc/cnc-file.ts'
import { ConcurrentPublication } from './publication/concurrent-publication.ts'
import { ClientConductor } from './conductor/client-conductor.ts'
import { ConductorTimer } from './conductor/conductor-timer.ts'
import type { CounterHandler } from './conductor/counter-handlers.ts'
import type { ImageHandlers } from './conductor/commands.ts'
import type { CounterOptions } from './conductor/requests.ts'
import type { Counter } from './counter.ts'
import { readDriverVersion } from './driver/driver-version.ts'
import { ExclusivePublication } from './publication/exclusive-publication.ts'
import type { ImageHandler, Subscription } from './subscription/subscription.ts'

/** Handlers for the images of a subscription. By default those in the options of the client are used. */
export interface SubscriptionOptions {
  /** Called when an image becomes available. */
  readonly onAvailableImage?: ImageHandler
  /** Called when an image is no longer available. */
  readonly onUnavailableImage?: ImageHandler
}

/**
 * A client of a media driver; corresponds to Aeron's `Aeron`. It adds publications, subscriptions and counters. Every such method has three forms: one
 * returns a promise; `...Sync` blocks the calling thread; and `async...` returns a correlation id at once, for agents that then call `get...` until
 * the driver has responded.
 *
 * An open client keeps the process alive, unless the application drives its conductor. {@link close} closes the client and everything it added, and so does
 * the exit of the process. When the driver dies or times the client out, the client closes itself: offers then return `CLOSED`, polls return 0, and
 * other calls throw `CLIENT_CLOSED`.
 */
export class Aeron implements Disposable {
  /** The options, with defaults filled in. */
  readonly options: ResolvedAeronOptions
  /** Invokes the conductor; defined only with the option `useConductorAgentInvoker`. */
  readonly conductorAgentInvoker: AgentInvoker | undefined
  readonly #conductor: ClientConductor
  readonly #timer: ConductorTimer | undefined

  private constructor(options: ResolvedAeronOptions, cncFile: CncFile) {
    this.options = options
    let forgetExit = (): void => {}
    this.#conductor = new ClientConductor(options, cncFile, {
      onSent: () => this.#timer?.wake(),
      onClosed: () => {
        forgetExit()
        this.#timer?.stop()
        this.conductorAgentInvoker?.close()
      },
    })
    forgetExit = closeAtExit(() => this.#conductor.closeNow())
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
   * Connects to the media driver in `options.aeronDirectory`, and waits for it to start if necessary.
   *
   * @throws AeronError `DRIVER_TIMEOUT` when no driver is found in time, `CNC_VERSION_UNSUPPORTED`, `CNC_MALFORMED`
   * @throws RangeError when an option is out of range
   */
  static async connect(options: AeronOptions & AwaitOptions = {}): Promise<Aeron> {
    const { signal, ...rest } = options
    const resolved = resolveAeronOptions(rest)
    return new Aeron(resolved, await connectCncFile(resolved, signal))
  }

  /** Like {@link connect}, but blocks the calling thread. */
  static connectSync(options: AeronOptions = {}): Aeron {
    const resolved = resolveAeronOptions(options)
    return new Aeron(resolved, connectCncFileSync(resolved))
  }

  /** The id by which the driver knows this client. */
  get clientId(): bigint {
    return this.#conductor.state.clientId
  }

  /** Whether the client has been closed, by the application or because of an error. */
  get isClosed(): boolean {
    return this.#conductor.isClosed
  }

  /** The error that closed the client; `undefined` while it is open, and when the application closed it. */
  get closeCause(): Error | undefined {
    return this.#conductor.endedBy
  }

  /** How long a client may be silent before the driver considers it dead, in milliseconds. A setting of the driver. */
  get clientLivenessTimeoutMs(): number {
    return this.#conductor.clientLivenessTimeoutMs
  }

  /** Version of the driver as `major.minor.patch`; `undefined` if the driver does not publish it. */
  get driverVersion(): string | undefined {
    return readDriverVersion(this.countersReader)
  }

  /** The counters of the driver and of all its clients. */
  get countersReader(): CountersReader {
    return this.#conductor.state.countersReader
  }

  /**
   * Adds a publication. All concurrent publications on one driver with the same channel and stream id share one session and one log.
   *
   * @throws AeronError `REGISTRATION_FAILED` when the driver rejects it, `COMMAND_TIMEOUT`, `LOG_BUFFER_UNUSABLE`, `CLIENT_CLOSED`
   */
  async addPublication(
    channel: string,
    streamId: number,
    { signal }: AwaitOptions = {},
  ): Promise<ConcurrentPublication> {
    signal?.throwIfAborted()
    return this.#requests.addPublication(channel, streamId, ConcurrentPublication).wait(signal)
  }

  /** Like {@link addPublication}, but blocks the calling thread. */
  addPublicationSync(channel: string, streamId: number): ConcurrentPublication {
    return this.#requests.addPublication(channel, streamId, ConcurrentPublication).waitSync()
  }

  /** Like {@link addPublication}, but does not wait: returns the id to pass to {@link getPublication}. */
  asyncAddPublication(channel: string, streamId: number): bigint {
    return this.#requests.addPublication(channel, streamId, ConcurrentPublication).correlationId
  }

  /** The publication requested by {@link asyncAddPublication}; `undefined` while the request is pending. @throws once, the error if it failed */
  getPublication(registrationId: bigint): ConcurrentPublication | undefined {
    const { publications, resources } = this.#state
    const publication = this.#requests.find(publications, resources.publications, registrationId)
    if (publication === undefined || publication instanceof ConcurrentPublication) return publication
    throw new TypeError(
      `Cannot get publication ${registrationId}: it is an exclusive one, get it with getExclusivePublication`,
    )
  }

  /** Adds a publication with its own session and log, for a single writer. Throws what {@link addPublication} throws. */
  async addExclusivePublication(
    channel: string,
    streamId: number,
    { signal }: AwaitOptions = {},
  ): Promise<ExclusivePublication> {
    signal?.throwIfAborted()
    return this.#requests.addPublication(channel, streamId, ExclusivePublication).wait(signal)
  }

  /** Like {@link addExclusivePublication}, but blocks the calling thread. */
  addExclusivePublicationSync(channel: string, streamId: number): ExclusivePublication {
    return this.#requests.addPublication(channel, streamId, ExclusivePublication).waitSync()
  }

  /** Like {@link addExclusivePublication}, but does not wait: returns the id to pass to {@link getExclusivePublication}. */
  asyncAddExclusivePublication(channel: string, streamId: number): bigint {
    return this.#requests.addPublication(channel, streamId, ExclusivePublication).correlationId
  }

  /** The publication requested by {@link asyncAddExclusivePublication}; `undefined` while the request is pending. @throws once, the error if it failed */
  getExclusivePublication(registrationId: bigint): ExclusivePublication | undefined {
    const { publications, resources } = this.#state
    const publication = this.#requests.find(publications, resources.publications, registrationId)
    if (publication === undefined || publication instanceof ExclusivePublication) return publication
    throw new TypeError(
      `Cannot get publication ${registrationId}: it is a concurrent one, get it with getPublication`,
    )
  }

  /** Removes what {@link asyncAddPublication} or {@link asyncAddExclusivePublication} added, whether or not the driver has responded yet. */
  asyncRemovePublication(registrationId: bigint): void {
    this.#requests.removePublication(registrationId)
  }

  /** Adds a subscription. Throws what {@link addPublication} throws. */
  async addSubscription(
    channel: string,
    streamId: number,
    { signal, ...handlers }: SubscriptionOptions & AwaitOptions = {},
  ): Promise<Subscription> {
    signal?.throwIfAborted()
    return this.#requests.addSubscription(channel, streamId, this.#handlers(handlers)).wait(signal)
  }

  /** Like {@link addSubscription}, but blocks the calling thread. */
  addSubscriptionSync(channel: string, streamId: number, handlers: SubscriptionOptions = {}): Subscription {
    return this.#requests.addSubscription(channel, streamId, this.#handlers(handlers)).waitSync()
  }

  /** Like {@link addSubscription}, but does not wait: returns the id to pass to {@link getSubscription}. */
  asyncAddSubscription(channel: string, streamId: number, handlers: SubscriptionOptions = {}): bigint {
    return this.#requests.addSubscription(channel, streamId, this.#handlers(handlers)).correlationId
  }

  /** The subscription requested by {@link asyncAddSubscription}; `undefined` while the request is pending. @throws once, the error if it failed */
  getSubscription(registrationId: bigint): Subscription | undefined {
    const { subscriptions, resources } = this.#state
    return this.#requests.find(subscriptions, resources.subscriptions, registrationId)
  }

  /** Removes what {@link asyncAddSubscription} added, whether or not the driver has responded yet. */
  asyncRemoveSubscription(registrationId: bigint): void {
    this.#requests.removeSubscription(registrationId)
  }

  /** Adds a counter owned by this client. @throws what {@link addPublication} throws, and RangeError when key or label is too long */
  async addCounter(typeId: number, { signal, ...counter }: CounterOptions & AwaitOptions): Promise<Counter> {
    signal?.throwIfAborted()
    return this.#requests.addCounter(typeId, counter).wait(signal)
  }

  /** Like {@link addCounter}, but blocks the calling thread. */
  addCounterSync(typeId: number, counter: CounterOptions): Counter {
    return this.#requests.addCounter(typeId, counter).waitSync()
  }

  /** Like {@link addCounter}, but does not wait: returns the id to pass to {@link getCounter}. */
  asyncAddCounter(typeId: number, counter: CounterOptions): bigint {
    return this.#requests.addCounter(typeId, counter).correlationId
  }

  /**
   * Adds a counter without an owner, identified by its type and registration id. It exists until the driver ends, and adding it again returns the same
   * counter. Closing the returned object does not free the counter. Throws what {@link addCounter} throws, and `DRIVER_TOO_OLD` for drivers before 1.45.
   */
  async addStaticCounter(
    typeId: number,
    registrationId: bigint,
    { signal, ...counter }: CounterOptions & AwaitOptions,
  ): Promise<Counter> {
    signal?.throwIfAborted()
    return this.#requests.addStaticCounter(typeId, registrationId, counter).wait(signal)
  }

  /** Like {@link addStaticCounter}, but blocks the calling thread. */
  addStaticCounterSync(typeId: number, registrationId: bigint, counter: CounterOptions): Counter {
    return this.#requests.addStaticCounter(typeId, registrationId, counter).waitSync()
  }

  /** Like {@link addStaticCounter}, but does not wait: returns the id to pass to {@link getCounter}. */
  asyncAddStaticCounter(typeId: number, registrationId: bigint, counter: CounterOptions): bigint {
    return this.#requests.addStaticCounter(typeId, registrationId, counter).correlationId
  }

  /** The counter requested by {@link asyncAddCounter} or {@link asyncAddStaticCounter}; `undefined` while the request is pending. @throws once, the error if it failed */
  getCounter(correlationId: bigint): Counter | undefined {
    const { counters, staticCounters, resources } = this.#state
    return (
      this.#requests.find(counters, resources.counters, correlationId) ??
      this.#requests.find(staticCounters, resources.staticCounters, correlationId)
    )
  }

  /** Removes what {@link asyncAddCounter} or {@link asyncAddStaticCounter} added, whether or not the driver has responded yet. */
  asyncRemoveCounter(registrationId: bigint): void {
    this.#requests.removeCounter(registrationId)
  }

  /** Cancels a pending `async...` command of any kind. @returns whether it was pending */
  cancelRegistration(registrationId: bigint): boolean {
    return this.#requests.cancel(registrationId)
  }

  /** Whether the driver has yet to respond to an `async...` command of any kind, including those for destinations and rejections. */
  isCommandActive(correlationId: bigint): boolean {
    return this.#requests.isActive(correlationId)
  }

  /** Whether the driver has yet to respond to any command. */
  get hasActiveCommands(): boolean {
    return this.#conductor.hasPending
  }

  /**
   * Returns a session id that no publication of the stream uses, to be passed as `session-id` when adding one; corresponds to Aeron's `nextSessionId`.
   * Drivers before 1.49 do not support this, so a random id is returned. Throws what {@link addPublication} throws.
   */
  async nextSessionId(streamId: number, { signal }: AwaitOptions = {}): Promise<number> {
    signal?.throwIfAborted()
    const request = this.#requests.nextSessionId(streamId)
    return typeof request === 'number' ? request : request.wait(signal)
  }

  /** Like {@link nextSessionId}, but blocks the calling thread. */
  nextSessionIdSync(streamId: number): number {
    const request = this.#requests.nextSessionId(streamId)
    return typeof request === 'number' ? request : request.waitSync()
  }

  /** Returns an id that is unique on this driver. @throws AeronError `CLIENT_CLOSED` */
  nextCorrelationId(): bigint {
    this.#conductor.checkOpen()
    return this.#state.proxy.nextCorrelationId()
  }

  /** Adds a handler that is called for each counter that becomes available. */
  addAvailableCounterHandler(handler: CounterHandler): void {
    this.#state.counterHandlers.addAvailable(handler)
  }

  /** Removes a handler. @returns whether it had been added */
  removeAvailableCounterHandler(handler: CounterHandler): boolean {
    return this.#state.counterHandlers.removeAvailable(handler)
  }

  /** Adds a handler that is called for each counter that is freed. */
  addUnavailableCounterHandler(handler: CounterHandler): void {
    this.#state.counterHandlers.addUnavailable(handler)
  }

  /** Removes a handler. @returns whether it had been added */
  removeUnavailableCounterHandler(handler: CounterHandler): boolean {
    return this.#state.counterHandlers.removeUnavailable(handler)
  }

  /** Adds a handler that is called when the client is closed, for whatever reason. */
  addCloseHandler(handler: () => void): void {
    this.#conductor.addCloseHandler(handler)
  }

  /** Removes a handler. @returns whether it had been added */
  removeCloseHandler(handler: () => void): boolean {
    return this.#conductor.removeCloseHandler(handler)
  }

  /** Closes the client and everything it added; does nothing when already closed. Called in a callback, it takes effect after the conductor's turn. */
  close(): void {
    this.#conductor.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get #state(): ClientConductor['state'] {
    return this.#conductor.state
  }

  get #requests(): ClientConductor['requests'] {
    return this.#conductor.requests
  }

  #handlers(handlers: SubscriptionOptions): ImageHandlers {
    return {
      onAvailableImage: handlers.onAvailableImage ?? this.options.availableImageHandler,
      onUnavailableImage: handlers.onUnavailableImage ?? this.options.unavailableImageHandler,
    }
  }
}
