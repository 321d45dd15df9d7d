import type { Language, Metric, Programs, Sample } from './bench-case.ts'

const WARM_UP_MS = 400
const MEASURE_MS = 400
/** The publishers go on for a little longer than the subscriber counts. */
const SLACK_MS = 100

/** What publishers and subscriber of one measurement have in common. */
export interface Stream {
  /** Directory of the driver. */
  readonly dir: string
  readonly channel: string
  readonly stream: number
  readonly mode: 'exclusive' | 'claim' | 'concurrent'
  /** Bytes of a message. */
  readonly length: number
  readonly publishers: number
  readonly assemble: boolean
}

/** Lets publishers and a subscriber, each a process of its own, loose on one another. */
export async function measureThroughput(
  programs: Programs,
  language: Language,
  stream: Stream,
): Promise<Sample> {
  const { publishers, assemble, mode, length, ...common } = stream
  const times = { warmupMs: WARM_UP_MS, measureMs: MEASURE_MS }
  // Publications of one channel and stream share a log, unless they are exclusive.
  const images = mode === 'concurrent' ? 1 : publishers
  await using subscriber = await programs.start(language, 'throughput-subscriber', {
    ...common,
    ...times,
    assemble,
    publishers: images,
  })
  const durationMs = WARM_UP_MS + MEASURE_MS + SLACK_MS
  const params = { ...common, mode, length, durationMs }
  const started = await Promise.all(
    Array.from({ length: publishers }, async () => programs.start(language, 'throughput-publisher', params)),
  )
  try {
    const sample = await subscriber.result()
    // They end on their own; a client that is killed stays with the driver for seconds.
    await Promise.all(started.map(async (publisher) => publisher.result()))
    return sample
  } finally {
    await Promise.all(started.map(async (publisher) => publisher[Symbol.asyncDispose]()))
  }
}

/** The row of a throughput: messages for short ones, bytes for long ones. */
export function throughputMetric(title: string, length: number, goals: Metric['goals']): Metric {
  const isShort = length < 1_000
  return {
    key: 'messagesPerSecond',
    title,
    unit: isShort ? 'million messages/s' : 'MB/s',
    scale: isShort ? 1e-6 : length * 1e-6,
    better: 'more',
    ...(goals === undefined ? {} : { goals }),
  }
}
