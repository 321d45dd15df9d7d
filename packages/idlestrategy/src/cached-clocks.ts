import type { EpochClock, NanoClock } from './clock.ts'

/** A time of day that its owner sets, once for each turn of a duty cycle, or as a test wants it: Agrona's `CachedEpochClock`. */
export class CachedEpochClock implements EpochClock {
  #timeMs: number

  /** @param timeMs the time at the start, in milliseconds since 1 January 1970 UTC */
  constructor(timeMs = 0) {
    this.#timeMs = timeMs
  }

  timeMs(): number {
    return this.#timeMs
  }

  /** Sets the time, in milliseconds since 1 January 1970 UTC. */
  update(timeMs: number): void {
    this.#timeMs = timeMs
  }

  /** Lets this many milliseconds pass. */
  advance(durationMs: number): void {
    this.#timeMs += durationMs
  }
}

/** A monotonic clock that its owner sets, once for each turn of a duty cycle, or as a test wants it: Agrona's `CachedNanoClock`. */
export class CachedNanoClock implements NanoClock {
  #timeNs: bigint

  /** @param timeNs the time at the start, in nanoseconds */
  constructor(timeNs = 0n) {
    this.#timeNs = timeNs
  }

  nanoTime(): bigint {
    return this.#timeNs
  }

  /** Sets the time, in nanoseconds. */
  update(timeNs: bigint): void {
    this.#timeNs = timeNs
  }

  /** Lets this many nanoseconds pass. */
  advance(durationNs: bigint): void {
    this.#timeNs += durationNs
  }
}
