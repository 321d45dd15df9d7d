import { expect, test } from 'vitest'
import { systemEpochClock, systemNanoClock } from './clock.ts'

test('systemEpochClock tells the time of day in milliseconds', () => {
  expect(Math.abs(systemEpochClock.timeMs() - Date.now())).toBeLessThan(1000)
})

test('systemNanoClock does not go back', () => {
  const first = systemNanoClock.nanoTime()
  expect(systemNanoClock.nanoTime()).toBeGreaterThanOrEqual(first)
})
