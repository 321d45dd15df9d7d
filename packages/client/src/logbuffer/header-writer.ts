import type { AtomicBuffer } from '@x/atomic'
import {
  HDR_TYPE_DATA,
  HEADER_LENGTH,
  SESSION_ID_OFFSET,
  STREAM_ID_OFFSET,
  TERM_ID_OFFSET,
  TERM_OFFSET_OFFSET,
  UNFRAGMENTED,
} from './frame-descriptor.ts'

/** The second word of a frame: version 0, flags of an unfragmented message, type data. */
const VERSION_FLAGS_TYPE = (UNFRAGMENTED << 8) | (HDR_TYPE_DATA << 16)

/** Writes the header of a frame that is still being filled. Source: Aeron's `HeaderWriter`. */
export class HeaderWriter {
  readonly #sessionId: number
  readonly #streamId: number

  constructor(sessionId: number, streamId: number) {
    this.#sessionId = sessionId
    this.#streamId = streamId
  }

  /**
   * Writes a data header with the length negative, which tells readers, and a driver that unblocks, that the frame is claimed.
   * The reserved value is left as it is: zero, because the driver has cleaned the term.
   */
  write(term: AtomicBuffer, termOffset: number, length: number, termId: number): void {
    term.putInt32Release(termOffset, -(length + HEADER_LENGTH))
    term.putInt32(termOffset + 4, VERSION_FLAGS_TYPE)
    term.putInt32(termOffset + TERM_OFFSET_OFFSET, termOffset)
    term.putInt32(termOffset + SESSION_ID_OFFSET, this.#sessionId)
    term.putInt32(termOffset + STREAM_ID_OFFSET, this.#streamId)
    term.putInt32(termOffset + TERM_ID_OFFSET, termId)
  }
}
