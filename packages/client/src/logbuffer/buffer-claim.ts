import { AtomicBuffer, storeRelease } from '@x/atomic'
import {
  FLAGS_OFFSET,
  HDR_TYPE_PAD,
  HEADER_LENGTH,
  RESERVED_VALUE_OFFSET,
  TYPE_OFFSET,
} from './frame-descriptor.ts'

/** What a claim holds on to while it is open: the log, which must stay mapped until the frame is committed or aborted. */
export interface ClaimedLog {
  claimOpened(): void
  claimSettled(): void
}

const NOTHING = AtomicBuffer.allocate(HEADER_LENGTH)
const NO_LOG: ClaimedLog = { claimOpened: () => {}, claimSettled: () => {} }

/**
 * A range of the log that `tryClaim` handed out, to be filled in place and then committed or aborted: Aeron's `BufferClaim`. Reusable.
 *
 * Settle every claim soon: until then no subscriber gets past it, and after the driver's unblock timeout (15 s) it has become padding, and
 * must not be written any more. A claim stays valid when the publication, or the client, is closed.
 */
export class BufferClaim {
  private term: AtomicBuffer = NOTHING
  private frameOffset = 0
  private payloadLength = 0
  private log: ClaimedLog = NO_LOG
  private open = false

  /** @internal Points the claim at a frame; the publication's part. */
  wrap(log: ClaimedLog, term: AtomicBuffer, frameOffset: number, length: number): void {
    // A claim that is claimed anew while open stays unsettled in the log; only the hold on its mapping can be given up.
    if (this.open) this.log.claimSettled()
    log.claimOpened()
    this.open = true
    // Almost always the same ones, and a comparison costs less than a store with the collector's barrier.
    if (this.log !== log) this.log = log
    if (this.term !== term) this.term = term
    this.frameOffset = frameOffset
    this.payloadLength = length
  }

  /** The buffer to write the payload into, from {@link offset} for {@link length} bytes. */
  get buffer(): AtomicBuffer {
    return this.term
  }

  /** Where the payload starts in {@link buffer}. */
  get offset(): number {
    return this.frameOffset + HEADER_LENGTH
  }

  /** Length of the payload, in bytes. */
  get length(): number {
    return this.payloadLength
  }

  /** Whether the claim is neither committed nor aborted. */
  get isOpen(): boolean {
    return this.open
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

  /** The frame's reserved value, free for the application. */
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

  /** Publishes the message. Does nothing on a claim that is already settled. */
  commit(): void {
    this.settle()
  }

  /** Gives the range up: readers skip it as padding. Does nothing on a claim that is already settled. */
  abort(): void {
    this.headerType = HDR_TYPE_PAD
    this.settle()
  }

  private settle(): void {
    if (!this.open) return
    this.open = false
    storeRelease(this.term.words, this.frameOffset >> 2, this.payloadLength + HEADER_LENGTH)
    this.log.claimSettled()
  }
}
