import { type AtomicBuffer, copyFewWords, copyUnchecked, storeRelease } from '@x/atomic'
import {
  alignFrame,
  BEGIN_FRAG_FLAG,
  END_FRAG_FLAG,
  HDR_TYPE_PAD,
  HEADER_LENGTH,
  RESERVED_VALUE_OFFSET,
  SESSION_ID_WORD,
  STREAM_ID_WORD,
  TERM_ID_WORD,
  TERM_OFFSET_WORD,
  TYPE_OFFSET,
  VERSION_FLAGS_TYPE,
  VERSION_TYPE,
} from './frame-descriptor.ts'
import type { MessageParts, OfferSource } from './message-parts.ts'

/** Gives the reserved value of a frame that is about to be published: the frame starts at `termOffset` of `termBuffer`. */
export type ReservedValueSupplier = (
  termBuffer: AtomicBuffer,
  termOffset: number,
  frameLength: number,
) => bigint

/** Fills frames in the part of a term that the caller has claimed; where that is, is the publication's affair. */
export class TermAppender {
  private readonly sessionId: number
  private readonly streamId: number
  private readonly maxPayloadLength: number

  /** @param maxPayloadLength payload of a full fragment: the MTU less the header, in bytes */
  constructor(sessionId: number, streamId: number, maxPayloadLength: number) {
    this.sessionId = sessionId
    this.streamId = streamId
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
    this.writeHeader(term.words, termOffset, length + HEADER_LENGTH, termId)
    if (copyFewWords(source, offset, term, termOffset + HEADER_LENGTH, length)) {
      // This store publishes the frame: all that came before is seen by whoever sees the positive length.
      storeRelease(term.words, termOffset >> 2, length + HEADER_LENGTH)
    } else {
      this.finish(term, termOffset, source, offset, length)
    }
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
    const { words } = term
    let flags = BEGIN_FRAG_FLAG
    let remaining = parts.length
    let frameOffset = termOffset
    try {
      do {
        const length = Math.min(remaining, maxPayloadLength)
        if (remaining <= maxPayloadLength) flags |= END_FRAG_FLAG
        this.writeHeader(words, frameOffset, length + HEADER_LENGTH, termId)
        words[(frameOffset >> 2) + 1] = VERSION_TYPE | (flags << 8)
        parts.copyNext(term, frameOffset + HEADER_LENGTH, length)
        if (supplier !== undefined) {
          const value = supplier(term, frameOffset, length + HEADER_LENGTH)
          term.putInt64(frameOffset + RESERVED_VALUE_OFFSET, value)
        }
        storeRelease(words, frameOffset >> 2, length + HEADER_LENGTH)
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
    this.writeHeader(term.words, termOffset, length + HEADER_LENGTH, termId)
  }

  /** A padding frame of `length` bytes, header included. */
  pad(term: AtomicBuffer, termOffset: number, termId: number, length: number): void {
    this.writeHeader(term.words, termOffset, length, termId)
    term.putUint16(termOffset + TYPE_OFFSET, HDR_TYPE_PAD)
    term.putInt32Release(termOffset, length)
  }

  // With the store that publishes, so that nothing is put aside for behind the call.
  private finish(
    term: AtomicBuffer,
    termOffset: number,
    source: OfferSource,
    offset: number,
    length: number,
  ): void {
    copyUnchecked(source, offset, term, termOffset + HEADER_LENGTH, length)
    storeRelease(term.words, termOffset >> 2, length + HEADER_LENGTH)
  }

  /**
   * Writes a data header with the length negative, which tells readers, and a driver that unblocks, that the frame is claimed.
   * The reserved value is left as it is: zero, because the driver has cleaned the term. Source: Aeron's `HeaderWriter`.
   *
   * @param words the words of the term
   * @param frameLength length of the frame, header included
   */
  private writeHeader(words: Int32Array, termOffset: number, frameLength: number, termId: number): void {
    const index = termOffset >> 2
    storeRelease(words, index, -frameLength | 0)
    words[index + 1] = VERSION_FLAGS_TYPE
    words[index + TERM_OFFSET_WORD] = termOffset
    words[index + SESSION_ID_WORD] = this.sessionId
    words[index + STREAM_ID_WORD] = this.streamId
    words[index + TERM_ID_WORD] = termId
  }
}

/** Makes what is left of a claim padding, for a supplier that throws: a claimed frame that is never published would stop every reader. */
function giveUp(term: AtomicBuffer, frameOffset: number, claimEnd: number): void {
  term.putUint16(frameOffset + TYPE_OFFSET, HDR_TYPE_PAD)
  term.putInt32Release(frameOffset, claimEnd - frameOffset)
}
