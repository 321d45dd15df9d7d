import type { EpochClock, NanoClock } from '@x/idlestrategy'

/** More than the container's tick, so that each turn and each idle call has one. */
const STEP_NS = 1_000_001n
const NS_PER_MS = 1_000_000n

/** The clock of the container's duty cycle: a step for each turn and idle call, whatever the machine does. Not the cluster's time. */
export class VirtualClock implements NanoClock, EpochClock {
  #nowNs = 0n

  nanoTime(): bigint {
    return this.#nowNs
  }

  timeMs(): number {
    return Number(this.#nowNs / NS_PER_MS)
  }

  step(): void {
    this.#nowNs += STEP_NS
  }
}
