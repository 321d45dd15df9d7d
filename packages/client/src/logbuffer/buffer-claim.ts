import { AtomicBuffer, storeRelease } from '@x/atomic'
import { HELD, OPEN, SETTLED } from './claim-state.ts'
import {
  FLAGS_OFFSET,
  HDR_TYPE_PAD,
  HEADER_LENGTH,
  RESERVED_VALUE_OFFSET,
  TYPE_OFFSET,
} from './frame-descriptor.ts'

/** What a claim is in: the log, which must stay mapped until the frame is committed or aborted. */
export interface ClaimedLog {
  /** From here on the claim is in this log. */
  remember(claim: BufferClaim): void
  /** The claim is in another log, or the log waits for it no longer. */
  forget(claim: BufferClaim): void
}

const NOTHING = AtomicBuffer.allocate(HEADER_LENGTH)

/**
 * A range of the log claimed by `tryClaim`, to be written in place and then committed or aborted; corresponds to Aeron's `BufferClaim`. Can be reused.
 *
 * Commit or abort every claim soon. Until then no subscriber gets past it, and after the driver's unblock timeout (15 s) it becomes padding, and must no longer be
 * written. A claim remains valid when the publication or the client is closed.
 */
export class BufferClaim {
  private term: AtomicBuffer = NOTHING
  private frameOffset = 0
  private payloadLength = 0
  private log: ClaimedLog | undefined = undefined
  private state: number = SETTLED

  /** @internal Points the claim at a frame; the publication's part. Without a log there is nothing that must stay mapped. */
  wrap(log: ClaimedLog | undefined, term: AtomicBuffer, frameOffset: number, length: number): void {
    // Almost always the same ones, and a comparison costs less than a store with the collector's barrier.
    if (this.log !== log) this.moveTo(log)
    if (this.term !== term) this.term = term
    this.frameOffset = frameOffset
    this.payloadLength = length
    this.state = OPEN
  }

  /** The buffer to write the payload into, from {@link offset} for {@link length} bytes. */
  get buffer(): AtomicBuffer {
    return this.term
  }

  /** Offset in bytes at which the payload starts in {@link buffer}. */
  get offset(): number {
    return this.frameOffset + HEADER_LENGTH
  }

  /** Length of the payload, in bytes. */
  get length(): number {
    return this.payloadLength
  }

  /** Whether the claim has been neither committed nor aborted. */
  get isOpen(): boolean {
    return this.state !== SETTLED
  }

  /** The frame's flags, as in `Header`. */
  get flags(): number {
    return this.term.getUint8(this.frameOffset + FLAGS_OFFSET)
  }

  set flags(value: number) {
    if (this.isOpen) this.term.putUint8(this.frameOffset + FLAGS_OFFSET, value)
  }

  /** The frame's type, as in `Header`. */
  get headerType(): number {
    return this.term.getUint16(this.frameOffset + TYPE_OFFSET)
  }

  set headerType(value: number) {
    if (this.isOpen) this.term.putUint16(this.frameOffset + TYPE_OFFSET, value)
  }

  /** The frame's reserved value, which is at the application's disposal. */
  get reservedValue(): bigint {
    return this.term.getInt64(this.frameOffset + RESERVED_VALUE_OFFSET)
  }

  set reservedValue(value: bigint) {
    if (this.isOpen) this.term.putInt64(this.frameOffset + RESERVED_VALUE_OFFSET, value)
  }

  /** Copies into the payload. @throws RangeError when it does not fit */
  putBytes(source: AtomicBuffer | Uint8Array, sourceOffset: number, length: number): void {
    if (length > this.payloadLength) {
      throw new RangeError(
        `Cannot put bytes into a claim: length must be at most ${this.payloadLength}, current value is ${length}`,
      )
    }
    if (this.isOpen) this.term.putBytes(this.offset, source, sourceOffset, length)
  }

  /** Publishes the message. Does nothing if already committed or aborted. */
  commit(): void {
    this.settle()
  }

  /** Abandons the message: subscribers skip it as padding. Does nothing if already committed or aborted. */
  abort(): void {
    this.headerType = HDR_TYPE_PAD
    this.settle()
  }

  /** @internal The log is closed: says whether it has to wait for this claim, which then tells it. */
  hold(): boolean {
    if (this.state === SETTLED) return false
    this.state = HELD
    return true
  }

  /** @internal The log forgets this claim, as long as it is not used again. */
  leave(): void {
    this.log = undefined
  }

  private settle(): void {
    const { state } = this
    if (state === SETTLED) return
    this.state = SETTLED
    storeRelease(this.term.words, this.frameOffset >> 2, this.payloadLength + HEADER_LENGTH)
    if (state === HELD) this.log?.forget(this)
  }

  // A claim that is claimed anew while open stays unsettled in the log; only the hold on its mapping can be given up.
  private moveTo(log: ClaimedLog | undefined): void {
    this.log?.forget(this)
    this.log = log
    log?.remember(this)
  }
}
