import { expect, test } from 'vitest'
import { archiveErrorOf } from '../archive-error.ts'
import { ArrivalOrder } from './arrival-order.ts'
import { LateErrors } from './late-errors.ts'

const error = archiveErrorOf('replicate', 14, 1n, 'no connection')

test('LateErrors tells all handlers of a request, and whether there was one', () => {
  const errors = new LateErrors(new ArrivalOrder())
  const told: string[] = []
  const first = (): void => void told.push('first')
  const second = (): void => {
    told.push('second')
    errors.remove(1n, second)
  }
  errors.add(1n, first)
  errors.add(1n, second)
  expect(errors.take(2n, error)).toBe(false)
  expect(errors.take(1n, error)).toBe(true)
  errors.remove(1n, first)
  errors.remove(1n, first)
  expect(errors.take(1n, error)).toBe(false)
  expect(told).toEqual(['first', 'second'])
})

test('LateErrors remembers the last hundred for who comes late himself', () => {
  const errors = new LateErrors(new ArrivalOrder())
  expect(errors.find(1n)).toBeUndefined()
  errors.take(1n, error)
  expect(errors.find(1n)?.value).toBe(error)
  for (let id = 2n; id <= 101n; id++) errors.take(id, error)
  expect(errors.find(1n)).toBeUndefined()
  expect(errors.find(2n)?.value).toBe(error)
})
