import type { Language, Metric, Programs, Sample } from './bench-case.ts'

/** V8 is not done with less. */
const WARM_UP_MS = 1_000
/** Before each further length: what is warm stays warm. */
const NEXT_WARM_UP_MS = 200
const MEASURE_MS = 350
/** The publishers go on for a little longer than the subscriber counts. */
const SLACK_MS = 100

/** What publishers and subscriber of one turn have in common. */
export interface Streams {
  /** Directory of the driver. */
  readonly dir: string
  readonly channel: string
  /** Of the first length; each has one of its own. */
  readonly stream: number
  readonly mode: 'exclusive' | 'claim' | 'concurrent'
  /** Bytes of a message: those of one length after those of another. */
  readonly lengths: readonly number[]
  readonly publishers: number
  readonly assemble: boolean
}

/** Lets publishers and a subscriber, each a process of its own, loose on one another. A sample for each length. */
export async function measureThroughput(
  programs: Programs,
  language: Language,
  streams: Streams,
): Promise<readonly Sample[]> {
  const { publishers, assemble, mode, lengths, ...common } = streams
  const warmUpsMs = lengths.map((_, index) => (index === 0 ? WARM_UP_MS : NEXT_WARM_UP_MS))
  // Publications of one channel and stream share a log, unless they are exclusive.
  const images = mode === 'concurrent' ? 1 : publishers
  await using subscriber = await programs.start(language, 'throughput-subscriber', {
    ...common,
    warmUpsMs: warmUpsMs.join(','),
    measureMs: MEASURE_MS,
    assemble,
    publishers: images,
  })
  const durationsMs = warmUpsMs.map((warmUpMs) => warmUpMs + MEASURE_MS + SLACK_MS)
  const params = { ...common, mode, lengths: lengths.join(','), durationsMs: durationsMs.join(',') }
  const started = await Promise.all(
    Array.from({ length: publishers }, async () => programs.start(language, 'throughput-publisher', params)),
  )
  try {
    const { values } = await subscriber.result()
    // They end on their own; a client that is killed stays with the driver for seconds.
    await Promise.all(started.map(async (publisher) => publisher.result()))
    return lengths.map((_, index) => ({
      values: { messagesPerSecond: values[`messagesPerSecond${index}`] ?? Number.NaN },
    }))
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
