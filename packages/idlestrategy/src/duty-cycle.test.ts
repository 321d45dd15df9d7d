import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { ControllableIdleStrategy, IdleControl } from './controllable-idle-strategy.ts'
import { DutyCycleTracker, trackDutyCycle } from './duty-cycle-tracker.ts'
import { type EventLoopBlockage, EventLoopGuard } from './event-loop-guard.ts'

const SOON = { timeout: 20_000, interval: 1 }

function block(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)
}

test('DutyCycleTracker keeps the longest cycle, and counts those above the threshold', () => {
  let nowMs = 100
  const exceeded: number[] = []
  const tracker = new DutyCycleTracker({
    thresholdMs: 10,
    onExceeded: (cycleMs) => exceeded.push(cycleMs),
    nowMs: () => nowMs,
  })
  for (const cycleMs of [0, 5, 10, 11, 3, 40]) {
    nowMs += cycleMs
    tracker.measure()
  }
  expect([tracker.maxCycleMs, tracker.exceededCount, exceeded]).toEqual([40, 2, [11, 40]])
  tracker.reset()
  nowMs += 1_000
  tracker.measure()
  expect([tracker.maxCycleMs, tracker.exceededCount]).toEqual([0, 0])
})

test('trackDutyCycle() measures the turns of an agent and leaves it as it is otherwise', () => {
  const calls: string[] = []
  let nowMs = 0
  const tracker = new DutyCycleTracker({ thresholdMs: 5, nowMs: () => nowMs })
  const agent = trackDutyCycle(
    {
      roleName: 'a',
      onStart: () => void calls.push('start'),
      doWork: () => 7,
      onClose: () => void calls.push('close'),
    },
    tracker,
  )
  agent.onStart?.()
  expect(agent.doWork()).toBe(7)
  nowMs += 8
  agent.doWork()
  agent.onClose?.()
  expect([agent.roleName, calls, tracker.exceededCount]).toEqual(['a', ['start', 'close'], 1])
})

test('EventLoopGuard tells of a blocked event loop when it is over, and of nothing else', async () => {
  const blockages: EventLoopBlockage[] = []
  let nowMs = 0
  let looks = 0
  using guard = new EventLoopGuard({
    limitMs: 300,
    intervalMs: 20,
    nowMs: () => (looks++, nowMs),
    onBlocked: (blockage) => blockages.push(blockage),
  })
  const looksAfter = async (durationMs: number): Promise<void> => {
    const before = looks
    nowMs += durationMs
    await vi.waitUntil(() => looks > before, SOON)
  }
  await looksAfter(20)
  await looksAfter(320)
  expect(blockages).toEqual([])
  await looksAfter(470)
  await looksAfter(20)
  expect(blockages).toEqual([{ blockedMs: 450, limitMs: 300 }])
  expect(guard.blockageCount).toBe(1)
  block(350)
  await vi.waitUntil(() => guard.maxDelayMs > 300, SOON)
  expect(guard.p99DelayMs).toBeGreaterThan(0)
})

test('EventLoopGuard.check() notices in a duty cycle too, and close() ends the watch', async () => {
  let nowMs = 0
  let count = 0
  const guard = new EventLoopGuard({
    limitMs: 1_000,
    intervalMs: 10,
    nowMs: () => nowMs,
    onBlocked: () => count++,
  })
  nowMs = 1_010
  guard.check()
  expect(count).toBe(0)
  nowMs += 1_011
  guard.check()
  expect(count).toBe(1)
  guard.close()
  nowMs += 5_000
  await delay(30)
  expect(count).toBe(1)
  expect(() => new EventLoopGuard({ limitMs: 0, onBlocked: () => {} })).toThrow(RangeError)
})

test.each([
  ['NOT_CONTROLLED', 1_000],
  ['NOOP', 0],
  ['BUSY_SPIN', 0],
  ['YIELD', 0],
  ['PARK', 1_000],
] as const)('ControllableIdleStrategy follows %s', (name, parkNs) => {
  const strategy = new ControllableIdleStrategy(() => IdleControl[name])
  expect([strategy.alias, strategy.parkNs(0), strategy.parkNs(1)]).toEqual(['controllable', parkNs, 0])
  strategy.idle()
  strategy.idle(1)
  strategy.reset()
})

test('ControllableIdleStrategy follows a status that changes, and parks at one it does not know', () => {
  let status = 1
  const strategy = new ControllableIdleStrategy(() => status)
  expect(strategy.parkNs(0)).toBe(0)
  status = 99
  expect(strategy.parkNs(0)).toBe(1_000)
})
