import type { AtomicBuffer } from '@x/atomic'
import { type MappedFile, mapExistingFile } from '@x/mmap'
import { AtomicBuffer as Buffers } from '@x/atomic'

/**
 * How a publisher ends: at its count, or by killing itself inside a claim.
 * - `finish`: publishes all
 * - `die-claimed`: after half of its messages, with a claim that is filled and not committed
 * - `die-reserved`: after half, between the atomic add on the tail and the first word of the frame
 * - `die-tripped`: after half, between the add that finds the term full and the padding that is then due
 */
export type Ending = 'finish' | 'die-claimed' | 'die-reserved' | 'die-tripped'

/** What one publisher is to do; passed as JSON. */
export interface PublisherPlan {
  readonly aeronDirectory: string
  readonly channel: string
  readonly streamId: number
  readonly publisher: number
  readonly count: number
  readonly ending: Ending
  /** A file in which publishers show how many messages they have committed. */
  readonly progressPath: string
}

/** Bytes of the progress file that each publisher has to itself. */
export const PROGRESS_STRIDE = 128

/** The progress file, mapped: an int32 for each publisher. */
export class Progress implements Disposable {
  readonly #mapping: MappedFile
  readonly #buffer: AtomicBuffer

  constructor(path: string) {
    this.#mapping = mapExistingFile(path)
    this.#buffer = Buffers.wrap(this.#mapping.memory)
  }

  get(publisher: number): number {
    return this.#buffer.getInt32Acquire(publisher * PROGRESS_STRIDE)
  }

  set(publisher: number, committed: number): void {
    this.#buffer.putInt32Release(publisher * PROGRESS_STRIDE, committed)
  }

  close(): void {
    this.#mapping.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
