import type { ArchiveError } from '../archive-error.ts'
import type { ArrivalOrder, Arrived } from './arrival-order.ts'

/** Errors that are remembered for who comes to ask for one. Ours: more than come between an answer and the code that waits for what follows. */
const MAX_REMEMBERED = 100

/** Told what the archive says late about a request. */
export type LateErrorHandler = (error: ArchiveError) => void

/** Errors that the archive sends after it has answered a request with an OK, such as a replication that fails half-way. */
export class LateErrors {
  readonly #handlers = new Map<bigint, Set<LateErrorHandler>>()
  readonly #remembered: { readonly correlationId: bigint; readonly error: Arrived<ArchiveError> }[] = []
  readonly #order: ArrivalOrder

  /** @param order what numbers the errors, and the signals that come between them */
  constructor(order: ArrivalOrder) {
    this.#order = order
  }

  /** Tells a handler what comes late for a request. */
  add(correlationId: bigint, handler: LateErrorHandler): void {
    const handlers = this.#handlers.get(correlationId) ?? new Set()
    this.#handlers.set(correlationId, handlers.add(handler))
  }

  /** Removes a handler; quiet when it is not there. */
  remove(correlationId: bigint, handler: LateErrorHandler): void {
    const handlers = this.#handlers.get(correlationId)
    handlers?.delete(handler)
    if (handlers?.size === 0) this.#handlers.delete(correlationId)
  }

  /** An error has come. Returns whether there was a handler. */
  take(correlationId: bigint, error: ArchiveError): boolean {
    this.#remembered.push({ correlationId, error: this.#order.stamp(error) })
    if (this.#remembered.length > MAX_REMEMBERED) this.#remembered.shift()
    const handlers = this.#handlers.get(correlationId)
    for (const handler of handlers ?? []) handler(error)
    return handlers !== undefined
  }

  /** The first of the remembered errors of a request. */
  find(correlationId: bigint): Arrived<ArchiveError> | undefined {
    return this.#remembered.find((each) => each.correlationId === correlationId)?.error
  }
}
