import { toError } from '../to-error.ts'
import { awaitRegistration, awaitRegistrationSync } from './await-registration.ts'
import type { ClientConductor } from './client-conductor.ts'
import type { Registration } from './registration.ts'

/** A command on its way, and the ways to wait for its answer. */
export class SentCommand<T> {
  readonly #registration: Registration<T, never>
  readonly #conductor: ClientConductor
  readonly #cancel: () => void

  /** @param cancel gives the command up, when waiting for it is aborted */
  constructor(registration: Registration<T, never>, conductor: ClientConductor, cancel: () => void) {
    this.#registration = registration
    this.#conductor = conductor
    this.#cancel = cancel
  }

  get correlationId(): bigint {
    return this.#registration.correlationId
  }

  /** Waits for nothing: a failure goes to `onFailure`, by default the client's error handler. Gives the correlation id. */
  detach(onFailure: (error: Error) => void = this.#conductor.state.errors.report): bigint {
    const registration = this.#registration
    registration.whenSettled(() => {
      try {
        registration.result()
      } catch (error) {
        // What is pending when the client is closed fails too, which is nothing to report.
        if (!this.#conductor.isClosed) onFailure(toError(error))
      }
    })
    return registration.correlationId
  }

  wait(signal?: AbortSignal): Promise<T> {
    return awaitRegistration(this.#registration, this.#cancel, signal)
  }

  waitSync(): T {
    return awaitRegistrationSync(this.#registration, this.#conductor)
  }
}
