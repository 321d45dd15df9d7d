import type { IdleStrategy } from './idle-strategy.ts'
import { park } from './parking.ts'

/**
 * Offers the core to other threads after each idle turn, and goes on when none wants it.
 * JavaScript has no call that only yields; a wait of no time comes nearest: the system is entered, and the thread may be set aside.
 */
export class YieldingIdleStrategy implements IdleStrategy {
  readonly alias = 'yield'

  parkNs(_workCount: number): number {
    return 0
  }

  idle(workCount = 0): void {
    if (workCount <= 0) park(0)
  }

  reset(): void {}
}
