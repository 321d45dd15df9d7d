import { AtomicBuffer } from '@x/atomic'
import {
  ACTIVE_TERM_COUNT_OFFSET,
  END_OF_STREAM_POSITION_OFFSET,
  indexByTermCount,
  INITIAL_TERM_ID_OFFSET,
  IS_CONNECTED_OFFSET,
  LOG_META_DATA_LENGTH,
  MTU_LENGTH_OFFSET,
  OPEN_END_OF_STREAM,
  packTail,
  PAGE_MIN_SIZE,
  PAGE_SIZE_OFFSET,
  PARTITION_COUNT,
  rawTailOffset,
  TERM_LENGTH_OFFSET,
} from '@x/client/internal'

/** What a log is like. */
export interface MemoryLogOptions {
  readonly termLength: number
  readonly mtuLength: number
  readonly initialTermId: number
  /** Where the stream begins, in bytes. */
  readonly position: number
}

/** The three terms of a stream and their metadata, in memory of this process: what a driver would map from a file. */
export class MemoryLog {
  readonly terms: readonly AtomicBuffer[]
  readonly metadata: AtomicBuffer = AtomicBuffer.allocate(LOG_META_DATA_LENGTH)
  readonly termLength: number
  readonly mtuLength: number
  readonly initialTermId: number

  constructor({ termLength, mtuLength, initialTermId, position }: MemoryLogOptions) {
    this.termLength = termLength
    this.mtuLength = mtuLength
    this.initialTermId = initialTermId
    this.terms = lazyTerms(termLength)
    const { metadata } = this
    metadata.putInt32(TERM_LENGTH_OFFSET, termLength)
    metadata.putInt32(PAGE_SIZE_OFFSET, PAGE_MIN_SIZE)
    metadata.putInt32(MTU_LENGTH_OFFSET, mtuLength)
    metadata.putInt32(INITIAL_TERM_ID_OFFSET, initialTermId)
    metadata.putInt64(END_OF_STREAM_POSITION_OFFSET, OPEN_END_OF_STREAM)
    metadata.putInt32(IS_CONNECTED_OFFSET, 1)
    const termCount = Math.floor(position / termLength)
    const termId = (initialTermId + termCount) | 0
    metadata.putInt32(ACTIVE_TERM_COUNT_OFFSET, termCount)
    metadata.putInt64(rawTailOffset(indexByTermCount(termCount)), packTail(termId, position % termLength))
    for (let next = 1; next < PARTITION_COUNT; next++) {
      const tail = packTail((termId + next - PARTITION_COUNT) | 0, 0)
      metadata.putInt64(rawTailOffset(indexByTermCount(termCount + next)), tail)
    }
  }

  set endOfStreamPosition(position: number) {
    this.metadata.putInt64(END_OF_STREAM_POSITION_OFFSET, BigInt(position))
  }

  /** Writes frames that belong at `position`, all within one term. */
  write(position: number, frames: Uint8Array): void {
    this.#termOf(position).putBytes(position % this.termLength, frames, 0, frames.length)
  }

  /** Cleans what was read, as a driver does. What a callback has kept of it is gone, as it would be then. */
  clean(from: number, to: number): void {
    for (let at = from; at < to;) {
      const offset = at % this.termLength
      const length = Math.min(to - at, this.termLength - offset)
      this.#termOf(at).setMemory(offset, length, 0)
      at += length
    }
  }

  remember(): void {}

  forget(): void {}

  fileDescriptor(): number {
    throw new Error('Cannot read the stream by its file: a stream of the test kit has none')
  }

  #termOf(position: number): AtomicBuffer {
    return this.terms[indexByTermCount(Math.floor(position / this.termLength))]!
  }
}

/** Terms that are made when they are first looked at: most streams of a test end in their first one. */
function lazyTerms(termLength: number): AtomicBuffer[] {
  const made: AtomicBuffer[] = []
  const terms: AtomicBuffer[] = []
  for (let index = 0; index < PARTITION_COUNT; index++) {
    Object.defineProperty(terms, index, {
      get: () => (made[index] ??= AtomicBuffer.allocate(termLength)),
      enumerable: true,
    })
  }
  return terms
}
