import { ClusterTimeUnit } from '@x/codecs/cluster'
import { Role } from '../service/cluster.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import type { ContainerOptions } from '../service/container-options.ts'
import type { GuardOption } from './guard-option.ts'

/** What the options of a container may be in a test kit: the rest is the kit's own. */
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

/** How to run a service in a {@link TestCluster}. */
export interface TestClusterOptions<S extends ClusteredService> {
  /** Makes the service: once at the beginning, and once for each restart. */
  readonly createService: () => S
  /** Role of the member that runs the service. @default Role.LEADER */
  readonly role?: Role
  /** Id of the member. @default 0 */
  readonly memberId?: number
  /** Cluster time at the beginning, in `timeUnit`. @default 0n */
  readonly startTime?: bigint
  /** Unit of cluster time. @default ClusterTimeUnit.MILLIS */
  readonly timeUnit?: ClusterTimeUnit
  /** Silence of a client, in milliseconds, after which its session is closed. @default Infinity: only when a test asks for it */
  readonly sessionTimeoutMs?: number
  /** Length of the terms of the log, in bytes: an eighth of it is the longest message. @default 262_144 */
  readonly termLength?: number
  /** Length of the terms of snapshots, in bytes: an eighth of it is the longest record. @default 1_048_576 */
  readonly snapshotTermLength?: number
  /** Length of the terms of the egress of each session, in bytes. @default 65_536 */
  readonly egressTermLength?: number
  /**
   * Reports what makes members differ when a callback uses it: see `guardDeterminism`. What is found is an error of the callback.
   * @default true
   */
  readonly determinismGuard?: GuardOption
  /**
   * Whether errors, of the service and of the container, are only kept in `errors`. Otherwise the first is thrown by the call of the
   * cluster or session that led to it. @default false
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
