import { CountersReader } from '@x/atomic/status'
import type { ResolvedAeronOptions } from '../aeron-options.ts'
import type { CncFile } from '../cnc-file.ts'
import type { CounterUpdateFlyweight } from '../command/counter-update-flyweight.ts'
import type { OperationSuccessFlyweight } from '../command/operation-success-flyweight.ts'
import type { PublicationBuffersReadyFlyweight } from '../command/publication-buffers-ready-flyweight.ts'
import type { SubscriptionReadyFlyweight } from '../command/subscription-ready-flyweight.ts'
import type { Counter } from '../counter.ts'
import { DriverProxy } from '../driver/driver-proxy.ts'
import type { Publication } from '../publication.ts'
import type { Subscription } from '../subscription.ts'
import { CounterHandlers } from './counter-handlers.ts'
import { ErrorSink } from './error-sink.ts'
import { LogBuffersRegistry } from './log-buffers-registry.ts'
import { Registrations } from './registrations.ts'
import { Resources } from './resources.ts'

/** What the parts of a client's conductor share. */
export class ClientState {
  readonly options: ResolvedAeronOptions
  readonly clientId: bigint
  readonly countersReader: CountersReader
  readonly proxy: DriverProxy
  readonly errors: ErrorSink
  readonly counterHandlers: CounterHandlers
  readonly resources: Resources = new Resources()
  readonly logs: LogBuffersRegistry = new LogBuffersRegistry()
  readonly publications: Registrations<Publication, PublicationBuffersReadyFlyweight>
  readonly subscriptions: Registrations<Subscription, SubscriptionReadyFlyweight>
  readonly counters: Registrations<Counter, CounterUpdateFlyweight>
  readonly destinations: Registrations<true, OperationSuccessFlyweight>

  constructor(options: ResolvedAeronOptions, cncFile: CncFile) {
    this.options = options
    this.countersReader = new CountersReader(cncFile.countersMetadata, cncFile.countersValues)
    // Clients have their ids from the counter that commands have theirs from: no two things on a driver share one.
    const proxy = new DriverProxy(cncFile.toDriver, cncFile.toDriver.nextCorrelationId())
    this.proxy = proxy
    this.clientId = proxy.clientId
    this.errors = new ErrorSink(options.errorHandler)
    this.counterHandlers = new CounterHandlers(this.countersReader, this.errors)
    if (options.availableCounterHandler) this.counterHandlers.addAvailable(options.availableCounterHandler)
    if (options.unavailableCounterHandler)
      this.counterHandlers.addUnavailable(options.unavailableCounterHandler)
    this.publications = new Registrations((registrationId) => proxy.removePublication(registrationId))
    this.subscriptions = new Registrations((registrationId) => proxy.removeSubscription(registrationId))
    // A destination that nobody waits for any more stays: it belongs to its subscription, and goes with it.
    this.destinations = new Registrations(() => undefined)
    this.counters = new Registrations((registrationId) => proxy.removeCounter(registrationId))
  }

  /** Now, in milliseconds of the clock that intervals are measured by. */
  nowMs(): number {
    return Number(this.options.nanoClock.nanoTime() / 1_000_000n)
  }

  /** Whether the driver owes an answer. */
  get hasPending(): boolean {
    const { publications, subscriptions, counters, destinations } = this
    return (
      publications.hasPending || subscriptions.hasPending || counters.hasPending || destinations.hasPending
    )
  }
}
