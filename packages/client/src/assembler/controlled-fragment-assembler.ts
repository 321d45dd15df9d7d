import type { AtomicBuffer } from '@x/atomic'
import { BufferBuilder, isUnfragmented } from './buffer-builder.ts'
import { Action, type ControlledFragmentHandler } from '../logbuffer/fragment-handler.ts'
import type { Header } from '../logbuffer/header.ts'
import { SessionBuilders } from './session-builders.ts'

function assemble(
  builder: BufferBuilder,
  handler: ControlledFragmentHandler,
  buffer: AtomicBuffer,
  offset: number,
  length: number,
  header: Header,
): Action {
  if (!builder.onFragment(buffer, offset, length, header)) return Action.CONTINUE
  let action: Action | undefined
  try {
    action = handler(builder.buffer, 0, builder.length, builder.completeHeader(header))
    return action
  } finally {
    // An abort brings the last fragment again, and with it the whole message.
    if (action === Action.ABORT) builder.undoLast()
    else builder.reset()
  }
}

/**
 * Puts messages together for controlled polls of a subscription: one buffer for each session. Source: Aeron's
 * `ControlledFragmentAssembler`. The handler's action applies to the last fragment; those before it are taken.
 */
export class ControlledFragmentAssembler {
  /** The handler to poll with. */
  readonly onFragment: ControlledFragmentHandler
  readonly #builders: SessionBuilders

  /**
   * @param handler takes whole messages; buffer and header are only good during the call
   * @param initialLength bytes to set aside for a session at its first fragmented message
   */
  constructor(handler: ControlledFragmentHandler, initialLength = 0) {
    const builders = new SessionBuilders(initialLength)
    this.#builders = builders
    this.onFragment = (buffer, offset, length, header) => {
      if (isUnfragmented(header)) return handler(buffer, offset, length, header)
      return assemble(builders.of(header.sessionId), handler, buffer, offset, length, header)
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

/** Puts messages together for controlled polls of one image. Source: Aeron's `ImageControlledFragmentAssembler`. */
export class ImageControlledFragmentAssembler {
  /** The handler to poll with. */
  readonly onFragment: ControlledFragmentHandler

  /** Parameters as of {@link ControlledFragmentAssembler}. */
  constructor(handler: ControlledFragmentHandler, initialLength = 0) {
    const builder = new BufferBuilder(initialLength)
    this.onFragment = (buffer, offset, length, header) => {
      if (isUnfragmented(header)) return handler(buffer, offset, length, header)
      return assemble(builder, handler, buffer, offset, length, header)
    }
  }
}
