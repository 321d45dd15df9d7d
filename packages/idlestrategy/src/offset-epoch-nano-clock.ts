import {
  type EpochClock,
  type EpochMicroClock,
  type EpochNanoClock,
  type NanoClock,
  systemEpochClock,
  systemNanoClock,
} from './clock.ts'

const NANOS_PER_MILLI = 1_000_000n
const NANOS_PER_MICRO = 1_000n
/** Agrona's defaults, but for the window: reading a clock costs 50 ns here, and a bigint. */
const MAX_SAMPLES = 100
const GOOD_WINDOW_NS = 1_000n
const RESAMPLE_INTERVAL_NS = 3_600_000_000_000n

/** Clocks to measure with, and how long a measurement is good for. */
export interface OffsetEpochNanoClockOptions {
  readonly epochClock?: EpochClock
  readonly nanoClock?: NanoClock
  /** How long until the offset is measured anew, in nanoseconds. @default an hour */
  readonly resampleIntervalNs?: bigint
}

/**
 * The time of day to the nanosecond, made of the monotonic clock and its measured offset from the time of day, which has milliseconds only:
 * Agrona's `OffsetEpochNanoClock`. Between two measurements it goes on evenly, whatever happens to the system's time of day.
 */
export class OffsetEpochNanoClock implements EpochNanoClock, EpochMicroClock {
  readonly #epochClock: EpochClock
  readonly #nanoClock: NanoClock
  readonly #resampleIntervalNs: bigint
  #epochNs = 0n
  #atNs = 0n

  constructor(options: OffsetEpochNanoClockOptions = {}) {
    this.#epochClock = options.epochClock ?? systemEpochClock
    this.#nanoClock = options.nanoClock ?? systemNanoClock
    this.#resampleIntervalNs = options.resampleIntervalNs ?? RESAMPLE_INTERVAL_NS
    this.sample()
  }

  /** Measures the offset: the best of a number of tries. */
  sample(): void {
    let bestWindowNs: bigint | undefined
    for (let i = 0; i < MAX_SAMPLES; i++) {
      const beforeNs = this.#nanoClock.nanoTime()
      const epochMs = this.#epochClock.timeMs()
      const windowNs = this.#nanoClock.nanoTime() - beforeNs
      if (bestWindowNs !== undefined && windowNs >= bestWindowNs) continue
      bestWindowNs = windowNs
      this.#epochNs = BigInt(epochMs) * NANOS_PER_MILLI
      this.#atNs = beforeNs + windowNs / 2n
      if (windowNs < GOOD_WINDOW_NS) return
    }
  }

  timeNanos(): bigint {
    const sinceNs = this.#nanoClock.nanoTime() - this.#atNs
    if (sinceNs >= 0n && sinceNs <= this.#resampleIntervalNs) return this.#epochNs + sinceNs
    this.sample()
    return this.#epochNs + this.#nanoClock.nanoTime() - this.#atNs
  }

  timeMicros(): bigint {
    return this.timeNanos() / NANOS_PER_MICRO
  }
}

// Measured at the first use, so that importing this package costs nothing.
let shared: OffsetEpochNanoClock | undefined

/** The system's time of day to the nanosecond. */
export const systemEpochNanoClock: EpochNanoClock = {
  timeNanos: () => (shared ??= new OffsetEpochNanoClock()).timeNanos(),
}

/** The system's time of day to the microsecond. */
export const systemEpochMicroClock: EpochMicroClock = {
  timeMicros: () => (shared ??= new OffsetEpochNanoClock()).timeMicros(),
}
