import { AtomicBuffer } from '@x/atomic'
import type { ManyToOneRingBuffer } from '@x/atomic/ring-buffer'
import { Command } from '../command/control-protocol-events.ts'
import { CorrelatedMessageFlyweight } from '../command/correlated-message-flyweight.ts'
import { CounterMessageFlyweight } from '../command/counter-message-flyweight.ts'
import { DestinationByIdMessageFlyweight } from '../command/destination-by-id-message-flyweight.ts'
import { DestinationMessageFlyweight } from '../command/destination-message-flyweight.ts'
import { NextSessionIdMessageFlyweight } from '../command/next-session-id-message-flyweight.ts'
import { PublicationMessageFlyweight } from '../command/publication-message-flyweight.ts'
import { RejectImageFlyweight } from '../command/reject-image-flyweight.ts'
import { RemoveMessageFlyweight } from '../command/remove-message-flyweight.ts'
import { RemovePublicationFlyweight } from '../command/remove-publication-flyweight.ts'
import { StaticCounterMessageFlyweight } from '../command/static-counter-message-flyweight.ts'
import { SubscriptionMessageFlyweight } from '../command/subscription-message-flyweight.ts'

const NULL_VALUE = -1n
/** Protocol: Aeron's `RemovePublicationFlyweight`. */
const REVOKE_FLAG = 1n
/** Room for the longest command. Ours: a channel of 4095 characters and what surrounds it. */
const SCRATCH_LENGTH = 8192

interface Waiting {
  readonly typeId: number
  readonly bytes: Uint8Array
}

/**
 * Commands out: each encodes and writes one. A command that finds the ring full waits, in its order, for {@link flush}. Source: Aeron's
 * `DriverProxy`.
 */
export class DriverProxy {
  /** Id of this client, which every command carries. */
  readonly clientId: bigint
  readonly #ring: ManyToOneRingBuffer
  readonly #scratch = AtomicBuffer.allocate(SCRATCH_LENGTH)
  readonly #publication = new PublicationMessageFlyweight()
  readonly #removePublication = new RemovePublicationFlyweight()
  readonly #subscription = new SubscriptionMessageFlyweight()
  readonly #counter = new CounterMessageFlyweight()
  readonly #remove = new RemoveMessageFlyweight()
  readonly #destination = new DestinationMessageFlyweight()
  readonly #destinationById = new DestinationByIdMessageFlyweight()
  readonly #staticCounter = new StaticCounterMessageFlyweight()
  readonly #rejectImage = new RejectImageFlyweight()
  readonly #nextSessionId = new NextSessionIdMessageFlyweight()
  readonly #correlated = new CorrelatedMessageFlyweight()
  readonly #waiting: Waiting[] = []

  constructor(ring: ManyToOneRingBuffer, clientId: bigint) {
    this.#ring = ring
    this.clientId = clientId
  }

  /** An id that no other command of any client on this driver has. */
  nextCorrelationId(): bigint {
    return this.#ring.nextCorrelationId()
  }

  addPublication(channel: string, streamId: number): bigint {
    return this.#addPublication(Command.ADD_PUBLICATION, channel, streamId)
  }

  addExclusivePublication(channel: string, streamId: number): bigint {
    return this.#addPublication(Command.ADD_EXCLUSIVE_PUBLICATION, channel, streamId)
  }

  /** @param revoke whether subscribers must not read what is left; only drivers since 1.48 know of it */
  removePublication(registrationId: bigint, revoke = false): void {
    const message = this.#removePublication
    this.#begin(message)
    message.registrationId = registrationId
    message.flags = revoke ? REVOKE_FLAG : 0n
    this.#send(Command.REMOVE_PUBLICATION, message.length)
  }

  addSubscription(channel: string, streamId: number): bigint {
    const message = this.#subscription
    const correlationId = this.#begin(message)
    message.registrationCorrelationId = NULL_VALUE
    message.streamId = streamId
    message.channel = channel
    this.#send(Command.ADD_SUBSCRIPTION, message.length)
    return correlationId
  }

