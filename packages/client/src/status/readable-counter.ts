import { type CountersReader, RECORD_ALLOCATED } from '@x/atomic/status'

/**
 * Reads a counter that someone else owns; corresponds to Aeron's `ReadableCounter`. It remembers the registration id, so it counts as closed once the record has been
 * reused for another counter.
 */
export class ReadableCounter implements Disposable {
  readonly id: number
  readonly registrationId: bigint
  readonly #countersReader: CountersReader
  #closed = false

  /**
   * @param registrationId registration id of the counter; by default that of the counter which has this id now
   * @throws RangeError when there is no such counter now
   */
  constructor(
    countersReader: CountersReader,
    id: number,
    registrationId: bigint = countersReader.getCounterRegistrationId(id),
  ) {
    this.id = id
    this.registrationId = registrationId
    this.#countersReader = countersReader
    if (this.isClosed) {
      throw new RangeError(
        `Cannot read counter ${id}: it must be allocated with the registration id ${registrationId}, its state is ${countersReader.getCounterState(id)} and its registration id ${countersReader.getCounterRegistrationId(id)}`,
      )
    }
  }

  /** Whether this object has been closed, or the counter freed. */
  get isClosed(): boolean {
    if (this.#closed) return true
    return (
      this.#countersReader.getCounterState(this.id) !== RECORD_ALLOCATED ||
      this.#countersReader.getCounterRegistrationId(this.id) !== this.registrationId
    )
  }

  /** The label of the counter; that of another one once the counter has been freed and its record reused. */
  get label(): string {
    return this.#countersReader.getCounterLabel(this.id)
  }

  /** The value. For a freed counter it is whatever its record contains, so check {@link isClosed} afterwards. */
  get(): bigint {
    return this.#countersReader.getCounterValue(this.id)
  }

  /** Stops reading. The counter itself belongs to its owner. */
  close(): void {
    this.#closed = true
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
