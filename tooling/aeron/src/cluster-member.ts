import { readClusterMemberState } from './cluster-counters.ts'
import type { ClusterMemberState } from './cluster-counters.ts'
import type { MemberEndpoints } from './cluster-properties.ts'
import { LOCAL_CONTROL_CHANNEL } from './archive-properties.ts'
import { ArchivingMediaDriverProcess } from './archiving-media-driver.ts'
import { runJava } from './java-program.ts'
import type { JavaResult } from './java-program.ts'
import type { JavaExit } from './java-process.ts'
import type { ServerOptions, ServerPlan, ServerProcess } from './server-process.ts'
import { launchServiceContainer } from './service-container.ts'
import type { ServiceContainerOptions } from './service-container.ts'

/** Where a member is and keeps its files. */
export interface ClusterMemberPlace {
  readonly memberId: number
  readonly aeronDirectory: string
  readonly archiveDirectory: string
  readonly clusterDirectory: string
  readonly endpoints: MemberEndpoints
}

/**
 * One node of a cluster: driver, archive and consensus module in one process, and the Java service containers that were started
 * on it. A container of another kind joins with `aeronDirectory` and `clusterDirectory`.
 */
export class ClusterMember extends ArchivingMediaDriverProcess {
  readonly memberId: number
  readonly clusterDirectory: string
  readonly endpoints: MemberEndpoints
  /** Host and port on which clients reach this member. */
  readonly ingressEndpoint: string
  readonly #options: ServerOptions
  readonly #containers: ServerProcess[] = []

  /** @internal */
  constructor(plan: ServerPlan, options: ServerOptions, place: ClusterMemberPlace) {
    super(plan, options, place.aeronDirectory, {
      archiveDirectory: place.archiveDirectory,
      controlEndpoint: place.endpoints.archive,
    })
    this.memberId = place.memberId
    this.clusterDirectory = place.clusterDirectory
    this.endpoints = place.endpoints
    this.ingressEndpoint = place.endpoints.ingress
    this.#options = options
  }

  /** The Java service containers that were started on this member. */
  get containers(): readonly ServerProcess[] {
    return this.#containers
  }

  /** What its counters say now; undefined while there is no consensus module. */
  state(): ClusterMemberState | undefined {
    return this.exit === undefined ? readClusterMemberState(this.aeronDirectory) : undefined
  }

  /** Starts Java's service container on this member; from now on it is killed, restarted and closed with the member. */
  async launchServiceContainer(options: ServiceContainerOptions = {}): Promise<ServerProcess> {
    const { environment, keepFiles, startTimeoutMs } = this.#options
    const container = await launchServiceContainer(this, {
      environment,
      keepFiles,
      startTimeoutMs,
      ...options,
    })
    this.#containers.push(container)
    return container
  }

  /** Runs `io.aeron.cluster.ClusterTool` on this member: exit code 0 for done, 255 for refused, 1 for failed. */
  async clusterTool(command: string, ...args: readonly string[]): Promise<JavaResult> {
    return runJava('io.aeron.cluster.ClusterTool', {
      name: `cluster-tool-${this.memberId}`,
      environment: this.#options.environment,
      aeronDirectory: this.aeronDirectory,
      properties: {
        'aeron.archive.control.channel': LOCAL_CONTROL_CHANNEL,
        'aeron.archive.control.response.channel': LOCAL_CONTROL_CHANNEL,
      },
      args: [this.clusterDirectory, command, ...args],
    })
  }

  override signal(signal: NodeJS.Signals): void {
    super.signal(signal)
    for (const container of this.#containers) container.signal(signal)
  }

  override async kill(signal?: NodeJS.Signals): Promise<JavaExit> {
    const [exit] = await Promise.all([
      super.kill(signal),
      ...this.#containers.map(async (container) => container.kill(signal)),
    ])
    return exit
  }

  override async restart(): Promise<void> {
    await Promise.all(this.#containers.map(async (container) => container.kill()))
    await super.restart()
    await Promise.all(this.#containers.map(async (container) => container.restart()))
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), ...this.#containers.map(async (container) => container.close())])
  }
}
