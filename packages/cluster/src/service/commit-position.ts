import { Position, type CountersReader } from '@x/atomic/status'
import { isCounterAlive, type FoundCounter } from './cluster-counters.ts'

/** The position up to which the log may be read, as the consensus module's counter tells it. */
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

  /** Whether the counter was freed, or its slot given to another: the consensus module is gone. */
  get isClosed(): boolean {
    return !isCounterAlive(this.#counters, this.#counter)
  }
}
