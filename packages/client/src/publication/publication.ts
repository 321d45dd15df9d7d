import { type AtomicBuffer, loadAcquire } from '@x/atomic'
import { counterOffset, type CountersReader } from '@x/atomic/status'
import type { AwaitOptions } from '../await-options.ts'
import type { Operations } from '../conductor/operations.ts'
import type { SentCommand } from '../conductor/sent-command.ts'
import type { LogBuffers } from '../logbuffer/log-buffers.ts'
import type { BufferClaim } from '../logbuffer/buffer-claim.ts'
import {
  alignFrame,
  computeFramedLength,
  computeMaxMessageLength,
  HEADER_LENGTH,
} from '../logbuffer/frame-descriptor.ts'
import { IS_CONNECTED_OFFSET } from '../logbuffer/log-buffer-descriptor.ts'
import { computeMaxPossiblePosition } from '../logbuffer/log-buffer-position.ts'
import {
  checkSpan,
  MessageParts,
  type OfferSource,
  type OfferVector,
  sourceLength,
} from '../logbuffer/message-parts.ts'
import { type ReservedValueSupplier, TermAppender } from '../logbuffer/term-appender.ts'
import { BACK_PRESSURED, CLOSED, MAX_POSITION_EXCEEDED, NOT_CONNECTED } from './publication-result.ts'
import { ChannelEndpointStatus, readChannelStatus } from '../status/channel-endpoint-status.ts'
import { findLocalSocketAddresses } from '../status/local-socket-address.ts'

/** @internal What the conductor gives a new publication. */
export interface PublicationParts {
  readonly channel: string
  readonly streamId: number
  readonly sessionId: number
  readonly registrationId: bigint
  readonly originalRegistrationId: bigint
  readonly channelStatusId: number
  readonly limitCounterId: number
  readonly logBuffers: LogBuffers
  readonly countersReader: CountersReader
  readonly operations: Operations
  /** Tells the conductor that the application is done with it, and whether to revoke it. */
  readonly onClose: (publication: Publication, revoke: boolean) => void
}

/**
 * The common base of concurrent and exclusive publications; corresponds to Aeron's `Publication`.
 *
 * An offer returns either the new position of the stream, which is above 0, or a negative result: {@link NOT_CONNECTED}, {@link BACK_PRESSURED},
 * `ADMIN_ACTION`, {@link CLOSED} or {@link MAX_POSITION_EXCEEDED}. It throws a `RangeError` for a message that can never be sent.
 */
export abstract class Publication implements Disposable {
  readonly channel: string
  readonly streamId: number
  readonly sessionId: number
  /** Id of the command that added this publication. */
  readonly registrationId: bigint
  /** Id of the command that created the log; that of another publication when this one shares its log. */
  readonly originalRegistrationId: bigint
  /** Id of the first term of the stream. */
  readonly initialTermId: number
  /** Length of a term, in bytes. */
  readonly termBufferLength: number
  /** Maximum length in bytes of a message that fits in one frame, and of a claim. */
  readonly maxPayloadLength: number
  /** Maximum length of a message, in bytes. */
  readonly maxMessageLength: number
  /** The position at which the stream ends for good. */
  readonly maxPossiblePosition: number
  /** Id of the counter with the channel's status; -1 for IPC. */
  readonly channelStatusId: number
  /** Id of the counter with the position limit. */
  readonly positionLimitId: number

  /** @internal */
  readonly logBuffers: LogBuffers

  protected readonly terms: readonly AtomicBuffer[]
  protected readonly metadata: AtomicBuffer
  protected readonly metadataWords: Int32Array
  protected readonly appender: TermAppender
  protected closed = false
  // Where reserve() has made room: fields, so that it allocates nothing.
  protected reservedTerm: AtomicBuffer
  protected reservedOffset = 0
  protected reservedTermId = 0
  // For isBelowLimit(): a position beyond 2^31 that is a parameter is an object to the engine when the call is not inlined.
  protected nextPosition = 0

  private readonly counterValues: AtomicBuffer
  private readonly limitOffset: number
  protected readonly limitWords: Int32Array
  protected readonly limitIndex: number
  protected limit: number
  protected limitLowWord: number
  private readonly countersReader: CountersReader
  private readonly operations: Operations
  private readonly onClose: (publication: Publication, revoke: boolean) => void
  private readonly parts = new MessageParts()

