import { reservePorts } from '@x/aeron-tooling'
import type { BenchCase, Language, Variant } from '../bench-case.ts'
import { launchDriver } from '../low-latency.ts'
import { measureThroughput, throughputMetric } from '../throughput.ts'

/** Throughput over loopback. The driver, which carries each byte, has to share the two cores with publisher and subscriber. */
export const udpThroughput: BenchCase = {
  name: 'udp-throughput',
  title: 'UDP loopback throughput, publisher and subscriber each in a process of its own',
  variants: [32, 1344].map((length) => ({
    name: `exclusive-${length}`,
    group: 'exclusive',
    params: { length },
    metrics: [throughputMetric(`exclusive offer, ${length} bytes`, length, undefined)],
  })),
  launch: async (programs) => {
    const reservation = await reservePorts(1)
    const driver = await launchDriver()
    let stream = 1000
    const measureGroup = async (variants: readonly Variant[], language: Language) => {
      const lengths = variants.map(({ params }) => Number(params?.['length']))
      const first = stream
      stream += lengths.length
      return measureThroughput(programs, language, {
        dir: driver.aeronDirectory,
        channel: `aeron:udp?endpoint=127.0.0.1:${reservation.ports[0]}`,
        stream: first,
        mode: 'exclusive',
        lengths,
        publishers: 1,
        assemble: false,
      })
    }
    return {
      measureGroup,
      measure: async (variant, language) => (await measureGroup([variant], language))[0]!,
      [Symbol.asyncDispose]: async () => {
        await driver.close()
        reservation.release()
      },
    }
  },
}
