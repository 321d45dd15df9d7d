import { expect, test } from 'vitest'
import { CachedEpochClock, CachedNanoClock } from './cached-clocks.ts'
import { millisecondsOf, systemEpochClock, systemNanoClock } from './clock.ts'
import {
  OffsetEpochNanoClock,
  systemEpochMicroClock,
  systemEpochNanoClock,
} from './offset-epoch-nano-clock.ts'

test('systemEpochClock tells the time of day in milliseconds', () => {
  expect(Math.abs(systemEpochClock.timeMs() - Date.now())).toBeLessThan(10_000)
})

test('systemNanoClock does not go back', () => {
  const first = systemNanoClock.nanoTime()
  expect(systemNanoClock.nanoTime()).toBeGreaterThanOrEqual(first)
})

test('millisecondsOf reads the clock that it is given, to the nanosecond', () => {
  const nanoClock = new CachedNanoClock(1_500_001n)
  const nowMs = millisecondsOf(nanoClock)
  expect(nowMs()).toBe(1.500_001)
  nanoClock.advance(3_000_000n)
  expect(nowMs()).toBe(4.500_001)
})

test('millisecondsOf the system clock goes on as the clock does', () => {
  const nowMs = millisecondsOf(systemNanoClock)
  const firstMs = nowMs()
  const firstNs = systemNanoClock.nanoTime()
  while (systemNanoClock.nanoTime() - firstNs < 2_000_000n);
  expect(nowMs() - firstMs).toBeGreaterThanOrEqual(2)
})

test('CachedEpochClock and CachedNanoClock tell what they were told', () => {
  const epochClock = new CachedEpochClock(5)
  const nanoClock = new CachedNanoClock()
  epochClock.advance(7)
  nanoClock.advance(9n)
  expect([epochClock.timeMs(), nanoClock.nanoTime()]).toEqual([12, 9n])
  epochClock.update(100)
  nanoClock.update(200n)
  expect([epochClock.timeMs(), nanoClock.nanoTime()]).toEqual([100, 200n])
})

test('OffsetEpochNanoClock adds what the monotonic clock says to the time of day, and measures anew when that is old', () => {
  const epochClock = new CachedEpochClock(1_000)
  const nanoClock = new CachedNanoClock(77n)
  const clock = new OffsetEpochNanoClock({ epochClock, nanoClock, resampleIntervalNs: 10_000n })
  expect(clock.timeNanos()).toBe(1_000_000_000n)
  nanoClock.advance(9_999n)
  epochClock.advance(500)
  expect([clock.timeNanos(), clock.timeMicros()]).toEqual([1_000_009_999n, 1_000_009n])
  nanoClock.advance(2n)
  expect(clock.timeNanos()).toBe(1_500_000_000n)
  nanoClock.update(0n)
  epochClock.update(3_000)
  expect(clock.timeNanos()).toBe(3_000_000_000n)
})

test('the system clocks of a finer grain agree with the time of day', () => {
  const beforeMs = Date.now()
  const nanos = systemEpochNanoClock.timeNanos()
  const micros = systemEpochMicroClock.timeMicros()
  expect(Number(nanos / 1_000_000n)).toBeGreaterThanOrEqual(beforeMs - 2)
  expect(Number(nanos / 1_000_000n)).toBeLessThan(beforeMs + 10_000)
  expect(Number(micros - nanos / 1_000n)).toBeLessThan(10_000_000)
})
