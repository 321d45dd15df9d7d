import type { IdleStrategy } from './idle-strategy.ts'

/** Does nothing at all: for agents that wait by themselves, and for tests. */
export class NoOpIdleStrategy implements IdleStrategy {
  readonly alias = 'noop'

  parkNs(_workCount: number): number {
    return 0
  }

  idle(_workCount = 0): void {}

  reset(): void {}
}
