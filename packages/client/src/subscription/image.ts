import { type AtomicBuffer, loadAcquire } from '@x/atomic'
import type { Position } from '@x/atomic/status'
import { AeronError } from '../aeron-error.ts'
import type { AwaitOptions } from '../await-options.ts'
import type { LogBuffers } from '../logbuffer/log-buffers.ts'
import type { BlockHandler, RawBlockHandler } from '../logbuffer/block-handler.ts'
import { scanBlock } from '../logbuffer/block-scan.ts'
import {
  Action,
  type ControlledFragmentHandler,
  type FragmentHandler,
} from '../logbuffer/fragment-handler.ts'
import {
  alignFrame,
  HDR_TYPE_PAD,
  HEADER_LENGTH,
  isSoundFrame,
  TERM_ID_OFFSET,
} from '../logbuffer/frame-descriptor.ts'
import { Header } from '../logbuffer/header.ts'
import {
  ACTIVE_TRANSPORT_COUNT_OFFSET,
  END_OF_STREAM_POSITION_OFFSET,
  IS_PUBLICATION_REVOKED_OFFSET,
  PARTITION_COUNT,
} from '../logbuffer/log-buffer-descriptor.ts'
import { indexByTermCount } from '../logbuffer/log-buffer-position.ts'
import type { Subscription } from './subscription.ts'

/** @internal What the conductor gives a new image. */
export interface ImageParts {
  readonly subscription: Subscription
  readonly sessionId: number
  readonly correlationId: bigint
  readonly sourceIdentity: string
  readonly position: Position
  readonly logBuffers: LogBuffers
  /** Takes what a handler throws; without one it is thrown to the caller of the poll. */
  readonly errorHandler: ((error: unknown) => void) | undefined
}

/**
 * The stream of one publication as seen by one subscription; corresponds to Aeron's `Image`. Its position advances only when it is polled.
 *
 * Every poll returns the number of fragments it handled, and 0 once the image is closed. If a handler throws, the poll ends, the fragment counts as handled,
 * and the error goes to the client's error handler; if there is none, it is thrown to the caller. `LOG_DAMAGED`, for published bytes that are not a frame,
 * is reported once in the same way, and the image does not advance any further. A poll never goes beyond the end of a term, so poll again.
 *
 * A handler that polls its own image receives again what the surrounding poll has already handled, as in Java, and the position becomes that of whichever poll got
 * further. What the outer poll then continues with has the correct bytes, but may have the header of another term's frame.
 */
export class Image {
  readonly subscription: Subscription
  readonly sessionId: number
  /** Id of the image; for IPC, the publication's original registration id. */
  readonly correlationId: bigint
  /** Source of the stream: host and port, or `aeron:ipc`. */
  readonly sourceIdentity: string
  /** Id of the first term of the stream. */
  readonly initialTermId: number
  /** Length of a term, in bytes. */
  readonly termBufferLength: number
  /** Maximum length of a frame, in bytes. */
  readonly mtuLength: number
  /** Position in the stream at which this subscription joined. */
  readonly joinPosition: number
  /** Id of the counter with this subscription's position in the stream. */
  readonly subscriberPositionId: number

  private readonly logBuffers: LogBuffers
  private readonly counter: Position
  private readonly header: Header
  private readonly errorHandler: ((error: unknown) => void) | undefined
  private closed = false
  private isDamaged = false
  private currentPosition: number
  // The term being read, where in the stream it begins, and how far into it the position is.
  private termIndex: number
  private term: AtomicBuffer
  private termOffset: number
  private endOfStreamAtClose = Number.MAX_SAFE_INTEGER
  private revokedAtClose = false

  /** @internal */
  constructor(parts: ImageParts) {
    const { logBuffers } = parts
    this.subscription = parts.subscription
    this.sessionId = parts.sessionId
    this.correlationId = parts.correlationId
    this.sourceIdentity = parts.sourceIdentity
    this.initialTermId = logBuffers.initialTermId
    this.termBufferLength = logBuffers.termLength
    this.mtuLength = logBuffers.mtuLength
    this.joinPosition = parts.position.get()
    this.subscriberPositionId = parts.position.id
    this.logBuffers = logBuffers
    this.counter = parts.position
    this.header = new Header(logBuffers.initialTermId, logBuffers.termLength, this)
    this.errorHandler = parts.errorHandler
    this.currentPosition = this.joinPosition
    const termCount = Math.floor(this.joinPosition / logBuffers.termLength)
    this.termIndex = indexByTermCount(termCount)
    this.term = logBuffers.terms[this.termIndex]!
    this.termOffset = (this.joinPosition - termCount * logBuffers.termLength) | 0
  }

  /** Whether the image is closed: by its subscription, by its client, or because it became unavailable. */
  get isClosed(): boolean {
    return this.closed
  }

  /** Position in bytes up to which the stream has been read; once closed, the last position. */
  get position(): number {
    return this.currentPosition
  }

  /** Whether the stream has ended and has been read completely. */
  get isEndOfStream(): boolean {
    return this.currentPosition >= this.endOfStreamPosition
  }

