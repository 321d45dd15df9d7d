import { checkPeriod } from './check-period.ts'
import type { IdleStrategy } from './idle-strategy.ts'
import { park } from './parking.ts'

const DEFAULT_SLEEP_PERIOD_NS = 1000

/** Parks for the same time after each idle turn, given in nanoseconds; below about 75 microseconds the system rounds up to that. */
export class SleepingIdleStrategy implements IdleStrategy {
  readonly alias = 'sleep-ns'
  readonly #sleepPeriodNs: number

  /** @param sleepPeriodNs how long to park, in nanoseconds; 1,000 is Agrona's default */
  constructor(sleepPeriodNs: number = DEFAULT_SLEEP_PERIOD_NS) {
    this.#sleepPeriodNs = checkPeriod('sleepPeriodNs', sleepPeriodNs)
  }

  parkNs(workCount: number): number {
    return workCount > 0 ? 0 : this.#sleepPeriodNs
  }

  idle(workCount = 0): void {
    if (workCount <= 0) park(this.#sleepPeriodNs)
  }

  reset(): void {}
}
