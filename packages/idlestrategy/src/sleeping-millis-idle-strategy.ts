import { checkPeriod } from './check-period.ts'
import type { IdleStrategy } from './idle-strategy.ts'
import { park } from './parking.ts'

const DEFAULT_SLEEP_PERIOD_MS = 1
const NANOS_PER_MILLI = 1_000_000

/** Parks for the same time after each idle turn, given in milliseconds. */
export class SleepingMillisIdleStrategy implements IdleStrategy {
  readonly alias = 'sleep-ms'
  readonly #sleepPeriodNs: number

  /** @param sleepPeriodMs how long to park, in milliseconds; 1 is Agrona's default */
  constructor(sleepPeriodMs: number = DEFAULT_SLEEP_PERIOD_MS) {
    this.#sleepPeriodNs = checkPeriod('sleepPeriodMs', sleepPeriodMs) * NANOS_PER_MILLI
  }

  parkNs(workCount: number): number {
    return workCount > 0 ? 0 : this.#sleepPeriodNs
  }

  idle(workCount = 0): void {
    if (workCount <= 0) park(this.#sleepPeriodNs)
  }

  reset(): void {}
}
