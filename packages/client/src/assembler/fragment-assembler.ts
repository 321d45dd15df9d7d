import { BufferBuilder, isUnfragmented } from './buffer-builder.ts'
import type { FragmentHandler } from '../logbuffer/fragment-handler.ts'
import { SessionBuilders } from './session-builders.ts'

/**
 * Puts messages together for a subscription, whose images take turns: one buffer for each session. Source: Aeron's `FragmentAssembler`.
 * A message in one frame is passed on as it is.
 *
 * ```ts
 * const assembler = new FragmentAssembler((buffer, offset, length, header) => { ... })
 * subscription.poll(assembler.onFragment, 10)
 * ```
 */
export class FragmentAssembler {
  /** The handler to poll with. */
  readonly onFragment: FragmentHandler
  readonly #builders: SessionBuilders

  /**
   * @param handler takes whole messages; buffer and header are only good during the call
   * @param initialLength bytes to set aside for a session at its first fragmented message
   */
  constructor(handler: FragmentHandler, initialLength = 0) {
    const builders = new SessionBuilders(initialLength)
    this.#builders = builders
    this.onFragment = (buffer, offset, length, header) => {
      if (isUnfragmented(header)) {
        handler(buffer, offset, length, header)
        return
      }
      const builder = builders.of(header.sessionId)
      if (!builder.onFragment(buffer, offset, length, header)) return
      try {
        handler(builder.buffer, 0, builder.length, builder.completeHeader(header))
      } finally {
        builder.reset()
      }
    }
  }

  /** Frees the buffer of a session, for one that is gone; tells whether there was one. */
  freeSessionBuffer(sessionId: number): boolean {
    return this.#builders.delete(sessionId)
  }

  /** Frees all buffers. */
  clear(): void {
    this.#builders.clear()
  }
}

/** Puts messages together for one image, without the look-up of a session. Source: Aeron's `ImageFragmentAssembler`. */
export class ImageFragmentAssembler {
  /** The handler to poll with. */
  readonly onFragment: FragmentHandler

  /** Parameters as of {@link FragmentAssembler}. */
  constructor(handler: FragmentHandler, initialLength = 0) {
    const builder = new BufferBuilder(initialLength)
    this.onFragment = (buffer, offset, length, header) => {
      if (isUnfragmented(header)) {
        handler(buffer, offset, length, header)
        return
      }
      if (!builder.onFragment(buffer, offset, length, header)) return
      try {
        handler(builder.buffer, 0, builder.length, builder.completeHeader(header))
      } finally {
        builder.reset()
      }
    }
  }
}
