import { expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import { COUNTER_LENGTH, CountersManager, METADATA_LENGTH } from '@x/atomic/status'
import { ReadableCounter } from './readable-counter.ts'

test('ReadableCounter reads whichever counter has the id, and only that one', () => {
  const counters = new CountersManager(
    AtomicBuffer.allocate(8 * METADATA_LENGTH),
    AtomicBuffer.allocate(8 * COUNTER_LENGTH),
  )
  const id = counters.allocate({ label: 'first', typeId: 1_001 })
  counters.setCounterRegistrationId(id, 7n)
  counters.setCounterValue(id, 42n)
  const counter = new ReadableCounter(counters, id)
  expect([counter.registrationId, counter.get(), counter.isClosed]).toEqual([7n, 42n, false])
  expect(new ReadableCounter(counters, id, 7n).get()).toBe(42n)
  expect(() => new ReadableCounter(counters, id, 8n)).toThrow(RangeError)
  counters.free(id)
  expect(counter.isClosed).toBe(true)
  expect(() => new ReadableCounter(counters, id)).toThrow(RangeError)
})