  /** Position in bytes at which the stream ended; `Number.MAX_SAFE_INTEGER` while it has not. */
  get endOfStreamPosition(): number {
    return this.closed ? this.endOfStreamAtClose : this.readEndOfStream()
  }

  /** Whether the publication was revoked; whatever had not been read by then is lost. */
  get isPublicationRevoked(): boolean {
    return this.closed ? this.revokedAtClose : this.readRevoked()
  }

  /** Number of active transports that carry the image; 0 for IPC, and once closed. */
  get activeTransportCount(): number {
    return this.closed ? 0 : this.logBuffers.metadata.getInt32Acquire(ACTIVE_TRANSPORT_COUNT_OFFSET)
  }

  /** Passes up to `fragmentLimit` fragments to `handler`. @returns the number of fragments */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    if (this.closed) return 0
    this.enterTerm()
    return this.pollTo(handler, this.termBufferLength, fragmentLimit)
  }

  /** Like {@link poll}, for fragments that start below `limitPosition`. The last fragment may extend beyond it. */
  boundedPoll(handler: FragmentHandler, limitPosition: number, fragmentLimit: number): number {
    if (this.closed || this.currentPosition >= limitPosition) return 0
    this.enterTerm()
    return this.pollTo(handler, this.limitOffset(limitPosition), fragmentLimit)
  }

  /** Like {@link poll}, with a handler that returns after each fragment how to continue. */
  controlledPoll(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    if (this.closed) return 0
    this.enterTerm()
    return this.controlledPollTo(handler, this.termBufferLength, fragmentLimit)
  }

  /** Like {@link controlledPoll}, for fragments that start below `limitPosition`. The last fragment may extend beyond it. */
  boundedControlledPoll(
    handler: ControlledFragmentHandler,
    limitPosition: number,
    fragmentLimit: number,
  ): number {
    if (this.closed || this.currentPosition >= limitPosition) return 0
    this.enterTerm()
    return this.controlledPollTo(handler, this.limitOffset(limitPosition), fragmentLimit)
  }

  /**
   * Passes all available frames, up to `blockLengthLimit` bytes and including their headers, to the handler in one call, for recording or forwarding. A
   * padding frame is passed separately, whatever its length. If the handler throws, the block counts as handled.
   *
   * @returns the length of the block in bytes
   */
  blockPoll(handler: BlockHandler, blockLengthLimit: number): number {
    if (this.closed) return 0
    this.enterTerm()
    const term = this.term
    const offset = this.termOffset
    const end = scanBlock(term, offset, blockLengthLimit)
    if (end === offset) {
      this.checkFrame()
      return 0
    }
    const termId = term.getInt32(offset + TERM_ID_OFFSET)
    const termBegin = this.currentPosition - offset
    try {
      handler(term, offset, end - offset, this.sessionId, termId)
    } catch (error) {
      this.onHandlerError(error)
    } finally {
      this.moveTo(termBegin, end)
    }
    return end - offset
  }

  /** Like {@link blockPoll}, but passes the log file and the location of the block in it, so that it can be copied by file operations. */
  rawPoll(handler: RawBlockHandler, blockLengthLimit: number): number {
    const logBuffers = this.logBuffers
    return this.blockPoll((term, offset, length, sessionId, termId) => {
      const fileOffset = this.termIndex * this.termBufferLength + offset
      handler(logBuffers.fileDescriptor(), fileOffset, term, offset, length, sessionId, termId)
    }, blockLengthLimit)
  }

  /**
   * Rejects the image. It becomes unavailable, and for some time the driver ignores its data. The reason is sent to the publisher, where a publication error
   * frame handler receives it.
   *
   * @param reason up to 1023 ASCII characters
   * @throws AeronError `DRIVER_TOO_OLD` before Aeron 1.47, or 1.48 for IPC; `REGISTRATION_FAILED`, `RESOURCE_CLOSED`
   * @throws TypeError for an image of a spy subscription
   */
  async reject(reason: string, { signal }: AwaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    await this.subscription.operations.rejectImage(this, reason).wait(signal)
  }

  /** Like {@link reject}, but blocks the calling thread. */
  rejectSync(reason: string): void {
    this.subscription.operations.rejectImage(this, reason).waitSync()
  }

  /** Like {@link reject}, but does not wait: returns an id for `aeron.isCommandActive`. A failure goes to the client's error handler. */
  asyncReject(reason: string): bigint {
    return this.subscription.operations.rejectImage(this, reason).detach()
  }

  /** @internal The conductor takes the image away. From here on the counter may belong to another, so it is not touched. */
  markClosed(): void {
    if (this.closed) return
    this.endOfStreamAtClose = this.readEndOfStream()
    this.revokedAtClose = this.readRevoked()
    this.closed = true
  }

  private pollTo(handler: FragmentHandler, limitOffset: number, fragmentLimit: number): number {
    const term = this.term
    const { words, capacity: termLength } = term
    const header = this.header
    let offset = this.termOffset
    const termBegin = this.currentPosition - offset
    let fragments = 0
    let frameLength = 0
    header.buffer = term
    try {
      while (fragments < fragmentLimit && offset < limitOffset && !this.closed) {
        const index = offset >> 2
        frameLength = loadAcquire(words, index)
        const frameOffset = offset
        const next = (frameOffset + alignFrame(frameLength)) | 0
        // As isSoundFrame, but by int32 alone: a length next to 2^31 has wrapped.
        if (frameLength < HEADER_LENGTH || next > termLength || next < 0) break
        offset = next
        // The type is the upper half of the word after the length.
        if (words[index + 1]! >>> 16 === HDR_TYPE_PAD) continue
        fragments++
        header.offset = frameOffset
        handler(term, frameOffset + HEADER_LENGTH, frameLength - HEADER_LENGTH, header)
      }
    } catch (error) {
      this.onHandlerError(error)
    } finally {
      this.moveTo(termBegin, offset)
    }
    if (fragments === 0 && frameLength > 0) this.checkFrame()
    return fragments
  }

  private controlledPollTo(
    handler: ControlledFragmentHandler,
    limitOffset: number,
    fragmentLimit: number,
  ): number {
    const term = this.term
    const { words, capacity: termLength } = term
    const header = this.header
    let offset = this.termOffset
    const termBegin = this.currentPosition - offset
    let fragments = 0
    let frameLength = 0
    header.buffer = term
    try {
      while (fragments < fragmentLimit && offset < limitOffset && !this.closed) {
        const index = offset >> 2
        frameLength = loadAcquire(words, index)
        const frameOffset = offset
        const next = (frameOffset + alignFrame(frameLength)) | 0
        // As isSoundFrame, but by int32 alone: a length next to 2^31 has wrapped.
        if (frameLength < HEADER_LENGTH || next > termLength || next < 0) break
        offset = next
        // The type is the upper half of the word after the length.
        if (words[index + 1]! >>> 16 === HDR_TYPE_PAD) continue
        fragments++
        header.offset = frameOffset
        const action = handler(term, frameOffset + HEADER_LENGTH, frameLength - HEADER_LENGTH, header)
        if (action === Action.CONTINUE) continue
        if (action === Action.ABORT) {
          fragments--
          offset = frameOffset
          break
        }
        if (action === Action.BREAK) break
        this.moveTo(termBegin, offset)
      }
    } catch (error) {
      this.onHandlerError(error)
    } finally {
      this.moveTo(termBegin, offset)
    }
    if (fragments === 0 && frameLength > 0) this.checkFrame()
    return fragments
  }

  // The driver may clean what is below a position as soon as it sees it, so this comes after all reading. It never moves back: a handler
  // that polls its own image has moved further already, maybe terms further, where the same offset, even in the same memory, means another position.
  private moveTo(termBegin: number, termOffset: number): void {
    const position = termBegin + termOffset
    if (position <= this.currentPosition || this.closed) return
    this.termOffset = termOffset
    this.currentPosition = position
    this.counter.setRelease(position)
  }

  private enterTerm(): void {
    if (this.termOffset < this.termBufferLength) return
    this.termIndex = (this.termIndex + 1) % PARTITION_COUNT
    this.term = this.logBuffers.terms[this.termIndex]!
    this.termOffset = 0
  }

  private limitOffset(limitPosition: number): number {
    return Math.min(this.termBufferLength, this.termOffset + (limitPosition - this.currentPosition))
  }

  private readEndOfStream(): number {
    const position = this.logBuffers.metadata.getInt64Acquire(END_OF_STREAM_POSITION_OFFSET)
    return Number(position > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : position)
  }

  private readRevoked(): boolean {
    return this.logBuffers.metadata.getUint8(IS_PUBLICATION_REVOKED_OFFSET) !== 0
  }

  // When a poll has found nothing: is there a frame that cannot be? Told once, not at every poll. Where the next frame starts cannot be known, so the
  // position stays.
  private checkFrame(): void {
    const termOffset = this.termOffset
    const remaining = this.termBufferLength - termOffset
    if (this.isDamaged || this.closed || remaining === 0) return
    const frameLength = this.term.getInt32Acquire(termOffset)
    if (frameLength <= 0 || isSoundFrame(frameLength, remaining)) return
    this.isDamaged = true
    const { sessionId, subscription } = this
    this.onHandlerError(
      damagedLog(sessionId, subscription.streamId, this.currentPosition, remaining, frameLength),
    )
  }

  private onHandlerError(error: unknown): void {
    if (this.errorHandler === undefined) throw error
    this.errorHandler(error)
  }
}

function damagedLog(
  sessionId: number,
  streamId: number,
  position: number,
  remaining: number,
  frameLength: number,
): AeronError<'LOG_DAMAGED'> {
  return new AeronError(
    'LOG_DAMAGED',
    `Cannot read on in session ${sessionId} of stream ${streamId}: a frame must be ${HEADER_LENGTH} to ${remaining} bytes long at position ${position}, current length is ${frameLength}; its publisher or the driver is broken, reject the image or subscribe anew`,
    { streamId, sessionId, position, frameLength },
  )
}
