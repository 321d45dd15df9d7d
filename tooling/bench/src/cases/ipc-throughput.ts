import type { BenchCase, Language, Metric, Variant } from '../bench-case.ts'
import { launchDriver } from '../low-latency.ts'
import { measureThroughput, throughputMetric } from '../throughput.ts'
import type { Streams } from '../throughput.ts'

interface Setting extends Pick<Streams, 'mode' | 'publishers' | 'assemble'> {
  readonly length: number
}

const FRAGMENTED = 64 * 1024

function variant(name: string, title: string, setting: Setting, goals?: Metric['goals']): Variant {
  return {
    name: `${name}-${setting.length}`,
    group: name,
    params: { ...setting },
    metrics: [throughputMetric(`${title}, ${setting.length} bytes`, setting.length, goals)],
  }
}

const LENGTHS = [32, 288, 1344]

/** The goals that belong to a length, besides that of short messages. */
function goalsOf(length: number, short: Metric['goals']): Metric['goals'] {
  if (length === 32) return short
  return length === 1344 ? { java: 0.9, go: 1.5 } : undefined
}

const VARIANTS: readonly Variant[] = [
  ...LENGTHS.map((length) => {
    const setting: Setting = { mode: 'exclusive', length, publishers: 1, assemble: false }
    return variant('exclusive', 'exclusive offer', setting, goalsOf(length, { java: 1, go: 2 }))
  }),
  ...LENGTHS.map((length) => {
    const setting: Setting = { mode: 'claim', length, publishers: 1, assemble: false }
    return variant('claim', 'exclusive tryClaim', setting, goalsOf(length, { java: 1, go: 2 }))
  }),
  ...[1, 2].flatMap((publishers) =>
    LENGTHS.map((length) => {
      const setting: Setting = { mode: 'concurrent', length, publishers, assemble: false }
      const title = `concurrent offer, ${publishers} publisher${publishers === 1 ? '' : 's'}`
      return variant(`concurrent-${publishers}`, title, setting, { java: 1, go: 1.5 })
    }),
  ),
  variant(
    'fragmented',
    'exclusive offer, fragmented and reassembled',
    { mode: 'exclusive', length: FRAGMENTED, publishers: 1, assemble: true },
    { java: 0.9, go: 1.5 },
  ),
]

/** Throughput over shared memory: publishers and subscriber in processes of their own, at a driver of its own. */
export const ipcThroughput: BenchCase = {
  name: 'ipc-throughput',
  title: 'IPC throughput, publishers and subscriber each in a process of its own',
  variants: VARIANTS,
  launch: async (programs) => {
    const driver = await launchDriver()
    let stream = 1000
    const measureGroup = async (variants: readonly Variant[], language: Language) => {
      const settings = variants.map(({ params }) => params as unknown as Setting)
      const lengths = settings.map(({ length }) => length)
      const { mode, publishers, assemble } = settings[0]!
      const first = stream
      stream += lengths.length
      return measureThroughput(programs, language, {
        mode,
        publishers,
        assemble,
        lengths,
        dir: driver.aeronDirectory,
        channel: 'aeron:ipc',
        stream: first,
      })
    }
    return {
      measureGroup,
      measure: async (variant, language) => (await measureGroup([variant], language))[0]!,
      [Symbol.asyncDispose]: async () => driver.close(),
    }
  },
}
