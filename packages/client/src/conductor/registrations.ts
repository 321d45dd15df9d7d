import { AeronError } from '../aeron-error.ts'
import { toError } from '../to-error.ts'
import type { Registration } from './registration.ts'

/**
 * The commands of one kind that the driver has not answered, by correlation id, and the failures that nobody has asked for yet.
 *
 * One that is given up (timed out, aborted, cancelled) may still succeed: the driver may only have been slow. Then what it made is removed.
 *
 * @typeParam T what the application gets
 * @typeParam E the driver's answer
 */
export class Registrations<T, E> {
  readonly #pending = new Map<bigint, Registration<T, E>>()
  readonly #failed = new Map<bigint, Registration<T, E>>()
  readonly #givenUp = new Set<bigint>()
  readonly #remove: (registrationId: bigint) => void

  /** @param remove sends the command that undoes a success that nobody waits for */
  constructor(remove: (registrationId: bigint) => void) {
    this.#remove = remove
  }

  get hasPending(): boolean {
    return this.#pending.size > 0
  }

  isPending(correlationId: bigint): boolean {
    return this.#pending.has(correlationId)
  }

  add(registration: Registration<T, E>): void {
    this.#pending.set(registration.correlationId, registration)
  }

  /** The driver's answer; tells whether it was to one of these. */
  onReady(correlationId: bigint, answer: E): boolean {
    const registration = this.#take(correlationId)
    if (registration === undefined) {
      if (!this.#givenUp.delete(correlationId)) return false
      this.#remove(correlationId)
      return true
    }
    let value: T
    try {
      value = registration.make(answer)
    } catch (error) {
      // The driver has it, but it cannot be used here.
      this.#remove(correlationId)
      this.#fail(registration, toError(error))
      return true
    }
    registration.succeed(value)
    return true
  }

  /** The driver's refusal; tells whether it was to one of these. */
  onError(correlationId: bigint, toError: (action: string) => Error): boolean {
    const registration = this.#take(correlationId)
    if (registration === undefined) return this.#givenUp.delete(correlationId)
    this.#fail(registration, toError(registration.action))
    return true
  }

  /** Gives a pending command up; tells whether it was pending. */
  giveUp(correlationId: bigint, error: Error): boolean {
    const registration = this.#take(correlationId)
    if (registration === undefined) return false
    this.#givenUp.add(correlationId)
    this.#fail(registration, error)
    return true
  }

  /** Forgets a command, pending or failed; tells whether it was pending. */
  cancel(correlationId: bigint): boolean {
    this.#failed.delete(correlationId)
    if (!this.#pending.delete(correlationId)) return false
    this.#givenUp.add(correlationId)
    return true
  }

  /** Gives up what is overdue; the ids of what was. */
  expire(nowMs: number, driverTimeoutMs: number): bigint[] {
    const overdue = [...this.#pending.values()].filter(({ deadlineMs }) => deadlineMs < nowMs)
    for (const { correlationId, action } of overdue) {
      const message = `Cannot ${action}: the driver must answer within ${driverTimeoutMs} ms, and has not; look at its load and its error log`
      this.giveUp(
        correlationId,
        new AeronError('COMMAND_TIMEOUT', message, { correlationId, driverTimeoutMs }),
      )
    }
    return overdue.map(({ correlationId }) => correlationId)
  }

  /** Fails all that is pending: the client is closed. */
  failAll(error: Error): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    this.#givenUp.clear()
    for (const registration of pending) registration.fail(error)
  }

  /** Throws, once, the failure of a command that nobody was told of. */
  throwFailure(correlationId: bigint): void {
    const registration = this.#failed.get(correlationId)
    if (registration === undefined) return
    this.#failed.delete(correlationId)
    registration.result()
  }

  #take(correlationId: bigint): Registration<T, E> | undefined {
    const registration = this.#pending.get(correlationId)
    if (registration !== undefined) this.#pending.delete(correlationId)
    return registration
  }

  #fail(registration: Registration<T, E>, error: Error): void {
    if (!registration.isAwaited) this.#failed.set(registration.correlationId, registration)
    registration.fail(error)
  }
}
