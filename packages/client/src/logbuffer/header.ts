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
 * The header of a fragment, or of a message put together from fragments: Aeron's `Header`. It is one object that moves from frame to
 * frame, so it is only good during the handler's call.
 */
export class Header {
  /** The term that holds the frame. */
  buffer: AtomicBuffer = NOTHING
  /** Where the frame starts in {@link buffer}. */
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

  /** Length of the frame in bytes, this header included; of an assembled message, as if it were one frame. */
  get frameLength(): number {
    return this.buffer.getInt32(this.offset + FRAME_LENGTH_OFFSET)
  }

  /** Flags of the frame: 0x80 begins a message, 0x40 ends it. */
  get flags(): number {
    return this.buffer.getUint8(this.offset + FLAGS_OFFSET)
  }

  /** Type of the frame: 1 is data. */
  get type(): number {
    return this.buffer.getUint16(this.offset + TYPE_OFFSET)
  }

  /** Where the frame starts in its term; of an assembled message, its first frame. */
  get termOffset(): number {
    return this.buffer.getInt32(this.offset + TERM_OFFSET_OFFSET)
  }

  /** Session that the frame was sent in. */
  get sessionId(): number {
    return this.buffer.getInt32(this.offset + SESSION_ID_OFFSET)
  }

  /** Stream that the frame was sent in. */
  get streamId(): number {
    return this.buffer.getInt32(this.offset + STREAM_ID_OFFSET)
  }

  /** Term that holds the frame. */
  get termId(): number {
    return this.buffer.getInt32(this.offset + TERM_ID_OFFSET)
  }

  /** The value that the sender's reserved value supplier gave, 0 without one. */
  get reservedValue(): bigint {
    return this.buffer.getInt64(this.offset + RESERVED_VALUE_OFFSET)
  }

  /** Where the next frame, or message, starts in the term. */
  get nextTermOffset(): number {
    const occupied = this.fragmentedFrameLength > 0 ? this.fragmentedFrameLength : this.frameLength
    return alignFrame(this.termOffset + occupied)
  }

  /** Position in the stream after this frame, or message. */
  get position(): number {
    return computePosition(this.termId, this.nextTermOffset, this.termLength, this.initialTermId)
  }
}
