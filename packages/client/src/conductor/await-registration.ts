import { blockMs } from '../cnc/cnc-connect.ts'
import { toError } from '../to-error.ts'
import type { ClientConductor } from './client-conductor.ts'
import type { Registration } from './registration.ts'

/** Pause between turns of the conductor, in milliseconds. Source: Aeron's `Aeron.Configuration.AWAITING_IDLE_SLEEP_MS`. */
const AWAITING_MS = 1

/**
 * Waits for the answer to a command.
 *
 * @param cancel gives the command up, when the signal is aborted
 */
export function awaitRegistration<T, E>(
  registration: Registration<T, E>,
  cancel: () => void,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel()
      // The reason of a signal is the application's: what it is rejected with by convention, whatever it is.
      // oxlint-disable-next-line prefer-promise-reject-errors
      reject(signal?.reason)
    }
    registration.whenSettled(() => {
      signal?.removeEventListener('abort', onAbort)
      try {
        resolve(registration.result() as T)
      } catch (error) {
        reject(toError(error))
      }
    })
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Waits for the answer to a command by running the conductor on this thread; the deadline of the command ends it. */
export function awaitRegistrationSync<T, E>(registration: Registration<T, E>, conductor: ClientConductor): T {
  // Settled here, so its failure need not be kept for anyone else.
  registration.whenSettled(() => {})
  for (;;) {
    conductor.doWork()
    if (registration.isSettled) return registration.result() as T
    blockMs(AWAITING_MS)
  }
}
