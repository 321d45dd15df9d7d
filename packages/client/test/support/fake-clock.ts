import type { EpochClock, NanoClock } from '@x/idlestrategy'

/** A clock that moves when it is told to. */
export class FakeClock implements EpochClock, NanoClock {
  #nowMs = 1_700_000_000_000

  timeMs(): number {
    return this.#nowMs
  }

  nanoTime(): bigint {
    return BigInt(this.#nowMs) * 1_000_000n
  }

  advance(durationMs: number): void {
    this.#nowMs += durationMs
  }
}
