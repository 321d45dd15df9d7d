import type { BenchCase } from '../bench-case.ts'
import { singleProcessCase } from '../single-process.ts'

const STRATEGIES = ['backoff', 'sleep-ns', 'sleep-ms', 'yield', 'spin']

/** What waiting costs: an agent that polls a subscription on which nothing comes. Ours runs on the event loop. */
export const idleCpu: BenchCase = singleProcessCase({
  name: 'idle-cpu',
  title: 'processor time of an agent that has nothing to do, by idle strategy',
  program: 'idle-cpu',
  channel: 'aeron:ipc?term-length=64k',
  streams: 1,
  variants: [
    {
      name: 'strategies',
      params: { strategies: STRATEGIES.join(','), settleMs: 50, measureMs: 200 },
      metrics: STRATEGIES.map((strategy) => ({
        key: strategy,
        title: strategy,
        unit: '% of a core',
        better: 'less' as const,
      })),
    },
  ],
})