  removeSubscription(registrationId: bigint): void {
    this.#sendRemove(Command.REMOVE_SUBSCRIPTION, registrationId)
  }

  addCounter(typeId: number, key: Uint8Array, label: string): bigint {
    const message = this.#counter
    const correlationId = this.#begin(message)
    message.typeId = typeId
    message.putKeyAndLabel(key, label)
    this.#send(Command.ADD_COUNTER, message.length)
    return correlationId
  }

  removeCounter(registrationId: bigint): void {
    this.#sendRemove(Command.REMOVE_COUNTER, registrationId)
  }

  addStaticCounter(typeId: number, registrationId: bigint, key: Uint8Array, label: string): bigint {
    const message = this.#staticCounter
    const correlationId = this.#begin(message)
    message.registrationId = registrationId
    message.typeId = typeId
    message.putKeyAndLabel(key, label)
    this.#send(Command.ADD_STATIC_COUNTER, message.length)
    return correlationId
  }

  /** @param typeId which of the four commands about a destination, by its channel */
  changeDestination(typeId: number, registrationId: bigint, channel: string): bigint {
    const message = this.#destination
    const correlationId = this.#begin(message)
    message.registrationId = registrationId
    message.channel = channel
    this.#send(typeId, message.length)
    return correlationId
  }

  /** @param typeId the command, which had another number in some drivers */
  removeDestinationById(typeId: number, registrationId: bigint, destinationRegistrationId: bigint): bigint {
    const message = this.#destinationById
    const correlationId = this.#begin(message)
    message.registrationId = registrationId
    message.destinationRegistrationId = destinationRegistrationId
    this.#send(typeId, message.length)
    return correlationId
  }

  rejectImage(imageCorrelationId: bigint, position: number, reason: string): bigint {
    const message = this.#rejectImage
    const correlationId = this.#begin(message)
    message.imageCorrelationId = imageCorrelationId
    message.position = position
    message.reason = reason
    this.#send(Command.REJECT_IMAGE, message.length)
    return correlationId
  }

  nextAvailableSessionId(streamId: number): bigint {
    const message = this.#nextSessionId
    const correlationId = this.#begin(message)
    message.streamId = streamId
    this.#send(Command.GET_NEXT_AVAILABLE_SESSION_ID, message.length)
    return correlationId
  }

  /** Tells the driver that this client is gone, if there is room: it would find out by itself. */
  clientClose(): void {
    const message = this.#correlated.wrap(this.#scratch, 0)
    message.clientId = this.clientId
    message.correlationId = NULL_VALUE
    this.#ring.write(Command.CLIENT_CLOSE, this.#scratch, 0, message.length)
  }

  /** Writes commands that found the ring full; gives how many. */
  flush(): number {
    let count = 0
    for (const { typeId, bytes } of this.#waiting) {
      if (!this.#ring.write(typeId, bytes, 0, bytes.length)) break
      count++
    }
    if (count > 0) this.#waiting.splice(0, count)
    return count
  }

  #addPublication(typeId: number, channel: string, streamId: number): bigint {
    const message = this.#publication
    const correlationId = this.#begin(message)
    message.streamId = streamId
    message.channel = channel
    this.#send(typeId, message.length)
    return correlationId
  }

  #sendRemove(typeId: number, registrationId: bigint): void {
    const message = this.#remove
    this.#begin(message)
    message.registrationId = registrationId
    this.#send(typeId, message.length)
  }

  #begin(message: CorrelatedMessageFlyweight): bigint {
    const correlationId = this.#ring.nextCorrelationId()
    message.wrap(this.#scratch, 0)
    message.clientId = this.clientId
    message.correlationId = correlationId
    return correlationId
  }

  #send(typeId: number, length: number): void {
    if (this.#waiting.length === 0 && this.#ring.write(typeId, this.#scratch, 0, length)) return
    this.#waiting.push({ typeId, bytes: this.#scratch.bytes.slice(0, length) })
  }
}
