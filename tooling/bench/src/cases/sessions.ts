import type { BenchCase, Language, Programs, Rig, Sample, Variant } from '../bench-case.ts'
import { EchoCluster } from '../echo-cluster.ts'

const COUNTS = [1, 100, 1_000]
const [FEWEST = 0, , MOST = 0] = COUNTS
const WAIT_MS = 60_000

/** A cluster of each language, to which the same client of ours opens its sessions: the service is what differs. */
class SessionRig implements Rig {
  readonly #programs: Programs
  readonly #clusters = new Map<Language, EchoCluster>()
  /** Measurements of the heap that the service of a language has told. */
  readonly #told = new Map<Language, number>()

  constructor(programs: Programs) {
    this.#programs = programs
  }

  async measure(_variant: Variant, language: Language): Promise<Sample> {
    let cluster = this.#clusters.get(language)
    if (cluster === undefined) {
      cluster = await EchoCluster.launch(this.#programs, language, 1, {
        counts: COUNTS.join(','),
        ownThread: true,
      })
      this.#clusters.set(language, cluster)
    }
    await using client = await this.#programs.start('ours', 'session-client', {
      ...cluster.address,
      counts: COUNTS.join(','),
      length: 32,
      window: 256,
      warmupMs: 100,
      measureMs: 250,
    })
    const sample = await client.result(WAIT_MS)
    const told = this.#told.get(language) ?? 0
    this.#told.set(language, told + COUNTS.length)
    const few = await heapAt(cluster, told + 1)
    const many = await heapAt(cluster, told + COUNTS.length)
    return { values: { ...sample.values, bytes: (many - few) / (MOST - FEWEST) } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cluster of this.#clusters.values()) await cluster[Symbol.asyncDispose]()
  }
}

/** The heap in the measurement of this number. */
async function heapAt(cluster: EchoCluster, measurement: number): Promise<number> {
  // Java writes 1.0, and Go sorts the names.
  const number = `"measurement":${measurement}(?:\\.0)?[,}]`
  const heap = String.raw`"heap":([\d.eE+]+)`
  const match = await cluster.service?.waitForOutput(
    new RegExp(`${number}.*${heap}|${heap}.*${number}`),
    WAIT_MS,
  )
  return Number(match?.[1] ?? match?.[2])
}

/** Memory and cost of sessions in a service container. */
export const sessions: BenchCase = {
  name: 'sessions',
  title: 'sessions of a service container, from 1 to 1,000: heap of each, and echoes over all in turns',
  variants: [
    {
      name: 'one-member',
      metrics: [
        { key: 'bytes', title: 'heap of a session', unit: 'bytes', better: 'less' },
        ...COUNTS.map((count) => ({
          key: `perSecond${count}`,
          title: `echoes with ${count.toLocaleString('en')} session${count === 1 ? '' : 's'}`,
          unit: 'messages/s',
          better: 'more' as const,
        })),
      ],
    },
  ],
  launch: async (programs) => Promise.resolve(new SessionRig(programs)),
}
