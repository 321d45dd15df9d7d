import { Position, type CountersReader } from '@x/atomic/status'
import { isCounterAlive, type FoundCounter } from './cluster-counters.ts'

/** The commit position, in bytes, from the counter of the consensus module: the log may be applied up to it. */
export class CommitPosition {
  readonly #counters: CountersReader
  readonly #counter: FoundCounter
  readonly #position: Position

  constructor(counters: CountersReader, counter: FoundCounter) {
    this.#counters = counters
    this.#counter = counter
    this.#position = new Position(counters.valuesBuffer, counter.id)
  }

  /** In bytes of the log. */
  get(): number {
    return this.#position.getAcquire()
  }

  /** Whether the counter has been freed, or its record reused, because the consensus module has ended. */
  get isClosed(): boolean {
    return !isCounterAlive(this.#counters, this.#counter)
  }
}
