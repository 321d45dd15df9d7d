import { checkPeriod } from './check-period.ts'
import type { IdleStrategy } from './idle-strategy.ts'
import { park, spinHint } from './parking.ts'

/** How a {@link BackoffIdleStrategy} goes from spinning to parking. The defaults are Agrona's. */
export interface BackoffOptions {
  /** Turns to spin before yielding. @default 10 */
  readonly maxSpins?: number
  /** Turns to yield before parking. @default 5 */
  readonly maxYields?: number
  /** Length of the first park, in nanoseconds; each one after is twice as long. @default 1_000 */
  readonly minParkPeriodNs?: number
  /** Length of the longest park, in nanoseconds. @default 1_000_000 */
  readonly maxParkPeriodNs?: number
}

const DEFAULTS = {
  maxSpins: 10,
  maxYields: 5,
  minParkPeriodNs: 1000,
  maxParkPeriodNs: 1_000_000,
} as const satisfies Required<BackoffOptions>

const NOT_IDLE = 0
const SPINNING = 1
const YIELDING = 2
const PARKING = 3

// What one idle turn does. It is not the state: the turns that change over to yielding and to parking do nothing else, as in Agrona.
const DO_NOTHING = 0
const SPIN = 1
const YIELD = 2
const PARK = 3

/** Spins, then yields, then parks for increasing durations, and starts over when there is work: low latency under load, and an idle core otherwise. */
export class BackoffIdleStrategy implements IdleStrategy {
  readonly alias = 'backoff'
  readonly #maxSpins: number
  readonly #maxYields: number
  readonly #minParkPeriodNs: number
  readonly #maxParkPeriodNs: number
  // Every field is a number from the start: one hidden class, no boxed value.
  #state: number = NOT_IDLE
  #spins = 0
  #yields = 0
  #parkPeriodNs: number

  /** @throws RangeError when a value is negative, or the minimum park longer than the maximum */
  constructor(options: BackoffOptions = {}) {
    this.#maxSpins = checkPeriod('maxSpins', options.maxSpins ?? DEFAULTS.maxSpins)
    this.#maxYields = checkPeriod('maxYields', options.maxYields ?? DEFAULTS.maxYields)
    this.#minParkPeriodNs = checkPeriod(
      'minParkPeriodNs',
      options.minParkPeriodNs ?? DEFAULTS.minParkPeriodNs,
    )
    this.#maxParkPeriodNs = checkPeriod(
      'maxParkPeriodNs',
      options.maxParkPeriodNs ?? DEFAULTS.maxParkPeriodNs,
    )
    if (this.#minParkPeriodNs > this.#maxParkPeriodNs) {
      throw new RangeError(
        `Cannot make an idle strategy: minParkPeriodNs must be at most maxParkPeriodNs, ` +
          `current values are ${this.#minParkPeriodNs} and ${this.#maxParkPeriodNs}`,
      )
    }
    this.#parkPeriodNs = this.#minParkPeriodNs
  }

  parkNs(workCount: number): number {
    if (workCount > 0) {
      this.reset()
      return 0
    }
    return this.#advance() === PARK ? this.#nextParkNs() : 0
  }

  idle(workCount = 0): void {
    if (workCount > 0) {
      this.reset()
      return
    }
    const effect = this.#advance()
    if (effect === SPIN) spinHint()
    else if (effect === YIELD) park(0)
    else if (effect === PARK) park(this.#nextParkNs())
  }

  reset(): void {
    this.#state = NOT_IDLE
    this.#spins = 0
    this.#yields = 0
    this.#parkPeriodNs = this.#minParkPeriodNs
  }

  /** Counts one idle turn, and decides what it does. */
  #advance(): number {
    if (this.#state === PARKING) return PARK
    if (this.#state === NOT_IDLE) {
      this.#state = SPINNING
      this.#spins++
      return DO_NOTHING
    }
    if (this.#state === SPINNING) {
      if (++this.#spins > this.#maxSpins) this.#state = YIELDING
      return SPIN
    }
    if (++this.#yields <= this.#maxYields) return YIELD
    this.#state = PARKING
    return DO_NOTHING
  }

  #nextParkNs(): number {
    const parkNs = this.#parkPeriodNs
    this.#parkPeriodNs = Math.min(parkNs * 2, this.#maxParkPeriodNs)
    return parkNs
  }
}
