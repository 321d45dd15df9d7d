import { AtomicBuffer } from '@x/atomic'
import { AtomicCounter } from '@x/atomic/status'
import { expect, test } from 'vitest'
import { DurationTracker, DutyCycleTracker } from './duration-tracker.ts'

function countersOf(thresholdNs: bigint): {
  max: AtomicCounter
  exceeded: AtomicCounter
  durations: DurationTracker
} {
  const values = AtomicBuffer.allocate(256)
  const max = new AtomicCounter(values, 0)
  const exceeded = new AtomicCounter(values, 1)
  return { max, exceeded, durations: new DurationTracker(max, exceeded, thresholdNs) }
}

test('DurationTracker.onDuration() keeps the longest and counts those above the threshold', () => {
  const { max, exceeded, durations } = countersOf(100n)
  for (const durationNs of [50n, 101n, 100n, 90n]) durations.onDuration(durationNs)
  expect(max.get()).toBe(101n)
  expect(exceeded.get()).toBe(1n)
})

test('DutyCycleTracker.onCycle() measures from one cycle to the next', () => {
  const { max, exceeded, durations } = countersOf(100n)
  const tracker = new DutyCycleTracker(durations)
  for (const nowNs of [1_000n, 1_040n, 1_300n]) tracker.onCycle(nowNs)
  expect(max.get()).toBe(260n)
  expect(exceeded.get()).toBe(1n)
})
