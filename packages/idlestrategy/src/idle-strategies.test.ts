import { expect, test, vi } from 'vitest'
import { BackoffIdleStrategy } from './backoff-idle-strategy.ts'
import { idleStrategyByName } from './idle-strategy-by-name.ts'
import { SleepingIdleStrategy } from './sleeping-idle-strategy.ts'
import { SleepingMillisIdleStrategy } from './sleeping-millis-idle-strategy.ts'

const ALIASES = ['spin', 'yield', 'sleep-ns', 'sleep-ms', 'backoff', 'noop']

function parks(strategy: { parkNs(workCount: number): number }, turns: number): number[] {
  return Array.from({ length: turns }, () => strategy.parkNs(0))
}

/** How often this thread blocks meanwhile. */
function waitsDuring(action: () => void): number {
  const waits = vi.spyOn(Atomics, 'wait')
  try {
    action()
    return waits.mock.calls.length
  } finally {
    waits.mockRestore()
  }
}

test.each(ALIASES)('idleStrategyByName() makes a new "%s" each time', (alias) => {
  const strategy = idleStrategyByName(alias)
  expect(strategy.alias).toBe(alias)
  expect(idleStrategyByName(alias)).not.toBe(strategy)
})

test('idleStrategyByName() names what there is when asked for something else', () => {
  expect(() => idleStrategyByName('nap')).toThrow(RangeError)
  expect(() => idleStrategyByName('nap')).toThrow(
    /one of spin, yield, sleep-ns, sleep-ms, backoff, noop.*"nap"/,
  )
})

test.each(['spin', 'yield', 'noop'])('"%s" never asks to park', (alias) => {
  expect(new Set(parks(idleStrategyByName(alias), 100))).toEqual(new Set([0]))
})

test('BackoffIdleStrategy.parkNs() goes on for 17 idle turns, then doubles the park up to a millisecond, as Agrona does', () => {
  const decisions = parks(new BackoffIdleStrategy(), 30)
  expect(decisions.slice(0, 17)).toEqual(Array.from({ length: 17 }, () => 0))
  expect(decisions.slice(17)).toEqual([
    1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 1_000_000, 1_000_000,
    1_000_000,
  ])
})

test('BackoffIdleStrategy.parkNs() starts over after work, and after reset()', () => {
  const strategy = new BackoffIdleStrategy({
    maxSpins: 1,
    maxYields: 1,
    minParkPeriodNs: 7,
    maxParkPeriodNs: 20,
  })
  const first = parks(strategy, 7)
  expect(first).toEqual([0, 0, 0, 0, 7, 14, 20])
  expect(strategy.parkNs(1)).toBe(0)
  expect(parks(strategy, 7)).toEqual(first)
  strategy.reset()
  expect(parks(strategy, 7)).toEqual(first)
})

test('BackoffIdleStrategy refuses a shortest park that is longer than the longest, and negative values', () => {
  expect(() => new BackoffIdleStrategy({ minParkPeriodNs: 2, maxParkPeriodNs: 1 })).toThrow(/2 and 1/)
  expect(() => new BackoffIdleStrategy({ maxSpins: -1 })).toThrow(/maxSpins.*-1/)
})

test('BackoffIdleStrategy.idle() blocks for as long as parkNs() would say', () => {
  const strategy = new BackoffIdleStrategy({
    maxSpins: 1,
    maxYields: 0,
    minParkPeriodNs: 5e6,
    maxParkPeriodNs: 5e6,
  })
  for (let turn = 0; turn < 3; turn++) strategy.idle()
  const startMs = performance.now()
  strategy.idle()
  expect(performance.now() - startMs).toBeGreaterThan(4.5)
  strategy.idle(1)
  expect(waitsDuring(() => strategy.idle(0))).toBe(0)
  for (let turn = 0; turn < 3; turn++) strategy.idle()
  expect(waitsDuring(() => strategy.idle())).toBe(1)
})

test('SleepingIdleStrategy and SleepingMillisIdleStrategy park after idle turns only', () => {
  expect(new SleepingIdleStrategy(42).parkNs(0)).toBe(42)
  expect(new SleepingIdleStrategy().parkNs(0)).toBe(1000)
  expect(new SleepingIdleStrategy(42).parkNs(1)).toBe(0)
  expect(new SleepingMillisIdleStrategy(3).parkNs(0)).toBe(3_000_000)
  expect(new SleepingMillisIdleStrategy().parkNs(-1)).toBe(1_000_000)
  expect(() => new SleepingMillisIdleStrategy(Number.NaN)).toThrow(/sleepPeriodMs.*NaN/)
})

test('SleepingMillisIdleStrategy.idle() blocks this thread after idle turns only', () => {
  const strategy = new SleepingMillisIdleStrategy(5)
  const startMs = performance.now()
  expect(waitsDuring(() => strategy.idle())).toBe(1)
  expect(performance.now() - startMs).toBeGreaterThan(4.5)
  expect(waitsDuring(() => strategy.idle(1))).toBe(0)
})

test.each([
  ['spin', 0],
  ['yield', 5],
  ['noop', 0],
  ['sleep-ns', 5],
])('"%s" waits in %i of ten turns, of which five had nothing to do', (alias, waits) => {
  const strategy = idleStrategyByName(alias)
  const turns = (): void => {
    for (let turn = 0; turn < 10; turn++) strategy.idle(turn % 2)
  }
  expect(waitsDuring(turns)).toBe(waits)
  strategy.reset()
})
