import type { ArchiveError } from '../archive-error.ts'
import type { ArrivalOrder, Arrived } from './arrival-order.ts'

/** Number of errors that are remembered. Ours: more than arrive between a response and the code that then waits for errors. */
const MAX_REMEMBERED = 100

/** Called with a late error of a request. */
export type LateErrorHandler = (error: ArchiveError) => void

/** Errors that the archive sends after it has answered a request with an OK, such as a replication that fails half-way. */
export class LateErrors {
  readonly #handlers = new Map<bigint, Set<LateErrorHandler>>()
  readonly #remembered: { readonly correlationId: bigint; readonly error: Arrived<ArchiveError> }[] = []
  readonly #order: ArrivalOrder

  /** @param order numbers the errors, and the signals that arrive between them */
  constructor(order: ArrivalOrder) {
    this.#order = order
  }

  /** Adds a handler for the late errors of a request. */
  add(correlationId: bigint, handler: LateErrorHandler): void {
    const handlers = this.#handlers.get(correlationId) ?? new Set()
    this.#handlers.set(correlationId, handlers.add(handler))
  }

  /** Removes a handler; does nothing if it is not there. */
  remove(correlationId: bigint, handler: LateErrorHandler): void {
    const handlers = this.#handlers.get(correlationId)
    handlers?.delete(handler)
    if (handlers?.size === 0) this.#handlers.delete(correlationId)
  }

  /** Passes an error to the handlers of its request. @returns whether there was one */
  take(correlationId: bigint, error: ArchiveError): boolean {
    this.#remembered.push({ correlationId, error: this.#order.stamp(error) })
    if (this.#remembered.length > MAX_REMEMBERED) this.#remembered.shift()
    const handlers = this.#handlers.get(correlationId)
    for (const handler of handlers ?? []) handler(error)
    return handlers !== undefined
  }

  /** Finds the first remembered error of a request. */
  find(correlationId: bigint): Arrived<ArchiveError> | undefined {
    return this.#remembered.find((each) => each.correlationId === correlationId)?.error
  }
}
