import { AtomicBuffer } from '@x/atomic'
import { Action, type ControlledFragmentHandler, type Header, type Image } from '@x/client'

const HEADER_LENGTH = 32
const FRAME_ALIGNMENT = 32
const NO_FRAME_HEADER = AtomicBuffer.allocate(HEADER_LENGTH)

interface Frame {
  readonly bytes: Uint8Array
  readonly flags: number
  readonly startPosition: number
  readonly endPosition: number
}

/** A log without driver: frames are appended by a test and polled as an image is. One term that never ends. */
export class ScriptedLog {
  readonly #frames: Frame[] = []
  readonly #termBase: number
  #nextFrame = 0
  isClosed = false
  isEndOfStream = false
  isSubscriptionClosed = false

  constructor(startPosition = 0) {
    this.#termBase = startPosition
  }

  /** Position after the last appended frame. */
  get appendPosition(): number {
    return this.#frames.at(-1)?.endPosition ?? this.#termBase
  }

  /** Position up to which the frames were consumed. */
  get position(): number {
    return this.#nextFrame === 0 ? this.#termBase : (this.#frames[this.#nextFrame - 1]?.endPosition ?? 0)
  }

  /** Appends a message in one frame; returns the position after it. */
  append(bytes: Uint8Array): number {
    return this.#appendFrame(bytes, 0xc0)
  }

  /** Appends a message in frames of `partLength` bytes; returns the position after it. */
  appendInParts(bytes: Uint8Array, partLength: number): number {
    for (let offset = 0; offset < bytes.length; offset += partLength) {
      const begin = offset === 0 ? 0x80 : 0
      const end = offset + partLength >= bytes.length ? 0x40 : 0
      this.#appendFrame(bytes.subarray(offset, offset + partLength), begin | end)
    }
    return this.appendPosition
  }

  /** Appends one frame with the given flags. */
  appendPart(bytes: Uint8Array, flags: number): number {
    return this.#appendFrame(bytes, flags)
  }

  /** This log as the image that an adapter reads. */
  get image(): Image {
    const image = {
      boundedControlledPoll: (handler: ControlledFragmentHandler, limit: number, fragmentLimit: number) =>
        this.#poll(handler, limit, fragmentLimit),
      controlledPoll: (handler: ControlledFragmentHandler, fragmentLimit: number) =>
        this.#poll(handler, Number.MAX_SAFE_INTEGER, fragmentLimit),
      subscription: { close: () => (this.isSubscriptionClosed = true) },
    }
    Object.defineProperties(image, {
      position: { get: () => this.position },
      isClosed: { get: () => this.isClosed },
      isEndOfStream: { get: () => this.isEndOfStream },
    })
    return image as unknown as Image
  }

  #appendFrame(bytes: Uint8Array, flags: number): number {
    const startPosition = this.appendPosition
    const length = HEADER_LENGTH + bytes.length
    const endPosition = startPosition + Math.ceil(length / FRAME_ALIGNMENT) * FRAME_ALIGNMENT
    this.#frames.push({ bytes, flags, startPosition, endPosition })
    return endPosition
  }

  #poll(handler: ControlledFragmentHandler, limitPosition: number, fragmentLimit: number): number {
    let fragments = 0
    while (fragments < fragmentLimit) {
      const frame = this.#frames[this.#nextFrame]
      if (frame === undefined || frame.startPosition >= limitPosition) break
      const header = {
        flags: frame.flags,
        frameLength: HEADER_LENGTH + frame.bytes.length,
        termOffset: frame.startPosition - this.#termBase,
        position: frame.endPosition,
        nextTermOffset: frame.endPosition - this.#termBase,
        initialTermId: 0,
        termLength: 1 << 24,
        buffer: NO_FRAME_HEADER,
        offset: 0,
      } as unknown as Header
      const action = handler(AtomicBuffer.wrap(frame.bytes), 0, frame.bytes.length, header)
      if (action === Action.ABORT) break
      this.#nextFrame++
      fragments++
      if (action === Action.BREAK) break
    }
    return fragments
  }
}
