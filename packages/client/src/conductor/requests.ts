import { AtomicBuffer } from '@x/atomic'
import { MAX_KEY_LENGTH, MAX_LABEL_LENGTH } from '@x/atomic/status'
import { randomInt } from 'node:crypto'
import type { ConcurrentPublication } from '../publication/concurrent-publication.ts'
import type { Counter } from '../counter.ts'
import {
  isAtLeast,
  NEXT_SESSION_ID_SINCE,
  readControlProtocolVersion,
  requireDriverVersion,
  STATIC_COUNTER_SINCE,
} from '../driver/driver-version.ts'
import type { ExclusivePublication } from '../publication/exclusive-publication.ts'
import type { Publication } from '../publication/publication.ts'
import type { Subscription } from '../subscription/subscription.ts'
import type { ClientConductor } from './client-conductor.ts'
import type { ImageHandlers } from './commands.ts'
import type { Registration } from './registration.ts'
import type { Registrations } from './registrations.ts'
import { SentCommand } from './sent-command.ts'

/** A counter to add. */
export interface CounterOptions {
  /** What tells counters of a type apart, up to 112 bytes. @default empty */
  readonly key?: Uint8Array | AtomicBuffer
  /** What people read, ASCII, up to 380 characters. */
  readonly label: string
}

const NO_KEY = new Uint8Array(0)
/** Session ids from -1 to this are for those who choose them. Protocol: the driver's `publication.reserved.session.id` defaults. */
const RESERVED_SESSION_ID_HIGH = 1000
const RESERVED_SESSION_ID_LOW = -1

/** What a client asks of the driver, each as a command that can be waited for. */
export class Requests {
  readonly #conductor: ClientConductor
  readonly #onSent: () => void

  /** @param onSent called after each command, so that what drives the conductor looks for the answer soon */
  constructor(conductor: ClientConductor, onSent: () => void) {
    this.#conductor = conductor
    this.#onSent = onSent
  }

  addPublication<T extends ConcurrentPublication | ExclusivePublication>(
    channel: string,
    streamId: number,
    kind: (new (...parts: never[]) => T) & (typeof ConcurrentPublication | typeof ExclusivePublication),
  ): SentCommand<T> {
    this.#conductor.checkActive()
    const { commands } = this.#conductor
    const sent = this.#sent(commands.addPublication(channel, streamId, kind), (id) =>
      this.removePublication(id),
    )
    // The command makes an object of the kind it is given.
    return sent as SentCommand<Publication> as SentCommand<T>
  }

  removePublication(registrationId: bigint): void {
    const { resources, publications } = this.#conductor.state
    const publication = resources.publications.get(registrationId)
    if (publication === undefined) publications.cancel(registrationId)
    else publication.close()
  }

  addSubscription(channel: string, streamId: number, handlers: ImageHandlers): SentCommand<Subscription> {
    this.#conductor.checkActive()
    return this.#sent(this.#conductor.commands.addSubscription(channel, streamId, handlers), (id) =>
      this.removeSubscription(id),
    )
  }

  removeSubscription(registrationId: bigint): void {
    const { commands, state } = this.#conductor
    if (state.subscriptions.cancel(registrationId)) commands.forgetSubscription(registrationId)
    else state.resources.subscriptions.get(registrationId)?.close()
  }

  addCounter(typeId: number, { key = NO_KEY, label }: CounterOptions): SentCommand<Counter> {
    const keyBytes = checkCounter(typeId, key, label)
    this.#conductor.checkActive()
    return this.#sent(this.#conductor.commands.addCounter(typeId, keyBytes, label), (id) =>
      this.removeCounter(id),
    )
  }

  addStaticCounter(
    typeId: number,
    registrationId: bigint,
    { key = NO_KEY, label }: CounterOptions,
  ): SentCommand<Counter> {
    const { state, commands } = this.#conductor
    const keyBytes = checkCounter(typeId, key, label)
    this.#conductor.checkActive()
    requireDriverVersion(state.countersReader, 'add a static counter', STATIC_COUNTER_SINCE)
    return this.#sent(commands.addStaticCounter(typeId, registrationId, keyBytes, label), (id) =>
      this.removeCounter(id),
    )
  }

  removeCounter(registrationId: bigint): void {
    const { resources, counters, staticCounters } = this.#conductor.state
    const counter = resources.counters.get(registrationId) ?? resources.staticCounters.get(registrationId)
    if (counter !== undefined) counter.close()
    else if (!counters.cancel(registrationId)) staticCounters.cancel(registrationId)
  }

  /** A session id, from the driver, or at random from one that has no command for it: then an id, not a command. */
  nextSessionId(streamId: number): SentCommand<number> | number {
    const { state, commands } = this.#conductor
    this.#conductor.checkActive()
    if (!isAtLeast(readControlProtocolVersion(state.countersReader), NEXT_SESSION_ID_SINCE)) {
      return randomSessionId()
    }
    return this.#sent(commands.nextSessionId(streamId), (id) => state.sessionIds.cancel(id))
  }

  /** Gives up a command that is pending, of any kind; tells whether it was pending. */
  cancel(correlationId: bigint): boolean {
    const { subscriptions, allRegistrations } = this.#conductor.state
    if (subscriptions.cancel(correlationId)) {
      this.#conductor.commands.forgetSubscription(correlationId)
      return true
    }
    return allRegistrations.some((registrations) => registrations.cancel(correlationId))
  }

  /** Whether the driver owes an answer to this command. */
  isActive(correlationId: bigint): boolean {
    this.#conductor.checkOpen()
    const { allRegistrations } = this.#conductor.state
    const isPending = (): boolean =>
      allRegistrations.some((registrations) => registrations.isPending(correlationId))
    if (isPending()) this.#conductor.doWork()
    return isPending()
  }

  /** What a command made; `undefined` while pending. @throws once, what went wrong */
  find<T, E>(
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

  #sent<T>(registration: Registration<T, never>, cancel: (correlationId: bigint) => void): SentCommand<T> {
    this.#onSent()
    return new SentCommand(registration, this.#conductor, () => cancel(registration.correlationId))
  }
}

function checkCounter(typeId: number, key: Uint8Array | AtomicBuffer, label: string): Uint8Array {
  const keyBytes = key instanceof AtomicBuffer ? key.bytes : key
  if ((typeId | 0) !== typeId) {
    throw new RangeError(`Cannot add a counter: typeId must be an int32, current value is ${typeId}`)
  }
  if (keyBytes.length > MAX_KEY_LENGTH || label.length > MAX_LABEL_LENGTH) {
    throw new RangeError(
      `Cannot add a counter: its key must be at most ${MAX_KEY_LENGTH} bytes and its label ${MAX_LABEL_LENGTH} characters, current lengths are ${keyBytes.length} and ${label.length}`,
    )
  }
  return keyBytes
}

function randomSessionId(): number {
  for (;;) {
    const sessionId = randomInt(-0x8000_0000, 0x8000_0000)
    if (sessionId < RESERVED_SESSION_ID_LOW || sessionId > RESERVED_SESSION_ID_HIGH) return sessionId
  }
}
