import { AtomicBuffer } from '@x/atomic'
import { alignFrame, HDR_TYPE_PAD, HEADER_LENGTH, TYPE_OFFSET } from '@x/client/internal'

const FLAGS_OFFSET = 5
const BEGIN_FRAGMENT = 0x80
const END_FRAGMENT = 0x40

/** Frames that stand one behind the other in one term of a stream. */
export interface LogBlock {
  /** Where they begin, in bytes of the stream. */
  readonly position: number
  /** The frames with their headers. Of padding, which comes alone, only the header may be there. */
  readonly frames: Uint8Array
}

/** A message with the frames that it takes in a stream. */
export interface FramedMessage {
  /** Where it begins, padding in front of it included, in bytes of the stream. */
  readonly beginPosition: number
  /** Position in bytes after it. */
  readonly position: number
  readonly blocks: readonly LogBlock[]
  /** All of its bytes, without those of the frames. */
  readonly message: Uint8Array
}

/** Puts messages together from the frames of a recorded stream. */
export class MessageAssembler {
  #blocks: LogBlock[] = []
  #parts: Uint8Array[] = []

  /** The messages that end in this block. What a writer left half written is no message, and belongs to the one after it. */
  take(block: LogBlock): FramedMessage[] {
    const messages: FramedMessage[] = []
    const buffer = AtomicBuffer.wrap(block.frames)
    let begin = 0
    for (let at = 0; at < buffer.capacity;) {
      const frameLength = buffer.getInt32(at)
      const isPadding = buffer.getUint16(at + TYPE_OFFSET) === HDR_TYPE_PAD
      const flags = buffer.getUint8(at + FLAGS_OFFSET)
      if (!isPadding) {
        if ((flags & BEGIN_FRAGMENT) !== 0) this.#parts = []
        this.#parts.push(block.frames.subarray(at + HEADER_LENGTH, at + frameLength))
      }
      at += alignFrame(frameLength)
      if (isPadding || (flags & END_FRAGMENT) === 0) continue
      this.#blocks.push({ position: block.position + begin, frames: block.frames.subarray(begin, at) })
      messages.push(this.#message(block.position + at))
      begin = at
    }
    if (begin < buffer.capacity) {
      this.#blocks.push({ position: block.position + begin, frames: block.frames.subarray(begin) })
    }
    return messages
  }

  #message(position: number): FramedMessage {
    const blocks = this.#blocks
    const message = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
    this.#blocks = []
    this.#parts = []
    return { beginPosition: blocks[0]?.position ?? position, position, blocks, message }
  }
}
