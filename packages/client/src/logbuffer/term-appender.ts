import { type AtomicBuffer, copyUnchecked, storeRelease } from '@x/atomic'
import {
  alignFrame,
  BEGIN_FRAG_FLAG,
  END_FRAG_FLAG,
  FLAGS_OFFSET,
  HDR_TYPE_PAD,
  HEADER_LENGTH,
  RESERVED_VALUE_OFFSET,
  TYPE_OFFSET,
} from './frame-descriptor.ts'
import type { HeaderWriter } from './header-writer.ts'
import type { MessageParts, OfferSource } from './message-parts.ts'

/** Gives the reserved value of a frame that is about to be published: the frame starts at `termOffset` of `termBuffer`. */
export type ReservedValueSupplier = (
  termBuffer: AtomicBuffer,
  termOffset: number,
  frameLength: number,
) => bigint

/** Fills frames in the part of a term that the caller has claimed; where that is, is the publication's affair. */
export class TermAppender {
  private readonly headerWriter: HeaderWriter
  private readonly maxPayloadLength: number

  /** @param maxPayloadLength payload of a full fragment: the MTU less the header, in bytes */
  constructor(headerWriter: HeaderWriter, maxPayloadLength: number) {
    this.headerWriter = headerWriter
    this.maxPayloadLength = maxPayloadLength
  }

  /** The fast path: a message of one part that fits one frame. The caller has checked the span, so nothing here can throw. */
  appendOne(
    term: AtomicBuffer,
    termOffset: number,
    termId: number,
    source: OfferSource,
    offset: number,
    length: number,
  ): void {
    const { words } = term
    const frameLength = length + HEADER_LENGTH
    this.headerWriter.write(words, termOffset, frameLength, termId)
    copyUnchecked(source, offset, term, termOffset + HEADER_LENGTH, length)
    // This store publishes the frame: all that came before is seen by whoever sees the positive length.
    storeRelease(words, termOffset >> 2, frameLength)
  }

  /** A message of any number of parts, in as many fragments as it needs, published in order. */
  append(
    term: AtomicBuffer,
    termOffset: number,
    termId: number,
    parts: MessageParts,
    framedLength: number,
    supplier: ReservedValueSupplier | undefined,
  ): void {
    const maxPayloadLength = this.maxPayloadLength
    let flags = BEGIN_FRAG_FLAG
    let remaining = parts.length
    let frameOffset = termOffset
    try {
      do {
        const length = Math.min(remaining, maxPayloadLength)
        if (remaining <= maxPayloadLength) flags |= END_FRAG_FLAG
        this.headerWriter.write(term.words, frameOffset, length + HEADER_LENGTH, termId)
        parts.copyNext(term, frameOffset + HEADER_LENGTH, length)
        term.putUint8(frameOffset + FLAGS_OFFSET, flags)
        if (supplier !== undefined) {
          const value = supplier(term, frameOffset, length + HEADER_LENGTH)
          term.putInt64(frameOffset + RESERVED_VALUE_OFFSET, value)
        }
        storeRelease(term.words, frameOffset >> 2, length + HEADER_LENGTH)
        flags = 0
        frameOffset += alignFrame(length + HEADER_LENGTH)
        remaining -= length
      } while (remaining > 0)
    } catch (error) {
      giveUp(term, frameOffset, termOffset + framedLength)
      throw error
    }
  }

  /** A frame whose payload the application fills and commits. */
  claim(term: AtomicBuffer, termOffset: number, termId: number, length: number): void {
    this.headerWriter.write(term.words, termOffset, length + HEADER_LENGTH, termId)
  }

  /** A padding frame of `length` bytes, header included. */
  pad(term: AtomicBuffer, termOffset: number, termId: number, length: number): void {
    this.headerWriter.write(term.words, termOffset, length, termId)
    term.putUint16(termOffset + TYPE_OFFSET, HDR_TYPE_PAD)
    term.putInt32Release(termOffset, length)
  }
}

/** Makes what is left of a claim padding, for a supplier that throws: a claimed frame that is never published would stop every reader. */
function giveUp(term: AtomicBuffer, frameOffset: number, claimEnd: number): void {
  term.putUint16(frameOffset + TYPE_OFFSET, HDR_TYPE_PAD)
  term.putInt32Release(frameOffset, claimEnd - frameOffset)
}
