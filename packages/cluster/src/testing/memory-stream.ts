import { AtomicBuffer } from '@x/atomic'
import { COUNTER_LENGTH, counterOffset, CountersReader, METADATA_LENGTH, Position } from '@x/atomic/status'
import {
  BACK_PRESSURED,
  ConcurrentPublication,
  ExclusivePublication,
  Image,
  Subscription,
  type Publication,
} from '@x/client'
import { MemoryLog } from './memory-log.ts'
import type { PublicationScript } from './publication-script.ts'

const LIMIT_COUNTER_ID = 0
const POSITION_COUNTER_ID = 1
const COUNTER_COUNT = 2
const NO_CHANNEL_STATUS_ID = -1

type PublicationParts = ConstructorParameters<typeof ConcurrentPublication>[0]

// Nothing in a test kit sends commands to a driver.
const NO_OPERATIONS = {} as PublicationParts['operations']

/** What a stream is like. */
export interface MemoryStreamOptions {
  readonly channel: string
  readonly streamId: number
  readonly sessionId: number
  readonly termLength: number
  readonly mtuLength: number
  /** @default 0 */
  readonly initialTermId?: number
  /** Where the stream begins, in bytes. @default 0 */
  readonly position?: number
}

/**
 * One stream in memory, with real publications and one real image on it. What the image has read is cleaned and makes room at once: the part
 * of the driver's conductor.
 */
export class MemoryStream {
  readonly channel: string
  readonly streamId: number
  readonly sessionId: number
  readonly log: MemoryLog
  /** Told each time that the image has moved. */
  onMoved: (() => void) | undefined
  readonly #counters = new CountersReader(
    AtomicBuffer.allocate(COUNTER_COUNT * METADATA_LENGTH),
    AtomicBuffer.allocate(COUNTER_COUNT * COUNTER_LENGTH),
  )
  readonly #limit: Position
  readonly #position: Position
  #image: Image | undefined

  constructor(options: MemoryStreamOptions) {
    const { channel, streamId, sessionId, termLength, mtuLength, initialTermId = 0, position = 0 } = options
    this.channel = channel
    this.streamId = streamId
    this.sessionId = sessionId
    this.log = new MemoryLog({ termLength, mtuLength, initialTermId, position })
    const values = this.#counters.valuesBuffer
    this.#limit = new Position(values, LIMIT_COUNTER_ID)
    this.#position = new WatchedPosition(values, POSITION_COUNTER_ID, (from, to) => this.#onRead(from, to))
    values.putInt64(counterOffset(POSITION_COUNTER_ID), BigInt(position))
    this.#limit.set(position + termLength / 2)
  }

  /** Position in bytes up to which the stream was read. */
  get readPosition(): number {
    return this.#position.get()
  }

  /** The image of the subscriber, once there is one. */
  get image(): Image | undefined {
    return this.#image
  }

  concurrent(script: PublicationScript): ConcurrentPublication {
    return new ScriptedPublication(this.#publicationParts(), script)
  }

  exclusive(script: PublicationScript): ExclusivePublication {
    return new ScriptedExclusivePublication(this.#publicationParts(), script)
  }

  /** A subscription with the one image of this stream. */
  subscribe(): Subscription {
    const subscription = new Subscription({
      channel: this.channel,
      streamId: this.streamId,
      registrationId: 0n,
      countersReader: this.#counters,
      operations: NO_OPERATIONS,
      onAvailableImage: undefined,
      onUnavailableImage: undefined,
      onClose: (closing) => closing.markClosed(),
    })
    this.#image = new Image({
      subscription,
      sessionId: this.sessionId,
      correlationId: BigInt(this.sessionId),
      sourceIdentity: 'aeron:ipc',
      position: this.#position,
      logBuffers: this.#logBuffers,
      errorHandler: undefined,
    })
    subscription.addImage(this.#image)
    return subscription
  }

  // Publications and images use no more of a log than there is in memory.
  get #logBuffers(): PublicationParts['logBuffers'] {
    return this.log as unknown as PublicationParts['logBuffers']
  }

  #publicationParts(): PublicationParts {
    return {
      channel: this.channel,
      streamId: this.streamId,
      sessionId: this.sessionId,
      registrationId: BigInt(this.sessionId),
      originalRegistrationId: BigInt(this.sessionId),
      channelStatusId: NO_CHANNEL_STATUS_ID,
      limitCounterId: LIMIT_COUNTER_ID,
      logBuffers: this.#logBuffers,
      countersReader: this.#counters,
      operations: NO_OPERATIONS,
      onClose: (publication: Publication) => publication.markClosed(),
    }
  }

  #onRead(from: number, to: number): void {
    this.log.clean(from, to)
    this.#limit.set(to + this.log.termLength / 2)
    this.onMoved?.()
  }
}

/** The position of an image, that tells when it moves. */
class WatchedPosition extends Position {
  readonly #onMoved: (from: number, to: number) => void

  constructor(values: AtomicBuffer, id: number, onMoved: (from: number, to: number) => void) {
    super(values, id)
    this.#onMoved = onMoved
  }

  override setRelease(position: number): void {
    const from = this.get()
    super.setRelease(position)
    this.#onMoved(from, position)
  }
}

/** A publication that gives the results of a script before its own. */
class ScriptedPublication extends ConcurrentPublication {
  readonly #script: PublicationScript

  constructor(parts: PublicationParts, script: PublicationScript) {
    super(parts)
    this.#script = script
  }

  protected override reserve(length: number, framedLength: number): number {
    const scripted = this.#script.take()
    if (scripted !== undefined) return scripted
    const result = super.reserve(length, framedLength)
    if (result === BACK_PRESSURED) this.#script.onFull?.()
    return result
  }
}

/** As {@link ScriptedPublication}, for a publication with a log of its own. */
class ScriptedExclusivePublication extends ExclusivePublication {
  readonly #script: PublicationScript

  constructor(parts: PublicationParts, script: PublicationScript) {
    super(parts)
    this.#script = script
  }

  protected override reserve(length: number, framedLength: number): number {
    const scripted = this.#script.take()
    if (scripted !== undefined) return scripted
    const result = super.reserve(length, framedLength)
    if (result === BACK_PRESSURED) this.#script.onFull?.()
    return result
  }
}
