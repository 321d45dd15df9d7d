import type { AtomicCounter, DistinctErrorLog } from '@x/atomic/status'

/** Counts errors, records them in the mark file, and passes them to the application's handler. Source: Agrona's CountedErrorHandler. */
export class CountedErrorHandler {
  readonly #errorLog: Pick<DistinctErrorLog, 'record'>
  readonly #counter: Pick<AtomicCounter, 'increment'>
  readonly #errorHandler: ((error: Error) => void) | undefined

  constructor(
    errorLog: Pick<DistinctErrorLog, 'record'>,
    counter: Pick<AtomicCounter, 'increment'>,
    errorHandler: ((error: Error) => void) | undefined,
  ) {
    this.#errorLog = errorLog
    this.#counter = counter
    this.#errorHandler = errorHandler
  }

  /** Anything can be thrown in JavaScript: what is not an Error becomes one. */
  onError(thrown: unknown): void {
    const error = asError(thrown)
    this.#counter.increment()
    this.record(error)
    try {
      this.#errorHandler?.(error)
    } catch (handlerError) {
      // Reporting must not stop what is reported on; the mark file tells that the handler failed.
      this.record(asError(handlerError))
    }
  }

  /** Records what is worth telling an operator but is no error of this container. */
  record(error: Error): void {
    this.#errorLog.record(error)
  }
}

/** The thrown value itself when it is an Error, else an Error with it as its cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error(`Thrown value is not an Error: ${String(thrown)}`, { cause: thrown })
}
