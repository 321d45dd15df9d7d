import { AtomicBuffer } from '@x/atomic'
import {
  BEGIN_FRAG_FLAG,
  computeFramedLength,
  END_FRAG_FLAG,
  FLAGS_OFFSET,
  FRAME_LENGTH_OFFSET,
  HEADER_LENGTH,
  UNFRAGMENTED,
} from '../logbuffer/frame-descriptor.ts'
import { Header } from '../logbuffer/header.ts'

/** Shortest buffer that a builder grows to, in bytes. Source: Aeron's `BufferBuilder`. */
const MIN_CAPACITY = 4096
const MAX_CAPACITY = 0x7fff_ffff - 8

/** No next fragment is expected: what comes must begin a message. */
const NOTHING_EXPECTED = -1

/**
 * Puts one message together from its fragments: the buffer, which grows as needed and is used again, and the header of the whole. Source:
 * Aeron's `BufferBuilder`.
 */
export class BufferBuilder {
  private message: AtomicBuffer
  private messageLength = 0
  private nextTermOffset = NOTHING_EXPECTED
  private lengthBeforeLast = 0
  private firstFrameLength = 0
  private readonly headerBuffer = AtomicBuffer.allocate(HEADER_LENGTH)
  private header: Header | undefined

  /** @param initialLength bytes to have from the start */
  constructor(initialLength = 0) {
    this.message = AtomicBuffer.allocate(initialLength)
  }

  /** The buffer that the message is in, from its start. */
  get buffer(): AtomicBuffer {
    return this.message
  }

  /** Bytes of the message so far. */
  get length(): number {
    return this.messageLength
  }

  /** Forgets the message so far. */
  reset(): void {
    this.messageLength = 0
    this.nextTermOffset = NOTHING_EXPECTED
  }

  /** Undoes the last fragment, which will come again. */
  undoLast(): void {
    this.messageLength = this.lengthBeforeLast
  }

  /**
   * Takes a fragment; one that does not follow the fragment before it drops the message so far.
   *
   * @returns whether it completes a message, and then {@link completeHeader} gives its header
   */
  onFragment(source: AtomicBuffer, offset: number, length: number, header: Header): boolean {
    const flags = header.flags
    if ((flags & BEGIN_FRAG_FLAG) !== 0) {
      this.begin(header)
    } else if (this.nextTermOffset === NOTHING_EXPECTED) {
      return false
    } else if (header.termOffset !== this.nextTermOffset) {
      this.reset()
      return false
    }
    this.append(source, offset, length)
    if ((flags & END_FRAG_FLAG) !== 0) return true
    this.nextTermOffset = header.nextTermOffset
    return false
  }

  /**
   * The header of the complete message: that of its first fragment, but with the length and the flags of the whole, and with the position
   * after the last fragment.
   */
  completeHeader(last: Header): Header {
    const header = (this.header ??= new Header(last.initialTermId, last.termLength, last.context))
    const maxPayloadLength = this.firstFrameLength - HEADER_LENGTH
    const headerBuffer = this.headerBuffer
    headerBuffer.putInt32(FRAME_LENGTH_OFFSET, HEADER_LENGTH + this.messageLength)
    headerBuffer.putUint8(FLAGS_OFFSET, headerBuffer.getUint8(FLAGS_OFFSET) | last.flags)
    header.buffer = headerBuffer
    header.offset = 0
    header.initialTermId = last.initialTermId
    header.termLength = last.termLength
    header.context = last.context
    header.fragmentedFrameLength = computeFramedLength(this.messageLength, maxPayloadLength)
    return header
  }

  private begin(header: Header): void {
    this.reset()
    this.headerBuffer.putBytes(0, header.buffer, header.offset, HEADER_LENGTH)
    this.firstFrameLength = header.frameLength
  }

  private append(source: AtomicBuffer, offset: number, length: number): void {
    this.lengthBeforeLast = this.messageLength
    const needed = this.messageLength + length
    if (needed > this.message.capacity) this.grow(needed)
    this.message.putBytes(this.messageLength, source, offset, length)
    this.messageLength = needed
  }

  private grow(needed: number): void {
    if (needed > MAX_CAPACITY) {
      throw new RangeError(
        `Cannot put a message together: its length must be at most ${MAX_CAPACITY}, current value is ${needed}`,
      )
    }
    let capacity = Math.max(MIN_CAPACITY, this.message.capacity)
    while (capacity < needed) capacity = Math.min(MAX_CAPACITY, Math.ceil(capacity * 1.5))
    const grown = AtomicBuffer.allocate(capacity)
    grown.putBytes(0, this.message, 0, this.messageLength)
    this.message = grown
  }
}

/** Whether a frame holds a whole message. */
export function isUnfragmented(header: Header): boolean {
  return (header.flags & UNFRAGMENTED) === UNFRAGMENTED
}
