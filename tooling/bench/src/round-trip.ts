import type { Language, Programs, Sample } from './bench-case.ts'
import { withPercentiles } from './latency.ts'

/** A pong that nobody asks ends after this. */
const SLACK_MS = 5_000

/** What ping and pong of one measurement have in common. */
export interface RoundTrip {
  /** Directory of the driver. */
  readonly dir: string
  readonly pingChannel: string
  readonly pongChannel: string
  readonly pingStream: number
  readonly pongStream: number
  /** Bytes of a message. */
  readonly length: number
  /** Messages a second. */
  readonly rate: number
  /** Alias of the idle strategy of both. */
  readonly idle: string
  readonly warmupMs: number
  readonly measureMs: number
}

/** Lets a ping and a pong, each a process of its own, talk. */
export async function measureRoundTrip(
  programs: Programs,
  language: Language,
  trip: RoundTrip,
): Promise<Sample> {
  await using pong = await programs.start(language, 'pong', {
    ...trip,
    durationMs: trip.warmupMs + trip.measureMs + SLACK_MS,
  })
  await using ping = await programs.start(language, 'ping', { ...trip })
  const sample = await ping.result()
  await pong.result()
  return withPercentiles(sample, 'roundTrip')
}
