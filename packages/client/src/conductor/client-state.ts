import { CountersReader } from '@x/atomic/status'
import { millisecondsOf } from '@x/idlestrategy'
import type { ResolvedAeronOptions } from '../aeron-options.ts'
import type { CncFile } from '../cnc/cnc-file.ts'
import type { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import type { NextAvailableSessionIdFlyweight } from '../command/next-available-session-id-flyweight.ts'
import type { OperationSucceededFlyweight } from '../command/operation-succeeded-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import type { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'
import type { Counter } from '../counter.ts'
import { DriverProxy } from '../driver/driver-proxy.ts'
import type { Publication } from '../publication/publication.ts'
import type { Subscription } from '../subscription/subscription.ts'
import { CounterHandlers } from './counter-handlers.ts'
import { ErrorSink } from './error-sink.ts'
import { LogBuffersRegistry } from './log-buffers-registry.ts'
import { Registrations } from './registrations.ts'
import { Resources } from './resources.ts'

/** Commands of any kind, for what is alike for all of them. */
type AnyRegistrations = Pick<
  Registrations<unknown, never>,
  'hasPending' | 'isPending' | 'cancel' | 'onError' | 'expire' | 'failAll' | 'throwFailure'
>

/** What the parts of a client's conductor share. */
export class ClientState {
  readonly options: ResolvedAeronOptions
  readonly clientId: bigint
  readonly countersReader: CountersReader
  readonly proxy: DriverProxy
  readonly errors: ErrorSink
  readonly counterHandlers: CounterHandlers
  readonly resources: Resources = new Resources()
  readonly logs: LogBuffersRegistry
  readonly publications: Registrations<Publication, PublicationBuffersReadyFlyweight>
  readonly subscriptions: Registrations<Subscription, SubscriptionReadyFlyweight>
  readonly counters: Registrations<Counter, CounterUpdateFlyweight>
  /** A static counter is not undone: it belongs to the driver, and may have been there before. */
  readonly staticCounters: Registrations<Counter, CounterUpdateFlyweight> = new Registrations(() => {})
  /** Commands that make nothing: about destinations, and rejections. */
  readonly operations: Registrations<bigint, OperationSucceededFlyweight> = new Registrations(() => {})
  readonly sessionIds: Registrations<number, NextAvailableSessionIdFlyweight> = new Registrations(() => {})

  readonly #clockMs: () => number
  readonly #allRegistrations: readonly AnyRegistrations[]

  constructor(options: ResolvedAeronOptions, cncFile: CncFile) {
    this.options = options
    this.#clockMs = millisecondsOf(options.nanoClock)
    this.countersReader = new CountersReader(cncFile.countersMetadata, cncFile.countersValues)
    // Clients have their ids from the counter that commands have theirs from: no two things on a driver share one.
    const proxy = new DriverProxy(cncFile.toDriver, cncFile.toDriver.nextCorrelationId())
    this.proxy = proxy
    this.clientId = proxy.clientId
    this.logs = new LogBuffersRegistry(options.preTouchMappedMemory)
    this.errors = new ErrorSink(options.errorHandler)
    this.counterHandlers = new CounterHandlers(this.countersReader, this.errors)
    if (options.availableCounterHandler) this.counterHandlers.addAvailable(options.availableCounterHandler)
    if (options.unavailableCounterHandler)
      this.counterHandlers.addUnavailable(options.unavailableCounterHandler)
    this.publications = new Registrations((registrationId) => proxy.removePublication(registrationId))
    this.subscriptions = new Registrations((registrationId) => proxy.removeSubscription(registrationId))
    this.counters = new Registrations((registrationId) => proxy.removeCounter(registrationId))
    this.#allRegistrations = [
      this.publications,
      this.subscriptions,
      this.counters,
      this.staticCounters,
      this.operations,
      this.sessionIds,
    ]
  }

  /** Now, in whole milliseconds of the clock that intervals are measured by. */
  nowMs(): number {
    return Math.floor(this.#clockMs())
  }

  /** Whether the driver owes an answer. */
  get hasPending(): boolean {
    return this.allRegistrations.some((registrations) => registrations.hasPending)
  }

  /** The commands of every kind. */
  get allRegistrations(): readonly AnyRegistrations[] {
    return this.#allRegistrations
  }
}
