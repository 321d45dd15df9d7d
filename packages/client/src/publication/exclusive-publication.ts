import {
  HDR_TYPE_DATA,
  HEADER_LENGTH,
  computeFramedLength,
  alignFrame,
  SESSION_ID_OFFSET,
  STREAM_ID_OFFSET,
  TERM_ID_OFFSET,
  TERM_OFFSET_OFFSET,
  TYPE_OFFSET,
} from '../logbuffer/frame-descriptor.ts'
import { AtomicBuffer, storeRelease } from '@x/atomic'
import { ACTIVE_TERM_COUNT_OFFSET, rawTailOffset } from '../logbuffer/log-buffer-descriptor.ts'
import { computeTermCount, indexByTermCount, nextTermId } from '../logbuffer/log-buffer-position.ts'
import { rotateExclusiveLog } from '../logbuffer/log-rotation.ts'
import type { BufferClaim } from '../logbuffer/buffer-claim.ts'
import type { ReservedValueSupplier } from '../logbuffer/term-appender.ts'
import { checkSpan, type OfferSource, sourceLength } from '../logbuffer/message-parts.ts'
import { ADMIN_ACTION, CLOSED, MAX_POSITION_EXCEEDED } from './publication-result.ts'
import { Publication, type PublicationParts } from './publication.ts'

/**
 * A publication with its own session and log, for a single writer. It needs no atomic read-modify-write operations, so an offer is cheaper. Corresponds to
 * Aeron's `ExclusivePublication`.
 */
export class ExclusivePublication extends Publication {
  private index: number
  private currentTermOffset: number
  private termBeginPosition: number
  private revokesOnClose = false

  /** @internal */
  constructor(parts: PublicationParts) {
    super(parts)
    const termCount = this.metadata.getInt32Acquire(ACTIVE_TERM_COUNT_OFFSET)
    this.index = indexByTermCount(termCount)
    this.reservedTerm = this.terms[this.index]!
    const tailOffset = rawTailOffset(this.index)
    this.reservedTermId = this.metadata.getInt32Acquire(tailOffset + 4)
    this.currentTermOffset = this.metadata.getInt32Acquire(tailOffset)
    this.termBeginPosition = computeTermCount(this.reservedTermId, this.initialTermId) * this.termBufferLength
  }

  override get position(): number {
    return this.closed ? CLOSED : this.termBeginPosition + this.currentTermOffset
  }

  /** Id of the term in which the next message will be written. */
  get termId(): number {
    return this.reservedTermId
  }

  /** Offset in bytes, within its term, at which the next message will start. */
  get termOffset(): number {
    return this.currentTermOffset
  }

  // What is rare is left to the general way as a whole. A value that is used behind a call is stored before it, whether the call is made or not.
  override offer(
    buffer: OfferSource,
    offset = 0,
    length: number = sourceLength(buffer) - offset,
    supplier?: ReservedValueSupplier,
  ): number {
    if (length <= this.maxPayloadLength && supplier === undefined && !this.closed) {
      checkSpan(buffer, offset, length)
      const termOffset = this.take(alignFrame(length + HEADER_LENGTH))
      if (termOffset >= 0) {
        this.appender.appendOne(this.reservedTerm, termOffset, this.reservedTermId, buffer, offset, length)
        return this.termBeginPosition + this.currentTermOffset
      }
    }
    return super.offer(buffer, offset, length, supplier)
  }

  override tryClaim(length: number, claim: BufferClaim): number {
    if (length >>> 0 === length && length <= this.maxPayloadLength && !this.closed) {
      const termOffset = this.take(alignFrame(length + HEADER_LENGTH))
      if (termOffset >= 0) {
        this.appender.claim(this.reservedTerm, termOffset, this.reservedTermId, length)
        claim.wrap(this.logBuffers, this.reservedTerm, termOffset, length)
        return this.termBeginPosition + this.currentTermOffset
      }
    }
    return super.tryClaim(length, claim)
  }

  /**
   * Publishes a padding frame that takes as much space as a message of `length` bytes. Subscribers skip it.
   *
   * @returns the new position, or a negative result
   * @throws RangeError when `length` is above the framed length of the longest message
   */
  appendPadding(length: number): number {
    const maxLength = computeFramedLength(this.maxMessageLength, this.maxPayloadLength)
    if (!Number.isInteger(length) || length < 0 || length > maxLength) {
      throw new RangeError(
        `Cannot append padding: length must be an integer from 0 to ${maxLength}, current value is ${length}`,
      )
    }
    if (this.closed) return CLOSED
    const framedLength = alignFrame(length + HEADER_LENGTH)
    const result = this.reserve(length, framedLength)
    if (result > 0) {
      this.appender.pad(this.reservedTerm, this.reservedOffset, this.reservedTermId, framedLength)
    }
    return result
  }

