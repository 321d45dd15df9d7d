import { align } from '@x/atomic'
import { Action, ImageControlledFragmentAssembler, type ControlledFragmentHandler } from '@x/client'

// Flags and alignment of frames. Protocol: Aeron's data header.
const BEGIN_FLAG = 0x80
const END_FLAG = 0x40
const FRAME_ALIGNMENT = 32

/** Puts the messages of a stream together, over the images that it comes on one after the other, and knows where an unfinished one begins. */
export class MessageAssembler {
  /** The handler to poll with. */
  readonly onFragment: ControlledFragmentHandler
  #openPosition: number | undefined = undefined

  /** @param handler takes whole messages; its action is for the whole message */
  constructor(handler: ControlledFragmentHandler) {
    const assembler = new ImageControlledFragmentAssembler(handler)
    this.onFragment = (buffer, offset, length, header) => {
      const { flags } = header
      const openPosition = this.#openPosition
      if ((flags & BEGIN_FLAG) === 0) {
        if ((flags & END_FLAG) !== 0) this.#openPosition = undefined
      } else if ((flags & END_FLAG) === 0) {
        this.#openPosition = header.position - align(header.frameLength, FRAME_ALIGNMENT)
      }
      const action = assembler.onFragment(buffer, offset, length, header)
      // The same fragment comes again.
      if (action === Action.ABORT) this.#openPosition = openPosition
      return action
    }
  }

  /** Position in bytes at which the message begins of which only a part has come; undefined when there is none. */
  get openPosition(): number | undefined {
    return this.#openPosition
  }
}
