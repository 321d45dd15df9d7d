import type { IdleStrategy } from './idle-strategy.ts'
import { park, spinHint } from './parking.ts'

/** Values of the status of a {@link ControllableIdleStrategy}; the numbers are Agrona's. Any other number parks. */
export const IdleControl = {
  /** Nobody has set it: parks. */
  NOT_CONTROLLED: 0,
  /** Goes on at once. */
  NOOP: 1,
  /** Goes on at once, with a hint to the processor. */
  BUSY_SPIN: 2,
  /** Offers the core, and goes on. */
  YIELD: 3,
  /** Parks for a microsecond. */
  PARK: 4,
} as const

/** One of the numbers of {@link IdleControl}. */
export type IdleControl = (typeof IdleControl)[keyof typeof IdleControl]

const PARK_PERIOD_NS = 1_000

/**
 * Waits in the way given by a status, which others may change while the loop runs, such as a counter; corresponds to Agrona's `ControllableIdleStrategy`.
 *
 * ```ts
 * const strategy = new ControllableIdleStrategy(() => Number(counter.get()))
 * ```
 */
export class ControllableIdleStrategy implements IdleStrategy {
  readonly alias = 'controllable'
  readonly #status: () => number

  /** @param status returns the current status, one of {@link IdleControl}; called after each idle turn */
  constructor(status: () => number) {
    this.#status = status
  }

  parkNs(workCount: number): number {
    if (workCount > 0) return 0
    const status = this.#status()
    return status === IdleControl.NOOP || status === IdleControl.BUSY_SPIN || status === IdleControl.YIELD
      ? 0
      : PARK_PERIOD_NS
  }

  idle(workCount = 0): void {
    if (workCount > 0) return
    const status = this.#status()
    if (status === IdleControl.NOOP) return
    if (status === IdleControl.BUSY_SPIN) spinHint()
    else park(status === IdleControl.YIELD ? 0 : PARK_PERIOD_NS)
  }

  reset(): void {}
}
