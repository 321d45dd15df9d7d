import { expect, test } from 'vitest'
import { retryPauseMs } from './retry-pause.ts'

test('retryPauseMs() doubles up to the limit', () => {
  const pauses = [0, 1, 2, 3, 4, 100].map((failures) => retryPauseMs(failures, 500, 5_000, 1))
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000])
})

test('retryPauseMs() is at least half of the pause, and differs from one client to another', () => {
  expect(retryPauseMs(1, 500, 5_000, 0)).toBe(500)
  expect(retryPauseMs(1, 500, 5_000, 0.5)).toBe(750)
  const pauses = new Set(Array.from({ length: 20 }, () => retryPauseMs(0, 500, 5_000)))
  expect(pauses.size).toBeGreaterThan(1)
})
