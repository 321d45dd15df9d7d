import type { AtomicBuffer } from '@x/atomic'
import type { Header } from './header.ts'

/**
 * Takes a fragment: `length` bytes at `offset` of `buffer`. All three, and the header, are only good during the call; copy what must stay.
 */
export type FragmentHandler = (buffer: AtomicBuffer, offset: number, length: number, header: Header) => void

/** What a controlled fragment handler asks the image to do next. Source: Aeron's `ControlledFragmentHandler.Action`. */
export const Action = {
  /** Undo this fragment and end the poll; the fragment comes again. */
  ABORT: 'abort',
  /** Take this fragment and end the poll. */
  BREAK: 'break',
  /** Take this fragment, tell the driver the position at once, and go on. */
  COMMIT: 'commit',
  /** Take this fragment and go on; the position is told at the end of the poll. */
  CONTINUE: 'continue',
} as const

/** What a controlled fragment handler asks the image to do next. */
export type Action = (typeof Action)[keyof typeof Action]

/** Takes a fragment as {@link FragmentHandler} does, and says how to go on. */
export type ControlledFragmentHandler = (
  buffer: AtomicBuffer,
  offset: number,
  length: number,
  header: Header,
) => Action