  /**
   * Publishes a block of complete frames, as delivered by a block poll of a log with the same session, stream and position.
   *
   * @returns the new position, or a negative result
   * @throws RangeError when the block does not fit in the rest of the term, or its first frame belongs elsewhere
   */
  offerBlock(buffer: OfferSource, offset = 0, length: number = sourceLength(buffer) - offset): number {
    if (this.closed) return CLOSED
    checkSpan(buffer, offset, length)
    if (this.currentTermOffset >= this.termBufferLength) {
      if (this.isAtMaxPosition) return MAX_POSITION_EXCEEDED
      this.rotate()
    }
    const position = this.termBeginPosition + this.currentTermOffset
    this.nextPosition = position
    if (!this.isBelowLimit()) return this.backPressure(position, length)
    this.checkBlock(buffer, offset, length)

    const term = this.terms[this.index]!
    const termOffset = this.currentTermOffset
    const end = termOffset + length
    this.metadata.putInt32Release(rawTailOffset(this.index), end)
    this.currentTermOffset = end
    // The first frame's length comes last: it publishes the block.
    term.putBytes(termOffset + 4, buffer, offset + 4, length - 4)
    const block = buffer instanceof AtomicBuffer ? buffer : AtomicBuffer.wrap(buffer)
    term.putInt32Release(termOffset, block.getInt32(offset))
    return this.termBeginPosition + end
  }

  /**
   * Closes the publication and revokes it: images close at once, and subscribers do not receive what they have not read yet.
   *
   * @throws AeronError `DRIVER_TOO_OLD` for drivers before 1.48; the publication then stays open
   */
  revoke(): void {
    this.closeRevoked()
  }

  /** Makes a later {@link close} behave like {@link revoke}. */
  revokeOnClose(): void {
    this.revokesOnClose = true
  }

  override close(): void {
    if (this.revokesOnClose) this.closeRevoked()
    else super.close()
  }

  /**
   * The fast path: takes `framedLength` bytes of the active term when that is all there is to do, and gives where they start; else -1, and nothing is done.
   * The limit is read plainly: the stores that follow depend on it, and between two such reads there is always a store.
   * An offer of 32 bytes takes 21 ns with it and 25 by {@link reserve}, a claim 15.5 and 16.5 (Node.js 20, x64).
   */
  private take(framedLength: number): number {
    const termOffset = this.currentTermOffset
    const end = (termOffset + framedLength) | 0
    if (
      end > this.termBufferLength ||
      this.limitWords[this.limitIndex] !== this.limitLowWord ||
      this.termBeginPosition + termOffset >= this.limit
    ) {
      return -1
    }
    storeRelease(this.metadataWords, this.index << 1, end)
    this.currentTermOffset = end
    return termOffset
  }

  protected override reserve(length: number, framedLength: number): number {
    const termOffset = this.currentTermOffset
    const position = this.termBeginPosition + termOffset
    this.nextPosition = position
    if (!this.isBelowLimit()) return this.backPressure(position, length)
    const end = (termOffset + framedLength) | 0
    // The tail's high word, the term id, changes only when the log rotates, so the low word is all there is to write.
    storeRelease(this.metadataWords, this.index << 1, end)
    if (end > this.termBufferLength) return this.trip(termOffset)
    this.reservedOffset = termOffset
    this.currentTermOffset = end
    return position + framedLength
  }

  private trip(termOffset: number): number {
    const remaining = this.termBufferLength - termOffset
    if (remaining > 0) this.appender.pad(this.terms[this.index]!, termOffset, this.reservedTermId, remaining)
    this.currentTermOffset = this.termBufferLength
    if (this.isAtMaxPosition) return MAX_POSITION_EXCEEDED
    this.rotate()
    return ADMIN_ACTION
  }

  /** Whether no term follows the active one. */
  private get isAtMaxPosition(): boolean {
    return this.termBeginPosition + this.termBufferLength >= this.maxPossiblePosition
  }

  private rotate(): void {
    this.reservedTermId = nextTermId(this.reservedTermId)
    this.termBeginPosition += this.termBufferLength
    this.currentTermOffset = 0
    const termCount = computeTermCount(this.reservedTermId, this.initialTermId)
    this.index = indexByTermCount(termCount)
    this.reservedTerm = this.terms[this.index]!
    rotateExclusiveLog(this.metadata, termCount, this.reservedTermId)
  }

  private checkBlock(buffer: OfferSource, offset: number, length: number): void {
    const remaining = this.termBufferLength - this.currentTermOffset
    if (length < HEADER_LENGTH || length > remaining || length !== alignFrame(length)) {
      throw new RangeError(
        `Cannot offer a block: length must be a multiple of ${HEADER_LENGTH} from ${HEADER_LENGTH} to the ${remaining} left in the term, current value is ${length}`,
      )
    }
    const block = buffer instanceof AtomicBuffer ? buffer : AtomicBuffer.wrap(buffer)
    const facts: readonly (readonly [string, number, number])[] = [
      ['type', block.getUint16(offset + TYPE_OFFSET), HDR_TYPE_DATA],
      ['term offset', block.getInt32(offset + TERM_OFFSET_OFFSET), this.currentTermOffset],
      ['session id', block.getInt32(offset + SESSION_ID_OFFSET), this.sessionId],
      ['stream id', block.getInt32(offset + STREAM_ID_OFFSET), this.streamId],
      ['term id', block.getInt32(offset + TERM_ID_OFFSET), this.reservedTermId],
    ]
    for (const [name, actual, expected] of facts) {
      if (actual !== expected) {
        throw new RangeError(
          `Cannot offer a block: ${name} of its first frame must be ${expected}, current value is ${actual}`,
        )
      }
    }
  }
}
