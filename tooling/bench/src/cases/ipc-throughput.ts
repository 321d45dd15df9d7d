import type { BenchCase, Metric, Variant } from '../bench-case.ts'
import { launchDriver } from '../low-latency.ts'
import { measureThroughput, throughputMetric } from '../throughput.ts'
import type { Stream } from '../throughput.ts'

type Setting = Pick<Stream, 'mode' | 'length' | 'publishers' | 'assemble'>

const FRAGMENTED = 64 * 1024

function variant(name: string, title: string, setting: Setting, goals?: Metric['goals']): Variant {
  return {
    name: `${name}-${setting.length}`,
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
    return {
      measure: async ({ params }, language) =>
        measureThroughput(programs, language, {
          ...(params as unknown as Setting),
          dir: driver.aeronDirectory,
          channel: 'aeron:ipc',
          stream: stream++,
        }),
      [Symbol.asyncDispose]: async () => driver.close(),
    }
  },
}
