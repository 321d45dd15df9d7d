import { ClusterTimeUnit } from '@x/codecs/cluster'
import { Role } from '../service/cluster.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import type { ContainerOptions } from '../service/container-options.ts'
import type { GuardOption } from './guard-option.ts'

/** The options of a container that can be set in a test; the test kit sets the others. */
export type TestContainerOptions = Pick<
  ContainerOptions,
  | 'appVersion'
  | 'clusterDirectory'
  | 'clusterId'
  | 'isRespondingService'
  | 'logFragmentLimit'
  | 'serviceId'
  | 'serviceName'
  | 'terminateOnServiceError'
>

/** Options of a {@link TestCluster}. */
export interface TestClusterOptions<S extends ClusteredService> {
  /** Creates the service, at the beginning and for each restart. */
  readonly createService: () => S
  /** Role of the member that runs the service. @default Role.LEADER */
  readonly role?: Role
  /** Id of the member. @default 0 */
  readonly memberId?: number
  /** Cluster time at the beginning, in `timeUnit`. @default 0n */
  readonly startTime?: bigint
  /** Unit of cluster time. @default ClusterTimeUnit.MILLIS */
  readonly timeUnit?: ClusterTimeUnit
  /** How long a client may be silent before its session is closed, in milliseconds. @default Infinity: only when a test asks for it */
  readonly sessionTimeoutMs?: number
  /** Term length of the log, in bytes; messages can be up to an eighth of it. @default 262_144 */
  readonly termLength?: number
  /** Term length of snapshots, in bytes; records can be up to an eighth of it. @default 1_048_576 */
  readonly snapshotTermLength?: number
  /** Term length of the egress of each session, in bytes. @default 65_536 */
  readonly egressTermLength?: number
  /**
   * Reports the use of anything that makes members diverge, as an error of the callback; see `guardDeterminism`.
   * @default true
   */
  readonly determinismGuard?: GuardOption
  /**
   * Whether errors of the service and of the container are only collected in `errors`. Otherwise the first one is thrown by the call that caused it.
   * @default false
   */
  readonly collectErrors?: boolean
  /** Options of the container. @default its defaults */
  readonly container?: TestContainerOptions
}

/** {@link TestClusterOptions} with the defaults filled in. */
export type ResolvedTestClusterOptions<S extends ClusteredService> = Required<TestClusterOptions<S>>

/** Fills in the defaults. */
export function resolveTestClusterOptions<S extends ClusteredService>(
  options: TestClusterOptions<S>,
): ResolvedTestClusterOptions<S> {
  return {
    role: Role.LEADER,
    memberId: 0,
    startTime: 0n,
    timeUnit: ClusterTimeUnit.MILLIS,
    sessionTimeoutMs: Infinity,
    termLength: 256 * 1024,
    snapshotTermLength: 1024 * 1024,
    egressTermLength: 64 * 1024,
    determinismGuard: true,
    collectErrors: false,
    container: {},
    ...options,
  }
}
