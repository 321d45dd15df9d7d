import type { IdleStrategy } from './idle-strategy.ts'
import { spinHint } from './parking.ts'

/** Never waits: lowest latency, one core busy. */
export class BusySpinIdleStrategy implements IdleStrategy {
  readonly alias = 'spin'

  parkNs(_workCount: number): number {
    return 0
  }

  idle(workCount = 0): void {
    if (workCount <= 0) spinHint()
  }

  reset(): void {}
}
