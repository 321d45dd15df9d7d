/** What a registration came to. */
type Outcome<T> = { readonly value: T } | { readonly error: Error }

/**
 * A command on its way: its id, what it makes of the driver's answer, and what came of it.
 *
 * @typeParam T what the application gets
 * @typeParam E the driver's answer
 */
export class Registration<T, E> {
  readonly correlationId: bigint
  /** What the application asked for, to go after "Cannot" in messages. */
  readonly action: string
  /** When the answer is overdue, on the conductor's clock. */
  readonly deadlineMs: number
  /** Makes what the application gets from the answer. */
  readonly make: (answer: E) => T
  #outcome: Outcome<T> | undefined
  #onSettled: (() => void) | undefined

  constructor(correlationId: bigint, action: string, deadlineMs: number, make: (answer: E) => T) {
    this.correlationId = correlationId
    this.action = action
    this.deadlineMs = deadlineMs
    this.make = make
  }

  get isSettled(): boolean {
    return this.#outcome !== undefined
  }

  /** Whether somebody is told when the answer comes; else it must be asked for. */
  get isAwaited(): boolean {
    return this.#onSettled !== undefined
  }

  succeed(value: T): void {
    this.#settle({ value })
  }

  fail(error: Error): void {
    this.#settle({ error })
  }

  /** Asks to be told, once, when the answer has come. */
  whenSettled(callback: () => void): void {
    this.#onSettled = callback
  }

  /** What it came to, `undefined` while on its way. @throws what went wrong */
  result(): T | undefined {
    const outcome = this.#outcome
    if (outcome === undefined) return undefined
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  #settle(outcome: Outcome<T>): void {
    this.#outcome = outcome
    this.#onSettled?.()
  }
}
