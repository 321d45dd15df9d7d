import type { BenchCase, Language, Programs, Rig, Sample, Variant } from '../bench-case.ts'
import { EchoCluster } from '../echo-cluster.ts'
import { percentileMetrics, withPercentiles } from '../latency.ts'

const RATES = [1_000, 5_000]
const LENGTH = 32
const WINDOW = 256

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
    await using client = await this.#programs.start(language, 'echo-client', {
      ...cluster.address,
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
