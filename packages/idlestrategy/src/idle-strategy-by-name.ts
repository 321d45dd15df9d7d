import { BackoffIdleStrategy } from './backoff-idle-strategy.ts'
import { BusySpinIdleStrategy } from './busy-spin-idle-strategy.ts'
import type { IdleStrategy } from './idle-strategy.ts'
import { NoOpIdleStrategy } from './noop-idle-strategy.ts'
import { SleepingIdleStrategy } from './sleeping-idle-strategy.ts'
import { SleepingMillisIdleStrategy } from './sleeping-millis-idle-strategy.ts'
import { YieldingIdleStrategy } from './yielding-idle-strategy.ts'

const MAKERS: ReadonlyMap<string, () => IdleStrategy> = new Map<string, () => IdleStrategy>([
  ['spin', () => new BusySpinIdleStrategy()],
  ['yield', () => new YieldingIdleStrategy()],
  ['sleep-ns', () => new SleepingIdleStrategy()],
  ['sleep-ms', () => new SleepingMillisIdleStrategy()],
  ['backoff', () => new BackoffIdleStrategy()],
  ['noop', () => new NoOpIdleStrategy()],
])

/**
 * A new idle strategy with Agrona's defaults, by Agrona's alias: `spin`, `yield`, `sleep-ns`, `sleep-ms`, `backoff` or `noop`.
 *
 * @throws RangeError when there is none of that name
 */
export function idleStrategyByName(name: string): IdleStrategy {
  const make = MAKERS.get(name)
  if (make === undefined) {
    throw new RangeError(
      `Cannot make an idle strategy: name must be one of ${[...MAKERS.keys()].join(', ')}, current value is "${name}"`,
    )
  }
  return make()
}
