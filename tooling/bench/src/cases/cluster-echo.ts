import type { BenchCase, Language, Programs, Rig, Sample, Variant } from '../bench-case.ts'
import { EchoCluster } from '../echo-cluster.ts'
import { percentileMetrics, withPercentiles } from '../latency.ts'

const RATES = [1_000, 5_000]
const LENGTH = 32
const WINDOW = 256
const CLUSTER_WARM_UP_MS = 1_500
const CLIENT_WARM_UP_MS = 1_000

/** What makes a variant. */
interface EchoParams {
  readonly members: number
  /** Whether our service and client each have a thread to themselves, as those of Java and Go always do; otherwise they share an event loop with the application. */
  readonly ownThread: boolean
}

class EchoRig implements Rig {
  readonly #programs: Programs
  readonly #clusters = new Map<Language, EchoCluster>()
  #variant: Variant | undefined

  constructor(programs: Programs) {
    this.#programs = programs
  }

  async measure(variant: Variant, language: Language): Promise<Sample> {
    const { members, ownThread } = variant.params as unknown as EchoParams
    if (variant !== this.#variant) {
      // The clusters of another variant would only take from the cores.
      await this.#close()
      this.#variant = variant
    }
    let cluster = this.#clusters.get(language)
    if (cluster === undefined) {
      cluster = await EchoCluster.launch(this.#programs, language, members, { counts: '', ownThread })
      this.#clusters.set(language, cluster)
      // The members' JVMs interpret their code for seconds, which would count for the latency of whoever is measured meanwhile.
      await this.#echo(cluster, language, ownThread, CLUSTER_WARM_UP_MS)
    }
    const sample = await this.#echo(cluster, language, ownThread, CLIENT_WARM_UP_MS)
    return RATES.reduce((all, rate) => withPercentiles(all, `echo${rate}`), sample)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  async #echo(
    cluster: EchoCluster,
    language: Language,
    ownThread: boolean,
    warmupMs: number,
  ): Promise<Sample> {
    await using client = await this.#programs.start(language, 'echo-client', {
      ...cluster.address,
      length: LENGTH,
      rates: RATES.join(','),
      window: WINDOW,
      warmupMs,
      measureMs: 400,
      idle: 'backoff',
      ownThread,
    })
    return await client.result()
  }

  async #close(): Promise<void> {
    const clusters = [...this.#clusters.values()]
    this.#clusters.clear()
    for (const cluster of clusters) await cluster[Symbol.asyncDispose]()
  }
}

const GO_LACKS_MEMBERS = 'the service of aeron-go ends on an event of Aeron 1.51 that several members send'
const ALWAYS_OWN_THREAD = 'always has threads of its own, and is in the rows above'

function variant(
  name: string,
  what: string,
  rest: Pick<Variant, 'params' | 'absent'>,
  goals = false,
): Variant {
  const title = `${what}, ${LENGTH} bytes`
  const [low = 0, high = 0] = RATES
  const throughputGoals = goals ? { goals: { java: 0.9, go: 1.5 } } : {}
  const latencyGoals = goals ? { p50: { java: 1.2, go: 0.8 } } : {}
  return {
    name,
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
    ...rest,
  }
}

/** Echoes of a cluster: client and services of one language, members of Java. */
export const clusterEcho: BenchCase = {
  name: 'cluster-echo',
  title: 'echo of a cluster: client and service in processes of their own',
  variants: [
    variant('1-member', '1 member', { params: { members: 1, ownThread: false } }, true),
    variant('1-member-own-thread', '1 member, own threads', {
      params: { members: 1, ownThread: true },
      absent: { java: ALWAYS_OWN_THREAD, go: ALWAYS_OWN_THREAD },
    }),
    variant('3-members', '3 members, own threads', {
      params: { members: 3, ownThread: true },
      absent: { go: GO_LACKS_MEMBERS },
    }),
  ],
  launch: async (programs) => Promise.resolve(new EchoRig(programs)),
}
