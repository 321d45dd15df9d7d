import { type EpochClock, type NanoClock, systemEpochClock, systemNanoClock } from '@x/idlestrategy'
import { defaultAeronDirectory, readEnvironment } from './aeron-environment.ts'
import type { CounterHandler } from './conductor/counter-handlers.ts'
import type { ConductorStall } from './conductor/service-interval.ts'
import type { PublicationErrorFrameHandler } from './publication-error-frame.ts'
import type { ImageHandler } from './subscription/subscription.ts'

/**
 * Options for connecting to a media driver; corresponds to Java's `Aeron.Context`. Options that are not given are taken from environment variables, which have
 * the names of Aeron's C client (AERON_DIR, AERON_DRIVER_TIMEOUT, AERON_CLIENT_NAME, AERON_CLIENT_IDLE_SLEEP_DURATION, AERON_CLIENT_RESOURCE_LINGER_DURATION,
 * AERON_CLIENT_CLOSE_LINGER_DURATION, AERON_CLIENT_PRE_TOUCH_MAPPED_MEMORY), and otherwise have defaults.
 */
export interface AeronOptions {
  /** Directory of the driver. @default AERON_DIR, or `/dev/shm/aeron-<user>`, or `aeron-<user>` in the temporary directory */
  readonly aeronDirectory?: string
  /** How long the driver may be silent, and how long to wait for its responses, in milliseconds. @default 10_000 */
  readonly driverTimeoutMs?: number
  /** Interval between keep-alives to the driver, in milliseconds. @default 500 */
  readonly keepAliveIntervalMs?: number
  /** How long the conductor sleeps when nothing is pending, in milliseconds, up to 1000. @default 16 */
  readonly idleSleepDurationMs?: number
  /** How long the log of an unavailable image stays mapped for handlers that still read it, in milliseconds. @default 3_000 */
  readonly resourceLingerDurationMs?: number
  /** How long logs stay mapped after the client is closed for handlers and claims that still use them, in milliseconds. @default 0 */
  readonly closeLingerDurationMs?: number
  /** Whether to touch every page of a log when it is mapped, so that later writes cause no page faults. @default false */
  readonly preTouchMappedMemory?: boolean
  /** Name of the client in the label of its heartbeat counter, up to 100 characters. @default '' */
  readonly clientName?: string
  /**
   * Called with errors of the conductor and of handlers. Without it, an error of a fragment handler is thrown to the caller of the poll, an error of another
   * callback is thrown by the next call that can throw, and the error that closed the client is the `cause` of every later `CLIENT_CLOSED`. What the
   * error handler itself throws goes to the caller of the poll for an error of a fragment handler, and to the event loop for others.
   */
  readonly errorHandler?: (error: Error) => void
  /** Called instead of {@link errorHandler} with what fragment handlers throw; `'rethrow'` throws it to the caller of the poll. */
  readonly subscriberErrorHandler?: ((error: unknown) => void) | 'rethrow'
  /** Called with error frames for publications of this client, for example when a subscriber has rejected an image. */
  readonly publicationErrorFrameHandler?: PublicationErrorFrameHandler
  /** Whether the application drives the conductor through `aeron.conductorAgentInvoker`, rather than timers. @default false */
  readonly useConductorAgentInvoker?: boolean
  /** Called when an image becomes available, for subscriptions without their own handler. */
  readonly availableImageHandler?: ImageHandler
  /** Called when an image becomes unavailable, for subscriptions without their own handler. */
  readonly unavailableImageHandler?: ImageHandler
  /** Called for each counter of any client that becomes available. */
  readonly availableCounterHandler?: CounterHandler
  /** Called for each counter of any client that is freed. */
  readonly unavailableCounterHandler?: CounterHandler
  /**
   * Called when the conductor has not run for {@link stallThresholdMs}, because the event loop was blocked or the process was paused. A blocked thread cannot
   * report, so this is called after the pause. It is a warning: a pause for longer than the driver waits closes the client with
   * `CONDUCTOR_SERVICE_TIMEOUT`.
   */
  readonly stallHandler?: (stall: ConductorStall) => void
  /**
   * Minimum pause of the conductor to report to {@link stallHandler}, in milliseconds. It must be longer than {@link idleSleepDurationMs}.
   *
   * @default half of the driver's client liveness timeout: 5_000
   */
  readonly stallThresholdMs?: number
  /** Called once when the client is closed, by the application or because of an error. */
  readonly closeHandler?: () => void
  /** Clock for the time of day, which is shared with the driver. @default the system's */
  readonly epochClock?: EpochClock
  /** Clock for measuring intervals. @default the system's */
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

/** {@link AeronOptions} with defaults filled in. Only handlers, and options whose default depends on the driver, may be undefined. */
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
