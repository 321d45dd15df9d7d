import { SleepingMillisIdleStrategy } from '@x/idlestrategy'
import { ArchiveError } from '../archive-error.ts'

/** Between two turns of a wait that blocks, in milliseconds. Ours: the least that a park is good for. */
const SYNC_STEP_MS = 1

/** The steps of a request: each `next()` is one look at whether it is done; they throw when it fails. */
export type RequestSteps<T> = Generator<undefined, T, undefined>

/** Makes requests progress. */
export interface RequestDriver {
  /** One turn: takes in what the archive has answered. Returns how much was done. */
  doWork(): number
  /** Takes turns on the event loop until `advance` returns true. */
  wait(advance: () => boolean): void
}

/**
 * A request to the archive, which has already been sent. There are three ways to get its result:
 *
 * - `await request` on the event loop;
 * - `request.poll()` until it returns true, then `request.result`, for an agent that must not block;
 * - `request.waitSync()`, for a thread that may block.
 *
 * Failures are an {@link ArchiveError}. A request may also be ignored: if it fails unobserved, nothing happens.
 */
export class ArchiveRequest<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'ArchiveRequest'
  /** Correlation id of the request, which is also in its later errors and recording signals. */
  readonly correlationId: bigint
  readonly #driver: RequestDriver
  readonly #steps: RequestSteps<T>
  #outcome: { readonly value: T } | { readonly error: unknown } | undefined = undefined
  #promise: Promise<T> | undefined = undefined
  #isAdvancing = false
  // Lets go of the signals that could give the request up.
  #detach: (() => void) | undefined = undefined

  constructor(driver: RequestDriver, correlationId: bigint, steps: RequestSteps<T>) {
    this.#driver = driver
    this.correlationId = correlationId
    this.#steps = steps
    this.#advance()
  }

  /** Whether the request has completed, successfully or not. */
  get isDone(): boolean {
    return this.#outcome !== undefined
  }

  /**
   * The result of the request.
   *
   * @throws ArchiveError the error of the request, or REQUEST_PENDING before {@link isDone}
   */
  get result(): T {
    if (this.#outcome === undefined) {
      const { correlationId } = this
      throw new ArchiveError(
        'REQUEST_PENDING',
        `Cannot get the result of request ${correlationId}: it is pending, poll until it is done`,
        { correlationId },
      )
    }
    if ('error' in this.#outcome) throw this.#outcome.error
    return this.#outcome.value
  }

  /** Does one turn of the archive client; does not throw if the request has failed. @returns whether the request has completed */
  poll(): boolean {
    if (this.#outcome === undefined) {
      this.#driver.doWork()
      this.#advance()
    }
    return this.isDone
  }

  /** Cancels the request: it fails with REQUEST_CANCELLED, and whatever it had created is removed. Does nothing once it has completed. */
  cancel(): void {
    const { correlationId } = this
    this.#giveUp(
      () =>
        new ArchiveError(
          'REQUEST_CANCELLED',
          `Cannot end request ${correlationId}: the application gave it up`,
          { correlationId },
        ),
    )
  }

  /**
   * Cancels the request when `signal` is aborted, as {@link cancel} does; it then fails with the reason of the signal. Returns the request:
   * `await archive.listRecordings(0n, 10).withSignal(AbortSignal.timeout(500))`.
   */
  withSignal(signal: AbortSignal): this {
    const onAbort = (): void => this.#giveUp(() => signal.reason as unknown)
    if (signal.aborted) onAbort()
    if (this.isDone) return this
    const detachOthers = this.#detach
    signal.addEventListener('abort', onAbort)
    this.#detach = () => {
      detachOthers?.()
      signal.removeEventListener('abort', onAbort)
    }
    return this
  }

  /**
   * Blocks the calling thread until the request has completed, and returns its result.
   *
   * @throws ArchiveError the error of the request
   */
  waitSync(): T {
    const idleStrategy = new SleepingMillisIdleStrategy(SYNC_STEP_MS)
    while (!this.poll()) idleStrategy.idle()
    return this.result
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise that also can be polled
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#asPromise().then(onFulfilled, onRejected)
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#asPromise().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#asPromise().finally(onFinally)
  }

  #advance(): boolean {
    if (this.#outcome !== undefined || this.#isAdvancing) return this.isDone
    this.#isAdvancing = true
    try {
      const { done, value } = this.#steps.next()
      if (done === true) this.#end({ value })
    } catch (error) {
      this.#end({ error })
    }
    this.#isAdvancing = false
    // It may have been given up by a callback of the step.
    if (this.isDone) this.#steps.return(undefined as never)
    return this.isDone
  }

  #giveUp(reason: () => unknown): void {
    if (this.#outcome !== undefined) return
    this.#end({ error: reason() })
    if (!this.#isAdvancing) this.#steps.return(undefined as never)
  }

  #end(outcome: { readonly value: T } | { readonly error: unknown }): void {
    this.#outcome ??= outcome
    this.#detach?.()
    this.#detach = undefined
  }

  // Made on demand, so that a request that is polled has no promise that could be rejected unseen.
  #asPromise(): Promise<T> {
    this.#promise ??= new Promise<T>((resolve, reject) => {
      const settle = (): boolean => {
        if (!this.#advance()) return false
        try {
          resolve(this.result)
        } catch (error) {
          reject(error as Error)
        }
        return true
      }
      if (!settle()) this.#driver.wait(settle)
    })
    return this.#promise
  }
}
