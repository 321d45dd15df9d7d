import type { AtomicBuffer } from '@x/atomic'

/** Takes a run of whole frames: `length` bytes at `offset` of `term`, headers included. All is only good during the call. */
export type BlockHandler = (
  term: AtomicBuffer,
  offset: number,
  length: number,
  sessionId: number,
  termId: number,
) => void

/** As {@link BlockHandler}, and where the run is in the log file, which is open for reading while the image is. */
export type RawBlockHandler = (
  fileDescriptor: number,
  fileOffset: number,
  term: AtomicBuffer,
  offset: number,
  length: number,
  sessionId: number,
  termId: number,
) => void
