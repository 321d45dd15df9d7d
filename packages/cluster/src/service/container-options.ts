import { resolve as resolvePath } from 'node:path'
import { defaultAeronDirectory, type Aeron } from '@x/client'
import {
  BackoffIdleStrategy,
  systemEpochClock,
  systemNanoClock,
  type EpochClock,
  type IdleStrategy,
  type NanoClock,
} from '@x/idlestrategy'
import { isSameMajorVersion } from './app-version.ts'
import type { ClusteredService } from './clustered-service.ts'
import { readContainerEnvironment } from './container-environment.ts'
import type { ContainerTermination } from './container-termination.ts'
import {
  resolveServiceArchive,
  type ResolvedServiceArchiveOptions,
  type ServiceArchiveOptions,
} from './service-archive.ts'

/** Services that one member can run. Protocol: the most that the consensus module accepts. */
export const MAX_SERVICE_COUNT = 10

/** Least length of the mark file's error log, in bytes. Protocol: Aeron's ClusterMarkFile. */
export const MIN_ERROR_BUFFER_LENGTH: number = 1024 * 1024

/** Options of a service container; corresponds to `ClusteredServiceContainer.Context`. */
export interface ContainerOptions {
  /** The service to run. */
  readonly clusteredService: ClusteredService
  /** Directory of the media driver. @default AERON_DIR, or the default directory of the platform */
  readonly aeronDirectory?: string
  /** Id of the cluster, to distinguish clusters that share a driver. @default 0 */
  readonly clusterId?: number
  /** Id of the service within its member, 0 to 9. @default 0 */
  readonly serviceId?: number
  /** Name of the service and of its Aeron client. @default 'clustered-service-<clusterId>-<serviceId>' */
  readonly serviceName?: string
  /** Version of the application, major << 16 | minor << 8 | patch; logs of another major version are rejected. @default 0.0.1 */
  readonly appVersion?: number
  /** Decides whether logs and snapshots of another version are compatible. @default they are if the major versions are equal */
  readonly appVersionValidator?: (appVersion: number, logAppVersion: number) => boolean
  /** Cluster directory of the member; created if missing. @default 'aeron-cluster' */
  readonly clusterDirectory?: string
  /** Directory of the mark file; created if missing. @default clusterDirectory */
  readonly markFileDirectory?: string
  /** Channel between consensus module and services. @default 'aeron:ipc?term-length=128k' */
  readonly controlChannel?: string
  /** Stream id from the consensus module to the services. @default 104 */
  readonly serviceStreamId?: number
  /** Stream id from the services to the consensus module. @default 105 */
  readonly consensusModuleStreamId?: number
  /** Channel on which the archive replays a snapshot to the service. @default 'aeron:ipc' */
  readonly replayChannel?: string
  /** Stream id for {@link replayChannel}. @default 103 */
  readonly replayStreamId?: number
  /** Channel on which snapshots of the service are recorded. @default 'aeron:ipc?alias=snapshot' */
  readonly snapshotChannel?: string
  /** Stream id for {@link snapshotChannel}. @default 106 */
  readonly snapshotStreamId?: number
  /** How to connect to the member's archive, for snapshots. @default its local control channel */
  readonly archive?: ServiceArchiveOptions
  /** Whether the service responds to clients; if not, egress is never connected. @default true */
  readonly isRespondingService?: boolean
  /** Maximum number of log fragments per duty cycle. @default 50 */
  readonly logFragmentLimit?: number
  /** Length of the error log in the mark file, in bytes; at least 1 MiB. @default 1_048_576 */
  readonly errorBufferLength?: number
  /** Duration in nanoseconds above which duty cycles are counted as exceeded. @default 100_000_000n */
  readonly cycleThresholdNs?: bigint
  /** Duration in nanoseconds above which snapshots are counted as exceeded. @default 1_000_000_000n */
  readonly snapshotThresholdNs?: bigint
  /**
   * How long the container may be without a turn, in milliseconds, before it reports what holds it up, while that lasts and afterwards; Infinity turns this off.
   * @default a quarter of the driver's client liveness timeout, after which the driver considers the container dead
   */
  readonly stallThresholdMs?: number
  /**
   * How long to wait for the consensus module at the start, in milliseconds; Infinity waits forever, as Java does. @default 30_000
   */
  readonly consensusModuleTimeoutMs?: number
  /** How the duty cycle waits. Strategies have state, so use one for each container. @default a BackoffIdleStrategy */
  readonly idleStrategy?: IdleStrategy
  /** Whether an exception thrown by a callback ends the container; otherwise it is reported, and processing of the log continues. @default false */
  readonly terminateOnServiceError?: boolean
  /** Called with each error, after it was counted and recorded in the mark file. @default nothing more is done */
  readonly errorHandler?: (error: Error) => void
  /** Called when the container ends by itself, before the service's `onTerminate` if that is still to be called. @default nothing */
  readonly terminationHook?: (termination: ContainerTermination) => void
  /**
   * The Aeron client to use, which stays open when the container ends. It must have been created with `useConductorAgentInvoker` and
   * `subscriberErrorHandler: 'rethrow'`, and only the container may invoke it. @default the container creates one
   */
  readonly aeron?: Aeron
  /** How long the driver may be silent, in milliseconds, if the container creates the Aeron client. @default 10_000 */
  readonly driverTimeoutMs?: number
  /** Wall clock of the mark file. @default the system's */
  readonly epochClock?: EpochClock
  /** Clock of the duty cycle. @default the system's */
  readonly nanoClock?: NanoClock
}

