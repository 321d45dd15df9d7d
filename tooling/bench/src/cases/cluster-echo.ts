import { launchCluster } from '@x/aeron-tooling'
import type { Cluster } from '@x/aeron-tooling'
import type { BenchCase, Language, Programs, Rig, RunningProgram, Sample, Variant } from '../bench-case.ts'
import { percentileMetrics, withPercentiles } from '../latency.ts'
import { ARCHIVE_PROPERTIES, CLUSTER_PROPERTIES, DRIVER_PROPERTIES } from '../low-latency.ts'
import { JVM_FLAGS } from '../toolchains/java-programs.ts'

const RATES = [1_000, 5_000]
const LENGTH = 32
const WINDOW = 256

/** A cluster with the services of one language; it stays up for all rounds, idle while the others have their turns. */
class EchoCluster implements AsyncDisposable {
  readonly #cluster: Cluster
  readonly #services: readonly RunningProgram[]

  private constructor(cluster: Cluster, services: readonly RunningProgram[]) {
    this.#cluster = cluster
    this.#services = services
  }

  static async launch(programs: Programs, language: Language, memberCount: number): Promise<EchoCluster> {
    const cluster = await launchCluster({
      name: `bench-${language}`,
      memberCount,
      properties: { ...DRIVER_PROPERTIES, ...ARCHIVE_PROPERTIES, ...CLUSTER_PROPERTIES },
      jvmFlags: JVM_FLAGS,
    })
    const services: RunningProgram[] = []
    const echo = new EchoCluster(cluster, services)
    try {
      for (const member of cluster.members) {
        const params = { dir: member.aeronDirectory, clusterDir: member.clusterDirectory }
        services.push(await programs.start(language, 'echo-service', params))
      }
      await cluster.awaitElected()
      return echo
    } catch (error) {
      await echo[Symbol.asyncDispose]()
      throw error
    }
  }

  async measure(programs: Programs, language: Language): Promise<Sample> {
    const leader = this.#cluster.leader() ?? this.#cluster.member(0)
    await using client = await programs.start(language, 'echo-client', {
      dir: leader.aeronDirectory,
      ingressEndpoints: this.#cluster.ingressEndpoints,
      length: LENGTH,
      rates: RATES.join(','),
      window: WINDOW,
      warmupMs: 600,
      measureMs: 500,
      idle: 'backoff',
    })
    const sample = await client.result()
    return RATES.reduce((all, rate) => withPercentiles(all, `echo${rate}`), sample)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#services.map(async (service) => service[Symbol.asyncDispose]()))
    await this.#cluster.close()
  }
}

class EchoRig implements Rig {
  readonly #programs: Programs
  readonly #clusters = new Map<string, EchoCluster>()

  constructor(programs: Programs) {
    this.#programs = programs
  }

  async measure({ params }: Variant, language: Language): Promise<Sample> {
    const memberCount = Number(params?.['members'])
    const key = `${language}-${memberCount}`
    // Clusters of another size would only take from the cores.
    for (const [other, cluster] of this.#clusters) {
      if (other.endsWith(`-${memberCount}`)) continue
      this.#clusters.delete(other)
      await cluster[Symbol.asyncDispose]()
    }
    let cluster = this.#clusters.get(key)
    if (cluster === undefined) {
      cluster = await EchoCluster.launch(this.#programs, language, memberCount)
      this.#clusters.set(key, cluster)
    }
    return cluster.measure(this.#programs, language)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cluster of this.#clusters.values()) await cluster[Symbol.asyncDispose]()
  }
}

function variant(members: number, goals: boolean): Variant {
  const title = `${members} member${members === 1 ? '' : 's'}, ${LENGTH} bytes`
  const [low = 0, high = 0] = RATES
  const throughputGoals = goals ? { goals: { java: 0.9, go: 1.5 } } : {}
  const latencyGoals = goals ? { p50: { java: 1.2, go: 0.8 } } : {}
  return {
    name: `${members}-member${members === 1 ? '' : 's'}`,
    params: { members },
    metrics: [
      {
        key: 'messagesPerSecond',
        title: `${title}, ${WINDOW} under way`,
        unit: 'messages/s',
        better: 'more',
        ...throughputGoals,
      },
      ...percentileMetrics(`${title}, ${low.toLocaleString('en')}/s`, `echo${low}`, latencyGoals),
      ...percentileMetrics(`${title}, ${high.toLocaleString('en')}/s`, `echo${high}`),
    ],
    ...(members === 1
      ? {}
      : {
          absent: { go: 'the service of aeron-go ends on an event of Aeron 1.51 that several members send' },
        }),
  }
}

/** Echoes of a cluster: client and services of one language, members of Java. */
export const clusterEcho: BenchCase = {
  name: 'cluster-echo',
  title: 'echo of a cluster: client and service in processes of their own',
  variants: [variant(1, true), variant(3, false)],
  launch: async (programs) => Promise.resolve(new EchoRig(programs)),
}
