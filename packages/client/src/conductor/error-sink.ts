import { toError } from '../to-error.ts'

/** Where errors that no caller waits for go: the error handler, or, without one, to the next call that can throw. */
export class ErrorSink {
  readonly #handler: ((error: Error) => void) | undefined
  #kept: Error | undefined
  #inCallback = false

  constructor(handler: ((error: Error) => void) | undefined) {
    this.#handler = handler
  }

  /** Whether a callback of the application is running on the conductor. */
  get inCallback(): boolean {
    return this.#inCallback
  }

  /** Hands an error over. Of those that no handler takes, the first is kept: the others tend to follow from it. */
  readonly report = (thrown: unknown): void => {
    const error = toError(thrown)
    const handler = this.#handler
    if (handler === undefined) {
      this.#kept ??= error
      return
    }
    const outer = this.#inCallback
    this.#inCallback = true
    try {
      handler(error)
    } finally {
      this.#inCallback = outer
    }
  }

  /**
   * Runs a callback of the application; what it throws is reported. What the error handler throws then goes to the event loop: it must not
   * leave the conductor half-way through an event or a close.
   */
  runCallback(callback: () => void): void {
    const outer = this.#inCallback
    this.#inCallback = true
    try {
      callback()
    } catch (error) {
      try {
        this.report(error)
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown
        })
      }
    } finally {
      this.#inCallback = outer
    }
  }

  /** The error that no handler took, once. */
  takeKept(): Error | undefined {
    const kept = this.#kept
    this.#kept = undefined
    return kept
  }
}
