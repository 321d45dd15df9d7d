import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EventLoopDriver } from './event-loop-driver.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

test('a turn that throws is not the last', () => {
  let turns = 0
  const driver = new EventLoopDriver(() => {
    if (++turns === 1) throw new Error('mine')
  }, false)
  let looks = 0
  driver.wait(() => ++looks === 3)
  expect(() => vi.advanceTimersByTime(1)).toThrow('mine')
  vi.advanceTimersByTime(10)
  expect([turns, looks]).toEqual([3, 3])
  driver.stop()
})

test('nothing runs while nothing is pending, unless in the background', () => {
  let turns = 0
  const idle = new EventLoopDriver(() => turns++, false)
  vi.advanceTimersByTime(1_000)
  expect(turns).toBe(0)
  idle.stop()
  const background = new EventLoopDriver(() => turns++, true)
  vi.advanceTimersByTime(1_000)
  expect(turns).toBe(10)
  background.stop()
  vi.advanceTimersByTime(1_000)
  expect(turns).toBe(10)
})
