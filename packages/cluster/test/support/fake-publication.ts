import { AtomicBuffer } from '@x/atomic'
import type { BufferClaim, OfferSource, OfferVector, Publication } from '@x/client'

const FRAME_HEADER_LENGTH = 32
const TYPE_OFFSET = 6
const TYPE_DATA = 1

/** A publication without driver: keeps what is sent, and gives the result that a test sets. */
export class FakePublication {
  /** Messages that were offered, or claimed and committed. */
  readonly sent: Uint8Array[] = []
  result = 4096
  isClosed = false
  /** Longest message in one frame. */
  maxPayloadLength = 1376
  /** Longest message. */
  maxMessageLength = 8192
  #claimed: AtomicBuffer | undefined

  /** This, as what the code under test takes. */
  get publication(): Publication {
    return this as unknown as Publication
  }

  /** Everything that was sent, also by the last commit. */
  get messages(): readonly Uint8Array[] {
    this.#take()
    return this.sent
  }

  /** The last sent message in hexadecimal digits. */
  get lastHex(): string {
    this.#take()
    return Buffer.from(this.sent.at(-1) ?? []).toString('hex')
  }

  /** Whether the last claim was neither committed nor aborted: no reader gets past it. */
  get hasOpenClaim(): boolean {
    return this.#claimed !== undefined && this.#claimed.getInt32(0) <= 0
  }

  tryClaim(length: number, claim: BufferClaim): number {
    this.#take()
    if (this.result < 0) return this.result
    const term = AtomicBuffer.allocate(Math.ceil((FRAME_HEADER_LENGTH + length) / 8) * 8)
    term.putUint16(TYPE_OFFSET, TYPE_DATA)
    claim.wrap(undefined, term, 0, length)
    this.#claimed = term
    return this.result
  }

  offer(source: OfferSource, offset: number, length: number): number {
    this.#take()
    if (this.result < 0) return this.result
    this.sent.push(bytesOf(source).slice(offset, offset + length))
    return this.result
  }

  offerParts(...parts: [OfferSource, number, number, OfferSource, number, number]): number {
    if (this.result < 0) return this.result
    const [first, firstOffset, firstLength, second, secondOffset, secondLength] = parts
    this.sent.push(
      Buffer.concat([
        bytesOf(first).slice(firstOffset, firstOffset + firstLength),
        bytesOf(second).slice(secondOffset, secondOffset + secondLength),
      ]),
    )
    return this.result
  }

  offerVectors(vectors: readonly OfferVector[]): number {
    if (this.result < 0) return this.result
    this.sent.push(
      Buffer.concat(
        vectors.map(({ buffer, offset = 0, length = bytesOf(buffer).length - offset }) =>
          bytesOf(buffer).slice(offset, offset + length),
        ),
      ),
    )
    return this.result
  }

  close(): void {
    this.isClosed = true
  }

  // A claim is sent with its commit, which writes the frame's length; an abort makes it padding.
  #take(): void {
    const term = this.#claimed
    this.#claimed = undefined
    const frameLength = term?.getInt32(0) ?? 0
    if (term !== undefined && frameLength > 0 && term.getUint16(TYPE_OFFSET) === TYPE_DATA) {
      this.sent.push(term.bytes.slice(FRAME_HEADER_LENGTH, frameLength))
    }
  }
}

function bytesOf(source: OfferSource): Uint8Array {
  return source instanceof Uint8Array ? source : source.bytes
}
