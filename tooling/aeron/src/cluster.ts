import { join } from 'node:path'
import { archiveProperties } from './archive-properties.ts'
import { forgetArchivingDriver } from './archiving-media-driver.ts'
import { ClusterMember } from './cluster-member.ts'
import type { ClusterMemberPlace } from './cluster-member.ts'
import { readClusterMemberState } from './cluster-counters.ts'
import {
  consensusModuleProperties,
  FAST_CLUSTER_TIMEOUTS,
  ingressEndpoints,
  memberEndpoints,
  PORTS_PER_MEMBER,
} from './cluster-properties.ts'
import { driverProperties, FAST_DRIVER_TIMEOUTS } from './driver-properties.ts'
import type { JavaResult } from './java-program.ts'
import type { Properties } from './java-command.ts'
import { markInactive } from './mark-file.ts'
import { isDriverReady } from './media-driver.ts'
import { poll } from './poll.ts'
import { RunDirectory } from './run-directory.ts'
import type { ServerOptions, ServerPlan } from './server-process.ts'

/** Ours: elections take seconds, and more where several members share two busy cores. */
const ELECTION_TIMEOUT_MS = 60_000

/** Where a member runs, when members are to be parted from each other. */
export interface MemberNetwork {
  /** Address that all its endpoints are on. */
  readonly host: string
  /** As `launcher` of the options. */
  readonly launcher: readonly string[]
}

/** Options of {@link launchCluster}. */
export interface ClusterOptions extends ServerOptions {
  /** @default 1 */
  readonly memberCount?: number | undefined
  /** Service containers that each member waits for, 1 to 10: Aeron takes none only with an extension. @default 1 */
  readonly serviceCount?: number | undefined
  /** Settings of one member alone; they win over `properties`. */
  readonly memberProperties?: ((memberId: number) => Properties) | undefined
  /** The network of each member. @default all on loopback */
  readonly memberNetwork?: ((memberId: number) => MemberNetwork) | undefined
  /** Class to run in a Java service container on every member. @default none: the services join from outside */
  readonly serviceClass?: string | undefined
}

/** A running cluster. */
export class Cluster implements AsyncDisposable {
  readonly members: readonly ClusterMember[]
  /** For cluster clients: "0=127.0.0.1:24001,1=127.0.0.1:24012". */
  readonly ingressEndpoints: string

  /** @internal */
  constructor(members: readonly ClusterMember[]) {
    this.members = members
    this.ingressEndpoints = ingressEndpoints(members.map((member) => member.endpoints))
  }

  /** The member with this id. */
  member(memberId: number): ClusterMember {
    const member = this.members[memberId]
    if (member !== undefined) return member
    throw new RangeError(
      `Cannot get cluster member ${memberId}: the cluster has members 0 to ${this.members.length - 1}`,
    )
  }

  /** The living member that leads the newest term, when no election is going on there. */
  leader(): ClusterMember | undefined {
    let leader: ClusterMember | undefined
    let newestTermId = -1n
    for (const member of this.members) {
      const state = member.state()
      // A deposed leader that has not noticed yet is of an older term.
      if (state?.role !== 'LEADER' || !state.isElected || state.leadershipTermId <= newestTermId) continue
      leader = member
      newestTermId = state.leadershipTermId
    }
    return leader
  }

  /**
   * Waits until a member leads.
   *
   * @throws {AeronToolingError} TIMED_OUT, with the ends of all logs.
   */
  async awaitLeader(timeoutMs: number = ELECTION_TIMEOUT_MS): Promise<ClusterMember> {
    return poll(() => this.leader(), {
      action: 'see a leader of the cluster',
      timeoutMs,
      describe: () => this.#describeLogs(),
    })
  }

  /**
   * Waits until a member leads, and all that live have a part in its term.
   *
   * @throws {AeronToolingError} TIMED_OUT, with the ends of all logs.
   */
  async awaitElected(timeoutMs: number = ELECTION_TIMEOUT_MS): Promise<ClusterMember> {
    const isElected = (): ClusterMember | false | undefined =>
      this.members.every((member) => member.exit !== undefined || member.state()?.isElected === true) &&
      this.leader()
    return poll(isElected, {
      action: 'see all members of the cluster in one term',
      timeoutMs,
      describe: () => this.#describeLogs(),
    })
  }

