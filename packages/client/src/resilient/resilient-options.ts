import type { Aeron } from '../aeron.ts'
import type { AeronOptions } from '../aeron-options.ts'
import type { ResilientResource } from './resilient-resource.ts'

/** Options for connecting to a media driver, and for reconnecting. */
export interface ResilientAeronOptions extends Omit<
  AeronOptions,
  'closeHandler' | 'useConductorAgentInvoker'
> {
  /** Pause between attempts to connect, and to add what the driver has rejected, in milliseconds. @default 500 */
  readonly retryIntervalMs?: number
  /** Called once for each loss of the driver with the error that closed the client: `DRIVER_TIMEOUT`, `CLIENT_TIMEOUT`, `CONDUCTOR_SERVICE_TIMEOUT` ... */
  readonly onDisconnect?: (cause: Error) => void
  /** Called when there is a new client, and everything has been added to it again. */
  readonly onReconnect?: (aeron: Aeron) => void
  /** Called after each failed attempt, which is then repeated: without `resource` if there is no driver yet, with it if the driver rejected it. */
  readonly onRetry?: (error: Error, resource: ResilientResource | undefined) => void
}

/** {@link ResilientAeronOptions}, parted into what is the client's and what is ours. */
export interface ResilientPlan {
  readonly aeron: AeronOptions
  readonly retryIntervalMs: number
  readonly onDisconnect: ((cause: Error) => void) | undefined
  readonly onReconnect: ((aeron: Aeron) => void) | undefined
  readonly onRetry: ((error: Error, resource: ResilientResource | undefined) => void) | undefined
}

/** Parts the options, and checks ours. @throws RangeError for an interval out of bounds */
export function planResilience(options: ResilientAeronOptions): ResilientPlan {
  const { retryIntervalMs = 500, onDisconnect, onReconnect, onRetry, ...aeron } = options
  if (!Number.isFinite(retryIntervalMs) || retryIntervalMs < 1 || retryIntervalMs > 0x7fff_ffff) {
    throw new RangeError(
      `Cannot connect to Aeron: retryIntervalMs must be from 1 to ${0x7fff_ffff}, current value is ${retryIntervalMs}`,
    )
  }
  return { aeron, retryIntervalMs, onDisconnect, onReconnect, onRetry }
}
