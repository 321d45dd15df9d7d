import { type EpochClock, type NanoClock, systemEpochClock, systemNanoClock } from '@x/idlestrategy'
import { existsSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { CounterHandler } from './conductor/counter-handlers.ts'
import type { ImageHandler } from './subscription.ts'

/** How to connect to a driver: Java's `Aeron.Context`. */
export interface AeronOptions {
  /** Directory of the driver. @default the environment's AERON_DIR, or `/dev/shm/aeron-<user>`, or `aeron-<user>` in the temporary directory */
  readonly aeronDirectory?: string
  /** Longest silence of the driver that is not an error, and longest wait for its answers, in milliseconds. @default 10_000 */
  readonly driverTimeoutMs?: number
  /** How often the client shows the driver that it is alive, in milliseconds. @default 500 */
  readonly keepAliveIntervalMs?: number
  /** How long the conductor sleeps when nothing is pending, in milliseconds, up to 1000. @default 16 */
  readonly idleSleepDurationMs?: number
  /** How long the log of an image that has gone stays mapped, for handlers that still read it, in milliseconds. @default 3_000 */
  readonly resourceLingerDurationMs?: number
  /** Name of the client in the label of its heartbeat counter, up to 100 characters. @default '' */
  readonly clientName?: string
  /**
   * Takes errors of the conductor and of handlers. Without one, an error of a fragment handler is thrown to the caller of the poll, that of
   * another callback by the next call that can throw, and the error that ended the client is the `cause` of every later `CLIENT_CLOSED`.
   * What it throws itself about a fragment handler goes to the caller of the poll, and about another callback to the event loop.
   */
  readonly errorHandler?: (error: Error) => void
  /** Whether the application drives the conductor, through `aeron.conductorAgentInvoker`, instead of timers. @default false */
  readonly useConductorAgentInvoker?: boolean
  /** For subscriptions added without a handler of their own. */
  readonly availableImageHandler?: ImageHandler
  /** For subscriptions added without a handler of their own. */
  readonly unavailableImageHandler?: ImageHandler
  /** Told of each counter of any client that becomes available. */
  readonly availableCounterHandler?: CounterHandler
  /** Told of each counter of any client that goes. */
  readonly unavailableCounterHandler?: CounterHandler
  /** Told once that the client is closed, by the application or by an error. */
  readonly closeHandler?: () => void
  /** The time of day, shared with the driver. @default the system's */
  readonly epochClock?: EpochClock
  /** What intervals are measured by. @default the system's */
  readonly nanoClock?: NanoClock
}

type Handlers =
  | 'errorHandler'
  | 'availableImageHandler'
  | 'unavailableImageHandler'
  | 'availableCounterHandler'
  | 'unavailableCounterHandler'
  | 'closeHandler'

/** {@link AeronOptions} with every value there; only handlers may be missing. */
export type ResolvedAeronOptions = Readonly<
  Required<Omit<AeronOptions, Handlers>> & { [H in Handlers]: AeronOptions[H] | undefined }
>

/** Longest client name, in characters. Protocol: Aeron's `Aeron.Configuration.MAX_CLIENT_NAME_LENGTH`. */
const MAX_CLIENT_NAME_LENGTH = 100

const DEFAULTS = {
  driverTimeoutMs: 10_000,
  keepAliveIntervalMs: 500,
  idleSleepDurationMs: 16,
  resourceLingerDurationMs: 3_000,
  clientName: '',
  useConductorAgentInvoker: false,
  epochClock: systemEpochClock,
  nanoClock: systemNanoClock,
  errorHandler: undefined,
  availableImageHandler: undefined,
  unavailableImageHandler: undefined,
  availableCounterHandler: undefined,
  unavailableCounterHandler: undefined,
  closeHandler: undefined,
} satisfies Omit<ResolvedAeronOptions, 'aeronDirectory'>

/** Directory that a driver of this user uses by default. Source: Aeron's `CommonContext`. */
export function defaultAeronDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['AERON_DIR']
  if (given !== undefined && given !== '') return given
  const base = process.platform === 'linux' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  return join(base, `aeron-${userName()}`)
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user id without an account, as containers have: the driver falls back to this too.
    return 'default'
  }
}

function checkDuration(name: string, valueMs: number, minMs: number, maxMs: number): void {
  if (Number.isFinite(valueMs) && valueMs >= minMs && valueMs <= maxMs) return
  throw new RangeError(
    `Cannot connect to Aeron: ${name} must be from ${minMs} to ${maxMs} milliseconds, current value is ${valueMs}`,
  )
}

/**
 * Fills in the defaults and checks the options; the object given is left as it is.
 *
 * @throws RangeError for a value out of bounds
 */
export function resolveAeronOptions(options: AeronOptions = {}): ResolvedAeronOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved: ResolvedAeronOptions = {
    aeronDirectory: options.aeronDirectory ?? defaultAeronDirectory(),
    ...DEFAULTS,
    ...given,
  }
  const maxTimerMs = 0x7fff_ffff
  checkDuration('driverTimeoutMs', resolved.driverTimeoutMs, 1, maxTimerMs)
  checkDuration('keepAliveIntervalMs', resolved.keepAliveIntervalMs, 1, maxTimerMs)
  checkDuration('idleSleepDurationMs', resolved.idleSleepDurationMs, 0, 1_000)
  checkDuration('resourceLingerDurationMs', resolved.resourceLingerDurationMs, 0, maxTimerMs)
  if (resolved.aeronDirectory === '') {
    throw new RangeError('Cannot connect to Aeron: aeronDirectory must not be empty')
  }
  if (resolved.clientName.length > MAX_CLIENT_NAME_LENGTH) {
    throw new RangeError(
      `Cannot connect to Aeron: clientName must be at most ${MAX_CLIENT_NAME_LENGTH} characters, current length is ${resolved.clientName.length}`,
    )
  }
  return resolved
}
