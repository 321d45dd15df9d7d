import { launchCluster } from '@x/aeron-tooling'
import type { Cluster } from '@x/aeron-tooling'
import type { Language, Params, Programs, RunningProgram } from './bench-case.ts'
import { ARCHIVE_PROPERTIES, CLUSTER_PROPERTIES, DRIVER_PROPERTIES } from './low-latency.ts'
import { JVM_FLAGS } from './toolchains/java-programs.ts'

/** A cluster with echo services of one language; it stays up for all rounds, idle while the others have their turns. */
export class EchoCluster implements AsyncDisposable {
  readonly #cluster: Cluster
  readonly #services: RunningProgram[] = []

  private constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /**
   * Starts it.
   *
   * @param serviceParams of the service programs besides their directories
   */
  static async launch(
    programs: Programs,
    language: Language,
    memberCount: number,
    serviceParams: Params,
  ): Promise<EchoCluster> {
    const cluster = await launchCluster({
      name: `bench-${language}`,
      memberCount,
      properties: { ...DRIVER_PROPERTIES, ...ARCHIVE_PROPERTIES, ...CLUSTER_PROPERTIES },
      jvmFlags: JVM_FLAGS,
    })
    const echo = new EchoCluster(cluster)
    try {
      for (const member of cluster.members) {
        const { aeronDirectory: dir, clusterDirectory: clusterDir } = member
        const params = { ...serviceParams, dir, clusterDir }
        echo.#services.push(await programs.start(language, 'echo-service', params))
      }
      await cluster.awaitElected()
      return echo
    } catch (error) {
      await echo[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Where a client finds it: on the leader's driver. */
  get address(): Params {
    const leader = this.#cluster.leader() ?? this.#cluster.member(0)
    return { dir: leader.aeronDirectory, ingressEndpoints: this.#cluster.ingressEndpoints }
  }

  /** The service of the first member. */
  get service(): RunningProgram | undefined {
    return this.#services[0]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#services.map(async (service) => service[Symbol.asyncDispose]()))
    await this.#cluster.close()
  }
}
