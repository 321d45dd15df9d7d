import { storeRelease } from '@x/atomic'
import {
  SESSION_ID_WORD,
  STREAM_ID_WORD,
  TERM_ID_WORD,
  TERM_OFFSET_WORD,
  VERSION_FLAGS_TYPE,
} from './frame-descriptor.ts'

/** Writes the header of a frame that is still being filled. Source: Aeron's `HeaderWriter`. */
export class HeaderWriter {
  private readonly sessionId: number
  private readonly streamId: number

  constructor(sessionId: number, streamId: number) {
    this.sessionId = sessionId
    this.streamId = streamId
  }

  /**
   * Writes a data header with the length negative, which tells readers, and a driver that unblocks, that the frame is claimed.
   * The reserved value is left as it is: zero, because the driver has cleaned the term.
   *
   * @param words the words of the term
   * @param frameLength length of the frame, header included
   */
  write(words: Int32Array, termOffset: number, frameLength: number, termId: number): void {
    const index = termOffset >> 2
    storeRelease(words, index, -frameLength)
    words[index + 1] = VERSION_FLAGS_TYPE
    words[index + TERM_OFFSET_WORD] = termOffset
    words[index + SESSION_ID_WORD] = this.sessionId
    words[index + STREAM_ID_WORD] = this.streamId
    words[index + TERM_ID_WORD] = termId
  }
}
