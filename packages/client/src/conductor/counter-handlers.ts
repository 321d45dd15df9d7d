import type { CountersReader } from '@x/atomic/status'
import type { ErrorSink } from './error-sink.ts'

/** Told of a counter that became available, or is no longer. Runs on the conductor: it must not send commands or wait. */
export type CounterHandler = (
  countersReader: CountersReader,
  registrationId: bigint,
  counterId: number,
) => void

/** The listeners to counters of all clients, in the order they were added. */
export class CounterHandlers {
  readonly #countersReader: CountersReader
  readonly #errors: ErrorSink
  // Replaced, never changed, so that a handler may add and remove handlers.
  #available: readonly CounterHandler[] = []
  #unavailable: readonly CounterHandler[] = []

  constructor(countersReader: CountersReader, errors: ErrorSink) {
    this.#countersReader = countersReader
    this.#errors = errors
  }

  addAvailable(handler: CounterHandler): void {
    this.#available = [...this.#available, handler]
  }

  /** Removes a handler, and tells whether it was there. */
  removeAvailable(handler: CounterHandler): boolean {
    const before = this.#available
    this.#available = before.filter((other) => other !== handler)
    return this.#available.length < before.length
  }

  addUnavailable(handler: CounterHandler): void {
    this.#unavailable = [...this.#unavailable, handler]
  }

  /** Removes a handler, and tells whether it was there. */
  removeUnavailable(handler: CounterHandler): boolean {
    const before = this.#unavailable
    this.#unavailable = before.filter((other) => other !== handler)
    return this.#unavailable.length < before.length
  }

  onAvailable(registrationId: bigint, counterId: number): void {
    this.#tell(this.#available, registrationId, counterId)
  }

  onUnavailable(registrationId: bigint, counterId: number): void {
    this.#tell(this.#unavailable, registrationId, counterId)
  }

  #tell(handlers: readonly CounterHandler[], registrationId: bigint, counterId: number): void {
    for (const handler of handlers) {
      this.#errors.runCallback(() => handler(this.#countersReader, registrationId, counterId))
    }
  }
}
