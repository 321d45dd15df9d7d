import { AtomicCounter, type CountersReader } from '@x/atomic/status'

/** @internal What the conductor gives a new counter. */
export interface CounterParts {
  readonly countersReader: CountersReader
  readonly id: number
  readonly registrationId: bigint
  /** Tells the conductor that the application is done with it. */
  readonly onClose: (counter: Counter) => void
}

/**
 * A counter owned by this client, visible to every process that uses the driver; corresponds to Aeron's `Counter`. It is freed when it, or its client, is closed. As
 * its record may then be reused, a closed counter keeps its last value and ignores writes.
 */
export class Counter implements Disposable {
  readonly id: number
  /** Id of the command that added this counter. */
  readonly registrationId: bigint
  readonly #countersReader: CountersReader
  readonly #counter: AtomicCounter
  readonly #onClose: (counter: Counter) => void
  #closed = false
  #valueAtClose = 0n

  /** @internal */
  constructor(parts: CounterParts) {
    this.id = parts.id
    this.registrationId = parts.registrationId
    this.#countersReader = parts.countersReader
    this.#counter = new AtomicCounter(parts.countersReader.valuesBuffer, parts.id)
    this.#onClose = parts.onClose
  }

  /** Whether this counter, or its client, has been closed. */
  get isClosed(): boolean {
    return this.#closed
  }

  /** The label with which it was added. */
  get label(): string {
    return this.#closed ? '' : this.#countersReader.getCounterLabel(this.id)
  }

  get(): bigint {
    return this.#closed ? this.#valueAtClose : this.#counter.get()
  }

  set(value: bigint): void {
    if (!this.#closed) this.#counter.set(value)
  }

  /** Sets the value with release ordering. */
  setRelease(value: bigint): void {
    if (!this.#closed) this.#counter.setRelease(value)
  }

  /** Adds 1. @returns the previous value */
  increment(): bigint {
    return this.getAndAdd(1n)
  }

  /** Subtracts 1. @returns the previous value */
  decrement(): bigint {
    return this.getAndAdd(-1n)
  }

  /** Adds `delta`. @returns the previous value */
  getAndAdd(delta: bigint): bigint {
    return this.#closed ? this.#valueAtClose : this.#counter.getAndAdd(delta)
  }

  /** Sets `update` if the value is `expected`. @returns whether it did */
  compareAndSet(expected: bigint, update: bigint): boolean {
    return !this.#closed && this.#counter.compareAndSet(expected, update)
  }

  /** Closes the counter; does nothing when already closed. */
  close(): void {
    if (this.#closed) return
    this.#onClose(this)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** @internal The conductor has let go of this counter. */
  markClosed(): void {
    if (this.#closed) return
    this.#valueAtClose = this.#counter.get()
    this.#closed = true
  }
}
