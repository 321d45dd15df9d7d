import { AtomicBuffer } from '@x/atomic'
import {
  alignFrame,
  FLAGS_OFFSET,
  FRAME_LENGTH_OFFSET,
  HEADER_LENGTH,
  RESERVED_VALUE_OFFSET,
  SESSION_ID_OFFSET,
  STREAM_ID_OFFSET,
  TERM_ID_OFFSET,
  TERM_OFFSET_OFFSET,
  TYPE_OFFSET,
} from './frame-descriptor.ts'
import type { Image } from '../subscription/image.ts'
import { computePosition } from './log-buffer-position.ts'

const NOTHING = AtomicBuffer.allocate(HEADER_LENGTH)

/**
 * The header of a fragment, or of a message reassembled from fragments; corresponds to Aeron's `Header`. A single object is reused for all frames, so it is valid
 * only during the call of the handler.
 */
export class Header {
  /** The buffer of the term that contains the frame. */
  buffer: AtomicBuffer = NOTHING
  /** Offset in bytes at which the frame starts in {@link buffer}. */
  offset = 0
  /** Id of the first term of the stream. */
  initialTermId: number
  /** Length of a term of the stream, in bytes. */
  termLength: number
  /** The image that delivered the fragment. */
  context: Image
  /** @internal Bytes that all frames of an assembled message take in the log; 0 for a single frame. */
  fragmentedFrameLength = 0

  constructor(initialTermId: number, termLength: number, context: Image) {
    this.initialTermId = initialTermId
    this.termLength = termLength
    this.context = context
  }

  /** Length of the frame in bytes, including its header; for a reassembled message, as if it were a single frame. */
  get frameLength(): number {
    return this.buffer.getInt32(this.offset + FRAME_LENGTH_OFFSET)
  }

  /** Flags of the frame: 0x80 for the beginning and 0x40 for the end of a message. */
  get flags(): number {
    return this.buffer.getUint8(this.offset + FLAGS_OFFSET)
  }

  /** Type of the frame: 1 is data. */
  get type(): number {
    return this.buffer.getUint16(this.offset + TYPE_OFFSET)
  }

  /** Offset in bytes at which the frame, or the first frame of a reassembled message, starts in its term. */
  get termOffset(): number {
    return this.buffer.getInt32(this.offset + TERM_OFFSET_OFFSET)
  }

  /** Session id of the publication. */
  get sessionId(): number {
    return this.buffer.getInt32(this.offset + SESSION_ID_OFFSET)
  }

  /** Stream id of the publication. */
  get streamId(): number {
    return this.buffer.getInt32(this.offset + STREAM_ID_OFFSET)
  }

  /** Id of the term that contains the frame. */
  get termId(): number {
    return this.buffer.getInt32(this.offset + TERM_ID_OFFSET)
  }

  /** The value from the publisher's reserved value supplier; 0 if there is none. */
  get reservedValue(): bigint {
    return this.buffer.getInt64(this.offset + RESERVED_VALUE_OFFSET)
  }

  /** Offset in bytes at which the next frame, or message, starts in the term. */
  get nextTermOffset(): number {
    const occupied = this.fragmentedFrameLength > 0 ? this.fragmentedFrameLength : this.frameLength
    return alignFrame(this.termOffset + occupied)
  }

  /** Position in the stream after this frame, or message. */
  get position(): number {
    return computePosition(this.termId, this.nextTermOffset, this.termLength, this.initialTermId)
  }
}