  /** @internal */
  constructor(parts: PublicationParts) {
    const { logBuffers } = parts
    this.channel = parts.channel
    this.streamId = parts.streamId
    this.sessionId = parts.sessionId
    this.registrationId = parts.registrationId
    this.originalRegistrationId = parts.originalRegistrationId
    this.channelStatusId = parts.channelStatusId
    this.positionLimitId = parts.limitCounterId
    this.operations = parts.operations
    this.initialTermId = logBuffers.initialTermId
    this.termBufferLength = logBuffers.termLength
    this.maxPayloadLength = logBuffers.mtuLength - HEADER_LENGTH
    this.maxMessageLength = computeMaxMessageLength(logBuffers.termLength)
    this.maxPossiblePosition = computeMaxPossiblePosition(logBuffers.termLength)
    this.terms = logBuffers.terms
    this.metadata = logBuffers.metadata
    this.metadataWords = logBuffers.metadata.words
    this.appender = new TermAppender(parts.sessionId, parts.streamId, this.maxPayloadLength)
    this.reservedTerm = logBuffers.terms[0]!
    this.logBuffers = logBuffers
    this.counterValues = parts.countersReader.valuesBuffer
    this.limitOffset = counterOffset(parts.limitCounterId)
    this.limitWords = this.counterValues.words
    this.limitIndex = this.limitOffset >> 2
    this.limit = this.readLimit()
    this.limitLowWord = this.limit | 0
    this.countersReader = parts.countersReader
    this.onClose = parts.onClose
  }

  /** Whether this publication created its log, rather than sharing that of another. */
  get isOriginal(): boolean {
    return this.registrationId === this.originalRegistrationId
  }

  /** Whether this publication, or its client, has been closed. */
  get isClosed(): boolean {
    return this.closed
  }

  /** Whether a subscriber is connected. */
  get isConnected(): boolean {
    return !this.closed && this.isLogConnected()
  }

  /** Position in bytes at which the next message will start; {@link CLOSED} once closed. */
  abstract get position(): number

  /** Position in bytes below which messages may currently start; {@link CLOSED} once closed. */
  get positionLimit(): number {
    return this.closed ? CLOSED : this.readLimit()
  }

  /** Bytes that may be written before back pressure; {@link CLOSED} once closed. */
  get availableWindow(): number {
    return this.closed ? CLOSED : this.readLimit() - this.position
  }

  /** Status of the channel; `ERRORED` once closed. */
  get channelStatus(): ChannelEndpointStatus {
    if (this.closed) return ChannelEndpointStatus.ERRORED
    return readChannelStatus(this.countersReader, this.channelStatusId)
  }

  /** Local addresses of the channel as `host:port`; empty for IPC, while the channel is not active, and once closed. */
  get localSocketAddresses(): readonly string[] {
    if (this.channelStatus !== ChannelEndpointStatus.ACTIVE) return []
    return findLocalSocketAddresses(this.countersReader, this.channelStatusId)
  }

  /**
   * Publishes a message: `length` bytes of `buffer` from `offset` on. It is split into fragments if it is longer than {@link maxPayloadLength}.
   *
   * @param supplier returns the reserved value for each frame; it must not offer to this publication
   * @returns the new position, or a negative result
   * @throws RangeError when the range is not inside the buffer, or longer than {@link maxMessageLength}
   * @throws TypeError when the message is not bytes, for example a string
   */
  offer(
    buffer: OfferSource,
    offset = 0,
    length: number = sourceLength(buffer) - offset,
    supplier?: ReservedValueSupplier,
  ): number {
    if (this.closed) return CLOSED
    checkSpan(buffer, offset, length)
    if (length > this.maxPayloadLength || supplier !== undefined) {
      return this.offerInParts(buffer, offset, length, supplier)
    }
    const result = this.reserve(length, alignFrame(length + HEADER_LENGTH))
    if (result > 0) {
      this.appender.appendOne(
        this.reservedTerm,
        this.reservedOffset,
        this.reservedTermId,
        buffer,
        offset,
        length,
      )
    }
    return result
  }

  /** Like {@link offer}, for a message in two parts, such as a header and a body, which do not have to be joined first. */
  offerParts(
    first: OfferSource,
    firstOffset: number,
    firstLength: number,
    second: OfferSource,
    secondOffset: number,
    secondLength: number,
    supplier?: ReservedValueSupplier,
  ): number {
    if (this.closed) return CLOSED
    this.parts.clear()
    this.parts.add(first, firstOffset, firstLength)
    this.parts.add(second, secondOffset, secondLength)
    return this.appendParts(supplier)
  }

  /** Like {@link offer}, for a message in any number of parts. */
  offerVectors(vectors: readonly OfferVector[], supplier?: ReservedValueSupplier): number {
    if (this.closed) return CLOSED
    this.parts.clear()
    for (const { buffer, offset = 0, length = sourceLength(buffer) - offset } of vectors) {
      this.parts.add(buffer, offset, length)
    }
    return this.appendParts(supplier)
  }

  /**
   * Claims space in the log for a message of `length` bytes. Write the message in place through `claim`, then commit or abort the claim.
   *
   * @returns the new position, or a negative result, in which case `claim` is unchanged
   * @throws RangeError when `length` is greater than {@link maxPayloadLength}
   */
  tryClaim(length: number, claim: BufferClaim): number {
    if (!Number.isInteger(length) || length < 0 || length > this.maxPayloadLength) {
      throw new RangeError(
        `Cannot claim: length must be an integer from 0 to the longest payload of ${this.maxPayloadLength}, current value is ${length}`,
      )
    }
    if (this.closed) return CLOSED
    const result = this.reserve(length, alignFrame(length + HEADER_LENGTH))
    if (result > 0) {
      this.appender.claim(this.reservedTerm, this.reservedOffset, this.reservedTermId, length)
      claim.wrap(this.logBuffers, this.reservedTerm, this.reservedOffset, length)
    }
    return result
  }

