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

/** Who is told of the images of a subscription; the client's own handlers when not given. */
export interface SubscriptionOptions {
  readonly onAvailableImage?: ImageHandler
  readonly onUnavailableImage?: ImageHandler
}

/**
 * A client of a media driver: Aeron's `Aeron`. It adds publications, subscriptions and counters, in three forms: a promise; `...Sync`, which
 * blocks this thread; and `async...`, which gives the correlation id at once, for an agent that asks with `get...` until the answer is there.
 *
 * An open client keeps the process alive, unless the application drives its conductor; {@link close} ends it and all that it added, and so
 * does the exit of the process. When the driver dies, or gives the client up, it closes itself: offers give `CLOSED`, polls 0, other calls throw `CLIENT_CLOSED`.
 */
export class Aeron implements Disposable {
  readonly options: ResolvedAeronOptions
  /** Drives the conductor; only with `useConductorAgentInvoker`. */
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

  /** What ended the client, once closed; `undefined` when the application did. */
  get closeCause(): Error | undefined {
    return this.#conductor.endedBy
  }

  /** For how long the driver hears nothing of a client before it takes it for dead, in milliseconds: a setting of the driver. */
  get clientLivenessTimeoutMs(): number {
    return this.#conductor.clientLivenessTimeoutMs
  }

  /** Version of the driver as `major.minor.patch`; `undefined` from a driver that does not tell it. */
  get driverVersion(): string | undefined {
    return readDriverVersion(this.countersReader)
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
    return this.#requests.addPublication(channel, streamId, ConcurrentPublication).wait(signal)
  }

  /** As {@link addPublication}, blocking this thread. */
  addPublicationSync(channel: string, streamId: number): ConcurrentPublication {
    return this.#requests.addPublication(channel, streamId, ConcurrentPublication).waitSync()
  }

  /** As {@link addPublication}, without waiting: gives the id to ask {@link getPublication} with. */
  asyncAddPublication(channel: string, streamId: number): bigint {
    return this.#requests.addPublication(channel, streamId, ConcurrentPublication).correlationId
  }

  /** The publication of an {@link asyncAddPublication}; `undefined` while pending. @throws once, what went wrong */
  getPublication(registrationId: bigint): ConcurrentPublication | undefined {
    const { publications, resources } = this.#state
    const publication = this.#requests.find(publications, resources.publications, registrationId)
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
    return this.#requests.addPublication(channel, streamId, ExclusivePublication).wait(signal)
  }

  /** As {@link addExclusivePublication}, blocking this thread. */
  addExclusivePublicationSync(channel: string, streamId: number): ExclusivePublication {
    return this.#requests.addPublication(channel, streamId, ExclusivePublication).waitSync()
  }

  /** As {@link addExclusivePublication}, without waiting: gives the id to ask {@link getExclusivePublication} with. */
  asyncAddExclusivePublication(channel: string, streamId: number): bigint {
    return this.#requests.addPublication(channel, streamId, ExclusivePublication).correlationId
  }

  /** The publication of an {@link asyncAddExclusivePublication}; `undefined` while pending. @throws once, what went wrong */
  getExclusivePublication(registrationId: bigint): ExclusivePublication | undefined {
    const { publications, resources } = this.#state
    const publication = this.#requests.find(publications, resources.publications, registrationId)
    if (publication === undefined || publication instanceof ExclusivePublication) return publication
    throw new TypeError(
      `Cannot get publication ${registrationId}: it is a concurrent one, get it with getPublication`,
    )
  }

  /** Ends what {@link asyncAddPublication} or {@link asyncAddExclusivePublication} began, before or after the answer. */
  asyncRemovePublication(registrationId: bigint): void {
    this.#requests.removePublication(registrationId)
  }

  /** Adds a subscription. Errors as of {@link addPublication}. */
  async addSubscription(
    channel: string,
    streamId: number,
    { signal, ...handlers }: SubscriptionOptions & AwaitOptions = {},
  ): Promise<Subscription> {
    signal?.throwIfAborted()
    return this.#requests.addSubscription(channel, streamId, this.#handlers(handlers)).wait(signal)
  }

  /** As {@link addSubscription}, blocking this thread. */
  addSubscriptionSync(channel: string, streamId: number, handlers: SubscriptionOptions = {}): Subscription {
    return this.#requests.addSubscription(channel, streamId, this.#handlers(handlers)).waitSync()
  }

