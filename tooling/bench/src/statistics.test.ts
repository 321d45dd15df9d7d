import { expect, test } from 'vitest'
import { median, spread } from './statistics.ts'

test('the median is the middle value, whatever the order', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([7])).toBe(7)
})

test('the median of an even count lies between the two middle values', () => {
  expect(median([4, 1, 2, 100])).toBe(3)
})

test('there is no median of nothing', () => {
  expect(() => median([])).toThrow(new RangeError('Cannot take a median: there must be at least one value'))
})

test('the spread is half the distance of the extremes beside the median', () => {
  expect(spread([80, 100, 120])).toBeCloseTo(0.2)
  expect(spread([5])).toBe(0)
  expect(spread([-1, 0, 1])).toBe(0)
})
