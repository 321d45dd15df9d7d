import type { NanoClock } from '@x/idlestrategy'

const NS_PER_MS = 1e6

/** Work that waits for others, written down in its order: each `next()` is one look at whether it can go on. */
export type Steps<T> = Generator<undefined, T, undefined>

/** What can be asked for its outcome until it has one, as a request to the archive. */
export interface Pollable<T> {
  poll(): boolean
  readonly result: T
}

/** The steps until a request has ended; they give its result, and throw what it failed with. */
export function* resultOf<T>(request: Pollable<T>): Steps<T> {
  while (!request.poll()) yield undefined
  return request.result
}

/** The steps until `look` returns a value. */
export function* untilFound<T>(look: () => T | undefined): Steps<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    yield undefined
  }
}

/** The time, in nanoseconds of the clock, after which a wait of `timeoutMs` is over. */
export function deadlineAfter(clock: NanoClock, timeoutMs: number): bigint {
  return clock.nanoTime() + BigInt(Math.ceil(timeoutMs * NS_PER_MS))
}

/** Steps on their way: polled until they have a value, or given up, which runs what they have to clean up. */
export class SteppedTask<T> {
  readonly #steps: Steps<T>
  #outcome: { readonly value: T } | undefined

  constructor(steps: Steps<T>) {
    this.#steps = steps
  }

  /** Takes one look. The value, wrapped, once there is one. Throws what the steps throw. */
  poll(): { readonly value: T } | undefined {
    if (this.#outcome === undefined) {
      const { done, value } = this.#steps.next()
      if (done === true) this.#outcome = { value }
    }
    return this.#outcome
  }

  /** Abandons the steps; does nothing when they have ended. */
  close(): void {
    this.#steps.return(undefined as never)
  }
}