  /** As {@link addSubscription}, without waiting: gives the id to ask {@link getSubscription} with. */
  asyncAddSubscription(channel: string, streamId: number, handlers: SubscriptionOptions = {}): bigint {
    return this.#requests.addSubscription(channel, streamId, this.#handlers(handlers)).correlationId
  }

  /** The subscription of an {@link asyncAddSubscription}; `undefined` while pending. @throws once, what went wrong */
  getSubscription(registrationId: bigint): Subscription | undefined {
    const { subscriptions, resources } = this.#state
    return this.#requests.find(subscriptions, resources.subscriptions, registrationId)
  }

  /** Ends what {@link asyncAddSubscription} began, before or after the answer. */
  asyncRemoveSubscription(registrationId: bigint): void {
    this.#requests.removeSubscription(registrationId)
  }

  /** Adds a counter that this client owns. @throws as {@link addPublication}, and RangeError when key or label is too long */
  async addCounter(typeId: number, { signal, ...counter }: CounterOptions & AwaitOptions): Promise<Counter> {
    signal?.throwIfAborted()
    return this.#requests.addCounter(typeId, counter).wait(signal)
  }

  /** As {@link addCounter}, blocking this thread. */
  addCounterSync(typeId: number, counter: CounterOptions): Counter {
    return this.#requests.addCounter(typeId, counter).waitSync()
  }

  /** As {@link addCounter}, without waiting: gives the id to ask {@link getCounter} with. */
  asyncAddCounter(typeId: number, counter: CounterOptions): bigint {
    return this.#requests.addCounter(typeId, counter).correlationId
  }

  /**
   * Adds a counter that nobody owns, known by type and registration id: it stays until the driver ends, and who adds it again gets the
   * same. Closing it only ends this use of it. Errors as of {@link addCounter}, and `DRIVER_TOO_OLD` before 1.45.
   */
  async addStaticCounter(
    typeId: number,
    registrationId: bigint,
    { signal, ...counter }: CounterOptions & AwaitOptions,
  ): Promise<Counter> {
    signal?.throwIfAborted()
    return this.#requests.addStaticCounter(typeId, registrationId, counter).wait(signal)
  }

  /** As {@link addStaticCounter}, blocking this thread. */
  addStaticCounterSync(typeId: number, registrationId: bigint, counter: CounterOptions): Counter {
    return this.#requests.addStaticCounter(typeId, registrationId, counter).waitSync()
  }

  /** As {@link addStaticCounter}, without waiting: gives the id to ask {@link getCounter} with. */
  asyncAddStaticCounter(typeId: number, registrationId: bigint, counter: CounterOptions): bigint {
    return this.#requests.addStaticCounter(typeId, registrationId, counter).correlationId
  }

  /** The counter of an {@link asyncAddCounter} or {@link asyncAddStaticCounter}; `undefined` while pending. @throws once, what went wrong */
  getCounter(correlationId: bigint): Counter | undefined {
    const { counters, staticCounters, resources } = this.#state
    return (
      this.#requests.find(counters, resources.counters, correlationId) ??
      this.#requests.find(staticCounters, resources.staticCounters, correlationId)
    )
  }

  /** Ends what {@link asyncAddCounter} or {@link asyncAddStaticCounter} began, before or after the answer. */
  asyncRemoveCounter(registrationId: bigint): void {
    this.#requests.removeCounter(registrationId)
  }

  /** Gives up an `async...` command that is pending, of any kind; tells whether it was pending. */
  cancelRegistration(registrationId: bigint): boolean {
    return this.#requests.cancel(registrationId)
  }

  /** Whether the driver owes an answer to an `async...` command of any kind, destinations and rejections included. */
  isCommandActive(correlationId: bigint): boolean {
    return this.#requests.isActive(correlationId)
  }

  /** Whether the driver owes an answer to any command. */
  get hasActiveCommands(): boolean {
    return this.#conductor.hasPending
  }

  /**
   * A session id that no publication of the stream has, to add one with `session-id`: Aeron's `nextSessionId`. A driver before 1.49 is not
   * asked; then it is a random one. Errors as of {@link addPublication}.
   */
  async nextSessionId(streamId: number, { signal }: AwaitOptions = {}): Promise<number> {
    signal?.throwIfAborted()
    const request = this.#requests.nextSessionId(streamId)
    return typeof request === 'number' ? request : request.wait(signal)
  }

  /** As {@link nextSessionId}, blocking this thread. */
  nextSessionIdSync(streamId: number): number {
    const request = this.#requests.nextSessionId(streamId)
    return typeof request === 'number' ? request : request.waitSync()
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
