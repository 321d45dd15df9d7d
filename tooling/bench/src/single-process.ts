import type { BenchCase, Params, Sample, Variant } from './bench-case.ts'
import { launchDriver } from './low-latency.ts'

/** A case whose contenders are one process each, at a driver that they share. */
export interface SingleProcessCase {
  readonly name: string
  readonly title: string
  /** What runs, with the parameters of the variant, `dir`, `channel` and a `stream` that nobody has used. */
  readonly program: string
  readonly channel: string
  readonly variants: readonly Variant[]
  /** Streams that one turn may use, from `stream` on. */
  readonly streams: number
  /** What becomes of a sample; `startedAtMs` is when the process was started. */
  readonly evaluate?: (sample: Sample, startedAtMs: number) => Sample
}

/** Makes the case. */
export function singleProcessCase(description: SingleProcessCase): BenchCase {
  const { name, title, program, channel, variants, streams, evaluate = (sample) => sample } = description
  return {
    name,
    title,
    variants,
    launch: async (programs) => {
      const driver = await launchDriver()
      let stream = 1_000
      return {
        measure: async ({ params }, language) => {
          const all: Params = { ...params, dir: driver.aeronDirectory, channel, stream }
          stream += streams
          await using running = await programs.start(language, program, all)
          return evaluate(await running.result(), running.startedAtMs)
        },
        [Symbol.asyncDispose]: async () => driver.close(),
      }
    },
  }
}
