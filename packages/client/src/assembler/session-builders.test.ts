import { expect, test } from 'vitest'
import { SessionBuilders } from './session-builders.ts'

test('SessionBuilders has one buffer for each session, in whatever order they come', () => {
  const builders = new SessionBuilders(64)
  const zero = builders.of(0)
  const other = builders.of(-7)
  expect(other).not.toBe(zero)
  expect(zero.buffer.capacity).toBe(64)
  for (const _ of [1, 2]) {
    expect(builders.of(-7)).toBe(other)
    expect(builders.of(0)).toBe(zero)
    expect(builders.of(0)).toBe(zero)
  }
})

test('SessionBuilders forgets the buffers that are freed, also the last one', () => {
  const builders = new SessionBuilders(0)
  const one = builders.of(1)
  const two = builders.of(2)
  expect(builders.delete(2)).toBe(true)
  expect(builders.delete(2)).toBe(false)
  expect(builders.of(2)).not.toBe(two)
  expect(builders.of(1)).toBe(one)
  builders.clear()
  expect(builders.of(1)).not.toBe(one)
})
