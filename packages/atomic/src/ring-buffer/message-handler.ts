import type { AtomicBuffer } from '../atomic-buffer.ts'

/** Takes one message where it lies; the buffer is valid during the call only. */
export type MessageHandler = (typeId: number, buffer: AtomicBuffer, offset: number, length: number) => void

/** What a controlled handler asks the ring buffer to do next. */
export const ReadAction = {
  /** Stop, and deliver this message again at the next read. */
  ABORT: 'abort',
  /** Stop after this message. */
  BREAK: 'break',
  /** Give the space up to here back to the producers at once, and go on. */
  COMMIT: 'commit',
  /** Go on. */
  CONTINUE: 'continue',
} as const
export type ReadAction = (typeof ReadAction)[keyof typeof ReadAction]

/** Takes one message where it lies, and says how to go on. */
export type ControlledMessageHandler = (
  typeId: number,
  buffer: AtomicBuffer,
  offset: number,
  length: number,
) => ReadAction
