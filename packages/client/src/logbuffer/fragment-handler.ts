import type { AtomicBuffer } from '@x/atomic'
import type { Header } from './header.ts'

/**
 * Receives a fragment: `length` bytes at `offset` of `buffer`. The bytes and the header are valid only during the call; copy what you need to keep.
 */
export type FragmentHandler = (buffer: AtomicBuffer, offset: number, length: number, header: Header) => void

/** What a controlled fragment handler asks the image to do next. Source: Aeron's `ControlledFragmentHandler.Action`. */
export const Action = {
  /** End the poll without this fragment, which is delivered again by the next poll. */
  ABORT: 'abort',
  /** End the poll after this fragment. */
  BREAK: 'break',
  /** Publish the position after this fragment to the driver at once, and continue. */
  COMMIT: 'commit',
  /** Continue; the position is published at the end of the poll. */
  CONTINUE: 'continue',
} as const

/** What a controlled fragment handler asks the image to do next. */
export type Action = (typeof Action)[keyof typeof Action]

/** Receives a fragment like a {@link FragmentHandler}, and returns how to continue. */
export type ControlledFragmentHandler = (
  buffer: AtomicBuffer,
  offset: number,
  length: number,
  header: Header,
) => Action
