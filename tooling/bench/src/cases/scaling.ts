import type { BenchCase } from '../bench-case.ts'
import { singleProcessCase } from '../single-process.ts'

const COUNTS = [1, 100, 1_000]
const MESSAGES = 50_000

/** What a message costs as there are more of something. */
export const scaling: BenchCase = singleProcessCase({
  name: 'scaling',
  title: 'a message offered and polled on one thread, as streams and images grow from 1 to 1,000',
  program: 'scaling',
  channel: 'aeron:ipc?term-length=1m',
  streams: 1_000,
  variants: ['streams', 'images'].map((kind) => ({
    name: kind,
    params: { kind, counts: COUNTS.join(','), messages: MESSAGES },
    metrics: COUNTS.map((count) => ({
      key: `ns${count}`,
      title: `${count.toLocaleString('en')} ${count === 1 ? kind.slice(0, -1) : kind}`,
      unit: 'ns/message',
      better: 'less' as const,
    })),
  })),
})
