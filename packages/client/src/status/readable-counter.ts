import { type CountersReader, RECORD_ALLOCATED } from '@x/atomic/status'

/**
 * A counter that someone else owns, to read: Aeron's `ReadableCounter`. It remembers the registration id, so that a record given to
 * another counter in the meantime counts as closed.
 */
export class ReadableCounter implements Disposable {
  readonly id: number
  readonly registrationId: bigint
  readonly #countersReader: CountersReader
  #closed = false

  /**
   * @param registrationId that of the counter, for an id that was remembered; by default that of whichever has the id now
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

  /** Whether this object was closed, or the counter freed. */
  get isClosed(): boolean {
    if (this.#closed) return true
    return (
      this.#countersReader.getCounterState(this.id) !== RECORD_ALLOCATED ||
      this.#countersReader.getCounterRegistrationId(this.id) !== this.registrationId
    )
  }

  /** The label of the counter; that of another once the counter is freed and its record used again. */
  get label(): string {
    return this.#countersReader.getCounterLabel(this.id)
  }

  /** The value; of a freed counter, whatever its record holds, so look at {@link isClosed} afterwards. */
  get(): bigint {
    return this.#countersReader.getCounterValue(this.id)
  }

  /** Stops reading; the counter itself is its owner's. */
  close(): void {
    this.#closed = true
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