type Optional = 'errorHandler' | 'terminationHook' | 'aeron' | 'stallThresholdMs'

/** {@link ContainerOptions} with the defaults filled in; directories are absolute. */
export type ResolvedContainerOptions = Readonly<
  Required<Omit<ContainerOptions, Optional | 'archive'>> & {
    [K in Optional]: ContainerOptions[K] | undefined
  } & { archive: ResolvedServiceArchiveOptions }
>

const DEFAULTS = {
  clusterId: 0,
  serviceId: 0,
  appVersion: 1,
  appVersionValidator: isSameMajorVersion,
  clusterDirectory: 'aeron-cluster',
  controlChannel: 'aeron:ipc?term-length=128k',
  serviceStreamId: 104,
  consensusModuleStreamId: 105,
  replayChannel: 'aeron:ipc',
  replayStreamId: 103,
  snapshotChannel: 'aeron:ipc?alias=snapshot',
  snapshotStreamId: 106,
  archive: {},
  isRespondingService: true,
  logFragmentLimit: 50,
  errorBufferLength: MIN_ERROR_BUFFER_LENGTH,
  cycleThresholdNs: 100_000_000n,
  snapshotThresholdNs: 1_000_000_000n,
  consensusModuleTimeoutMs: 30_000,
  terminateOnServiceError: false,
  driverTimeoutMs: 10_000,
  epochClock: systemEpochClock,
  nanoClock: systemNanoClock,
  errorHandler: undefined,
  terminationHook: undefined,
  aeron: undefined,
  stallThresholdMs: undefined,
}

/** Fills in what the environment says, then the defaults, and checks ranges. Throws RangeError. */
export function resolveContainerOptions(
  options: ContainerOptions,
  environment: NodeJS.ProcessEnv = process.env,
): ResolvedContainerOptions {
  const merged = { ...DEFAULTS, ...readContainerEnvironment(environment), ...defined(options) }
  const { clusterId, serviceId } = merged
  checkRange('serviceId', serviceId, 0, MAX_SERVICE_COUNT - 1)
  checkRange('clusterId', clusterId, 0, 0x7fffffff)
  checkRange('errorBufferLength', merged.errorBufferLength, MIN_ERROR_BUFFER_LENGTH, 0x3fffffff)
  checkRange('logFragmentLimit', merged.logFragmentLimit, 1, 0x7fffffff)
  checkPositive('consensusModuleTimeoutMs', merged.consensusModuleTimeoutMs)
  checkPositive('stallThresholdMs', merged.stallThresholdMs ?? Infinity)
  const clusterDirectory = resolvePath(merged.clusterDirectory)
  return {
    ...merged,
    aeronDirectory: merged.aeron?.options.aeronDirectory ?? merged.aeronDirectory ?? defaultAeronDirectory(),
    serviceName: merged.serviceName ?? `clustered-service-${clusterId}-${serviceId}`,
    archive: resolveServiceArchive(merged.archive, clusterId, serviceId),
    clusterDirectory,
    markFileDirectory:
      merged.markFileDirectory === undefined ? clusterDirectory : resolvePath(merged.markFileDirectory),
    idleStrategy: merged.idleStrategy ?? new BackoffIdleStrategy(),
  }
}

// An option given as undefined means the default, as an absent one does.
function defined(options: ContainerOptions): ContainerOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as ContainerOptions
}

function checkPositive(option: string, value: number): void {
  if (value > 0) return
  throw new RangeError(
    `Cannot launch the service container: ${option} must be positive, current value is ${value}`,
  )
}

function checkRange(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new RangeError(
    `Cannot launch the service container: ${option} must be an integer from ${least} to ${most}, current value is ${value}`,
  )
}
