import { type EpochClock, type NanoClock, systemEpochClock, systemNanoClock } from '@x/idlestrategy'
import { defaultAeronDirectory, readEnvironment } from './aeron-environment.ts'
import type { CounterHandler } from './conductor/counter-handlers.ts'
import type { ConductorStall } from './conductor/service-interval.ts'
import type { PublicationErrorFrameHandler } from './publication-error-frame.ts'
import type { ImageHandler } from './subscription/subscription.ts'

/**
 * How to connect to a driver: Java's `Aeron.Context`. What is not given comes from the environment, by the names of Aeron's C client
 * (AERON_DIR, AERON_DRIVER_TIMEOUT, AERON_CLIENT_NAME, AERON_CLIENT_IDLE_SLEEP_DURATION, AERON_CLIENT_RESOURCE_LINGER_DURATION,
 * AERON_CLIENT_CLOSE_LINGER_DURATION, AERON_CLIENT_PRE_TOUCH_MAPPED_MEMORY), and then from the defaults.
 */
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
  /** How long logs stay mapped after the client is closed, for handlers and claims that still use them, in milliseconds. @default 0 */
  readonly closeLingerDurationMs?: number
  /** Whether each page of a log is touched when it is mapped, so that later writes cause no page fault. @default false */
  readonly preTouchMappedMemory?: boolean
  /** Name of the client in the label of its heartbeat counter, up to 100 characters. @default '' */
  readonly clientName?: string
  /**
   * Takes errors of the conductor and of handlers. Without one, an error of a fragment handler is thrown to the caller of the poll, that of
   * another callback by the next call that can throw, and the error that ended the client is the `cause` of every later `CLIENT_CLOSED`.
   * What it throws itself about a fragment handler goes to the caller of the poll, and about another callback to the event loop.
   */
  readonly errorHandler?: (error: Error) => void
  /** Takes what fragment handlers throw, in place of {@link errorHandler}; `'rethrow'` throws it to the caller of the poll. */
  readonly subscriberErrorHandler?: ((error: unknown) => void) | 'rethrow'
  /** Told of the error frames for publications of this client: images rejected by their subscribers, for instance. */
  readonly publicationErrorFrameHandler?: PublicationErrorFrameHandler
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
  /**
   * Told when the conductor has not run for {@link stallThresholdMs}: the event loop was blocked, or the process paused. A thread cannot tell
   * while it is blocked, so this comes when the pause is over, and while the next one, not this one, would cost the connection; one that is
   * longer than the driver waits ends the client with `CONDUCTOR_SERVICE_TIMEOUT`.
   */
  readonly stallHandler?: (stall: ConductorStall) => void
  /**
   * From how long a pause of the conductor on {@link stallHandler} is told; longer than {@link idleSleepDurationMs}, which is no stall.
   *
   * @default half of the driver's client liveness timeout: 5_000
   */
  readonly stallThresholdMs?: number
  /** Told once that the client is closed, by the application or by an error. */
  readonly closeHandler?: () => void
  /** The time of day, shared with the driver. @default the system's */
  readonly epochClock?: EpochClock
  /** What intervals are measured by. @default the system's */
  readonly nanoClock?: NanoClock
}

type Optional =
  | 'errorHandler'
  | 'subscriberErrorHandler'
  | 'publicationErrorFrameHandler'
  | 'availableImageHandler'
  | 'unavailableImageHandler'
  | 'availableCounterHandler'
  | 'unavailableCounterHandler'
  | 'closeHandler'
  | 'stallHandler'
  | 'stallThresholdMs'

/** {@link AeronOptions} with every value there; only handlers, and what the driver sets the default of, may be missing. */
export type ResolvedAeronOptions = Readonly<
  Required<Omit<AeronOptions, Optional>> & { [O in Optional]: AeronOptions[O] | undefined }
>

/** Longest client name, in characters. Protocol: Aeron's `Aeron.Configuration.MAX_CLIENT_NAME_LENGTH`. */
const MAX_CLIENT_NAME_LENGTH = 100

const DEFAULTS = {
  driverTimeoutMs: 10_000,
  keepAliveIntervalMs: 500,
  idleSleepDurationMs: 16,
  resourceLingerDurationMs: 3_000,
  closeLingerDurationMs: 0,
  preTouchMappedMemory: false,
  clientName: '',
  useConductorAgentInvoker: false,
  epochClock: systemEpochClock,
  nanoClock: systemNanoClock,
  errorHandler: undefined,
  subscriberErrorHandler: undefined,
  publicationErrorFrameHandler: undefined,
  availableImageHandler: undefined,
  unavailableImageHandler: undefined,
  availableCounterHandler: undefined,
  unavailableCounterHandler: undefined,
  closeHandler: undefined,
  stallHandler: undefined,
  stallThresholdMs: undefined,
} satisfies Omit<ResolvedAeronOptions, 'aeronDirectory'>

function checkDuration(name: string, valueMs: number, minMs: number, maxMs: number): void {
  if (Number.isFinite(valueMs) && valueMs >= minMs && valueMs <= maxMs) return
  throw new RangeError(
    `Cannot connect to Aeron: ${name} must be from ${minMs} to ${maxMs} milliseconds, current value is ${valueMs}`,
  )
}

/** The conductor sleeps on the event loop between its turns: each such sleep would be told as a stall. */
function checkStallThreshold({
  stallThresholdMs,
  idleSleepDurationMs,
  useConductorAgentInvoker,
}: ResolvedAeronOptions): void {
  if (useConductorAgentInvoker || stallThresholdMs === undefined || stallThresholdMs > idleSleepDurationMs)
    return
  throw new RangeError(
    `Cannot connect to Aeron: stallThresholdMs must be above idleSleepDurationMs, which is ${idleSleepDurationMs}, current value is ${stallThresholdMs}`,
  )
}

/**
 * Fills in what the environment and the defaults say, in this order, and checks the options; the object given is left as it is.
 *
 * @throws RangeError for a value out of bounds
 */
export function resolveAeronOptions(
  options: AeronOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): ResolvedAeronOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved: ResolvedAeronOptions = {
    aeronDirectory: options.aeronDirectory ?? defaultAeronDirectory(environment),
    ...DEFAULTS,
    ...readEnvironment(environment),
    ...given,
  }
  const maxTimerMs = 0x7fff_ffff
  checkDuration('driverTimeoutMs', resolved.driverTimeoutMs, 1, maxTimerMs)
  checkDuration('keepAliveIntervalMs', resolved.keepAliveIntervalMs, 1, maxTimerMs)
  checkDuration('idleSleepDurationMs', resolved.idleSleepDurationMs, 0, 1_000)
  checkDuration('resourceLingerDurationMs', resolved.resourceLingerDurationMs, 0, maxTimerMs)
  checkDuration('stallThresholdMs', resolved.stallThresholdMs ?? 1, 1, maxTimerMs)
  checkStallThreshold(resolved)
  checkDuration('closeLingerDurationMs', resolved.closeLingerDurationMs, 0, maxTimerMs)
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