  /**
   * Adds a destination to a publication with `control-mode=manual` (multi-destination-cast).
   *
   * @returns the id with which it can be removed
   * @throws AeronError `REGISTRATION_FAILED` when the driver rejects it, `COMMAND_TIMEOUT`, `RESOURCE_CLOSED`, `CLIENT_CLOSED`
   */
  async addDestination(channel: string, { signal }: AwaitOptions = {}): Promise<bigint> {
    signal?.throwIfAborted()
    return this.operations.addDestination(this, channel).wait(signal)
  }

  /** Like {@link addDestination}, but blocks the calling thread. */
  addDestinationSync(channel: string): bigint {
    return this.operations.addDestination(this, channel).waitSync()
  }

  /** Like {@link addDestination}, but does not wait: returns the id, also for `aeron.isCommandActive`. A failure goes to the client's error handler. */
  asyncAddDestination(channel: string): bigint {
    return this.operations.addDestination(this, channel).detach()
  }

  /**
   * Removes a destination, given by its channel or by the id that {@link addDestination} returned; does nothing if there is none. Throws what
   * {@link addDestination} throws, and `DRIVER_TOO_OLD` for an id if the driver is older than 1.46.1.
   */
  async removeDestination(destination: string | bigint, { signal }: AwaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.sendRemoveDestination(destination).wait(signal)
  }

  /** Like {@link removeDestination}, but blocks the calling thread. */
  removeDestinationSync(destination: string | bigint): void {
    this.sendRemoveDestination(destination).waitSync()
  }

  /** Like {@link removeDestination}, but does not wait: returns an id for `aeron.isCommandActive`. A failure goes to the client's error handler. */
  asyncRemoveDestination(destination: string | bigint): bigint {
    return this.sendRemoveDestination(destination).detach()
  }

  /** Closes the publication; does nothing when already closed. Open claims remain valid. */
  close(): void {
    if (this.closed) return
    this.onClose(this, false)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  protected closeRevoked(): void {
    if (!this.closed) this.onClose(this, true)
  }

  /** @internal The conductor has let go of this publication. */
  markClosed(): void {
    this.closed = true
  }

  /**
   * Makes room for `framedLength` bytes, and sets where in the `reserved...` fields.
   *
   * @returns the position after them, or a negative result
   */
  protected abstract reserve(length: number, framedLength: number): number

  /**
   * Whether a message may start at {@link nextPosition}. The limit is at most a window away from where it was, so one whose low word is the same is
   * the same, and one atomic load does instead of the three of a whole position: 9 ns instead of 27 (Node 20, x64).
   */
  protected isBelowLimit(): boolean {
    if (
      loadAcquire(this.limitWords, this.limitIndex) !== this.limitLowWord ||
      this.nextPosition >= this.limit
    ) {
      this.refreshLimit()
    }
    return this.nextPosition < this.limit
  }

  private refreshLimit(): void {
    this.limit = this.readLimit()
    this.limitLowWord = this.limit | 0
  }

  /** The result for a publication at its limit. Source: Aeron's `Publication.backPressureStatus`. */
  protected backPressure(position: number, length: number): number {
    if (position + alignFrame(length + HEADER_LENGTH) >= this.maxPossiblePosition)
      return MAX_POSITION_EXCEEDED
    return this.isLogConnected() ? BACK_PRESSURED : NOT_CONNECTED
  }

  private sendRemoveDestination(destination: string | bigint): SentCommand<bigint> {
    return typeof destination === 'bigint'
      ? this.operations.removeDestinationById(this, destination)
      : this.operations.removeDestination(this, destination)
  }

  private readLimit(): number {
    return this.counterValues.getInt64AsNumberAcquire(this.limitOffset)
  }

  private isLogConnected(): boolean {
    return this.metadata.getInt32Acquire(IS_CONNECTED_OFFSET) === 1
  }

  private offerInParts(
    buffer: OfferSource,
    offset: number,
    length: number,
    supplier: ReservedValueSupplier | undefined,
  ): number {
    this.parts.clear()
    this.parts.add(buffer, offset, length)
    return this.appendParts(supplier)
  }

  private appendParts(supplier: ReservedValueSupplier | undefined): number {
    const parts = this.parts
    if (parts.length > this.maxMessageLength) {
      throw new RangeError(
        `Cannot offer: length must be at most the longest message of ${this.maxMessageLength}, current value is ${parts.length}`,
      )
    }
    const framedLength = computeFramedLength(parts.length, this.maxPayloadLength)
    const result = this.reserve(parts.length, framedLength)
    if (result > 0) {
      this.appender.append(
        this.reservedTerm,
        this.reservedOffset,
        this.reservedTermId,
        parts,
        framedLength,
        supplier,
      )
    }
    return result
  }
}