  /** Runs `io.aeron.cluster.ClusterTool` on a member. */
  async clusterTool(
    member: ClusterMember | number,
    command: string,
    ...args: readonly string[]
  ): Promise<JavaResult> {
    return (typeof member === 'number' ? this.member(member) : member).clusterTool(command, ...args)
  }

  /**
   * Ends all members and removes their files. Doing so twice is quiet.
   *
   * @throws {AeronToolingError} PROCESS_EXITED when a member had ended with a failure before; all others are ended first.
   */
  async close(): Promise<void> {
    await endAll(this.members)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #describeLogs(): string {
    const logs = this.members.flatMap((member) => [member, ...member.containers])
    return logs.map((process) => `the log ${process.logPath} ends with:\n${process.logTail(15)}`).join('\n')
  }
}

/** Closes all, whatever fails, and then throws the first failure. */
async function endAll(members: readonly ClusterMember[]): Promise<void> {
  const results = await Promise.allSettled(members.map(async (member) => member.close()))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

function planMember(
  place: ClusterMemberPlace,
  options: ClusterOptions,
  runDirectory: RunDirectory,
  clusterProperties: Properties,
): ServerPlan {
  const { aeronDirectory, archiveDirectory, clusterDirectory, endpoints, memberId } = place
  return {
    name: runDirectory.name,
    mainClass: 'io.aeron.cluster.ClusteredMediaDriver',
    properties: {
      ...driverProperties(aeronDirectory),
      ...archiveProperties(archiveDirectory, endpoints.archive),
      ...clusterProperties,
      ...(options.fastTimeouts === true ? { ...FAST_DRIVER_TIMEOUTS, ...FAST_CLUSTER_TIMEOUTS } : {}),
      ...options.properties,
      ...options.memberProperties?.(memberId),
    },
    runDirectory,
    isReady: (process) =>
      isDriverReady(process, aeronDirectory) &&
      readClusterMemberState(aeronDirectory)?.isReadyForService === true,
    beforeRestart: () => {
      forgetArchivingDriver(aeronDirectory, archiveDirectory)
      markInactive(join(clusterDirectory, 'cluster-mark.dat'))
    },
  }
}

async function createMembers(options: ClusterOptions): Promise<readonly ClusterMember[]> {
  const { memberCount = 1, serviceCount = 1 } = options
  const name = options.name ?? 'cluster'
  const directories = Array.from({ length: memberCount }, (_, id) =>
    RunDirectory.create(`${name}-node-${id}`, options),
  )
  const endpoints = await Promise.all(
    directories.map(async (directory, id) =>
      memberEndpoints(await directory.reservePorts(PORTS_PER_MEMBER), options.memberNetwork?.(id).host),
    ),
  )
  return directories.map((directory, memberId) => {
    const clusterDirectory = join(directory.path, 'cluster')
    const place: ClusterMemberPlace = {
      memberId,
      clusterDirectory,
      aeronDirectory: directory.driverDirectory(),
      archiveDirectory: join(directory.path, 'archive'),
      endpoints: endpoints[memberId] ?? memberEndpoints([]),
    }
    const clusterProperties = consensusModuleProperties(memberId, clusterDirectory, endpoints, serviceCount)
    // The plan has merged the properties already.
    const launcher = options.memberNetwork?.(memberId).launcher ?? options.launcher
    const memberOptions = { ...options, properties: undefined, launcher }
    return new ClusterMember(planMember(place, options, directory, clusterProperties), memberOptions, place)
  })
}

/**
 * Starts the nodes of a cluster (`io.aeron.cluster.ClusteredMediaDriver`), each in folders and on ports of its own, and waits
 * until each is ready for its services. Without `serviceClass` there is none yet: a service container joins each member with
 * its `aeronDirectory` and `clusterDirectory`, and then they elect a leader.
 *
 * @throws {AeronToolingError} PROCESS_EXITED or TIMED_OUT with the end of a log, or what is missing to run Java.
 */
export async function launchCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { serviceClass } = options
  const members = await createMembers(options)
  const starts = await Promise.allSettled(
    members.map(async (member) => {
      await member.start()
      if (serviceClass !== undefined) await member.launchServiceContainer({ serviceClass })
    }),
  )
  const failure = starts.find((start) => start.status === 'rejected')
  if (failure === undefined) return new Cluster(members)
  await Promise.allSettled(members.map(async (member) => member.close()))
  throw failure.reason
}
