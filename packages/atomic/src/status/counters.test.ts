import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '../atomic-buffer.ts'
import { AtomicCounter } from './atomic-counter.ts'
import * as descriptor from './counters-descriptor.ts'
import { CountersManager } from './counters-manager.ts'
import { CountersReader } from './counters-reader.ts'
import { Position } from './position.ts'

const COUNT = 4
let metadata: AtomicBuffer
let values: AtomicBuffer
let reader: CountersReader
let manager: CountersManager
let nowMs = 0
beforeEach(() => {
  nowMs = 1_000_000
  metadata = AtomicBuffer.allocate(COUNT * 512)
  values = AtomicBuffer.allocate(COUNT * 128)
  reader = new CountersReader(metadata, values)
  manager = new CountersManager(metadata, values, {
    clock: { timeMs: () => nowMs },
    freeToReuseTimeoutMs: 1000,
  })
})

function labels(): string[] {
  const seen: string[] = []
  reader.forEach((counterId, typeId, key, label) =>
    seen.push(`${counterId} ${typeId} ${key.getInt32(0)} ${label}`),
  )
  return seen
}

const key = (value: number): Uint8Array => Uint8Array.of(value, 0, 0, 0)

test('counters are laid out as in Agrona', () => {
  expect([
    descriptor.TYPE_ID_OFFSET,
    descriptor.FREE_FOR_REUSE_DEADLINE_OFFSET,
    descriptor.KEY_OFFSET,
    descriptor.MAX_KEY_LENGTH,
    descriptor.LABEL_OFFSET,
    descriptor.LABEL_TEXT_OFFSET,
    descriptor.MAX_LABEL_LENGTH,
    descriptor.METADATA_LENGTH,
  ]).toEqual([4, 8, 16, 112, 128, 132, 380, 512])
  expect([
    descriptor.REGISTRATION_ID_OFFSET,
    descriptor.OWNER_ID_OFFSET,
    descriptor.REFERENCE_ID_OFFSET,
    descriptor.COUNTER_LENGTH,
  ]).toEqual([8, 16, 24, 128])
})

test('CountersManager.allocate() writes what CountersReader reads', () => {
  const id = manager.allocate({ label: 'pub-lmt: 1', typeId: 1, key: key(42) })
  manager.allocate({ label: 'plain' })
  manager.setCounterRegistrationId(id, 77n)
  manager.setCounterOwnerId(id, -1n)
  manager.setCounterReferenceId(id, 99n)
  manager.setCounterValue(id, 2n ** 63n - 1n)
  expect(labels()).toEqual(['0 1 42 pub-lmt: 1', '1 0 0 plain'])
  expect([reader.getCounterState(id), reader.getCounterTypeId(id), reader.getCounterLabel(id)]).toEqual([
    1,
    1,
    'pub-lmt: 1',
  ])
  expect([
    reader.getCounterValue(id),
    reader.getCounterRegistrationId(id),
    reader.getCounterOwnerId(id),
    reader.getCounterReferenceId(id),
    reader.getFreeForReuseDeadline(id),
  ]).toEqual([2n ** 63n - 1n, 77n, -1n, 99n, descriptor.NOT_FREE_TO_REUSE])
  expect([metadata.getInt32(0), metadata.getInt32(4), metadata.getInt32(16), metadata.getInt32(128)]).toEqual(
    [1, 1, 42, 10],
  )
})

test('CountersReader finds counters by registration id and type, in use only', () => {
  for (const registrationId of [5n, 6n, 6n]) {
    const id = manager.allocate({ label: 'x', typeId: 10 + manager.available })
    manager.setCounterRegistrationId(id, registrationId)
  }
  expect([5n, 6n, 7n].map((id) => reader.findByRegistrationId(id))).toEqual([0, 1, -1])
  expect(reader.findByTypeIdAndRegistrationId(12, 6n)).toBe(2)
  expect(reader.findByTypeIdAndRegistrationId(12, 5n)).toBe(descriptor.NULL_COUNTER_ID)
  expect(reader.findCounter((id) => reader.getCounterTypeId(id) === 13)).toBe(1)
  manager.free(1)
  expect(reader.findByRegistrationId(6n)).toBe(2)
})

test('CountersReader skips freed counters and stops at the first never used', () => {
  for (const label of ['a', 'b', 'c']) manager.allocate({ label })
  manager.free(1)
  expect(labels()).toEqual(['0 0 0 a', '2 0 0 c'])
  metadata.putInt32(0, descriptor.RECORD_UNUSED)
  expect(labels()).toEqual([])
})

test('CountersManager.free() zeroes the key, keeps the rest, and reuses the id after the timeout only', () => {
  const id = manager.allocate({ label: 'old', typeId: 3, key: key(1) })
  manager.setCounterRegistrationId(id, 5n)
  manager.setCounterValue(id, 9n)
  manager.free(id)
  expect([
    reader.getCounterState(id),
    reader.getCounterKey(id).getInt32(0),
    reader.getCounterValue(id),
  ]).toEqual([-1, 0, 9n])
  expect(reader.getFreeForReuseDeadline(id)).toBe(1_001_000n)
  expect(manager.available).toBe(COUNT - 1)
  nowMs += 999
  expect(manager.allocate({ label: 'other' })).toBe(1)
  nowMs += 1
  expect(manager.available).toBe(COUNT - 1)
  expect(manager.allocate({ label: 'new' })).toBe(id)
  expect([
    reader.getCounterValue(id),
    reader.getCounterRegistrationId(id),
    reader.getCounterTypeId(id),
  ]).toEqual([0n, 0n, 0])
  expect(reader.getCounterLabel(id)).toBe('new')
})

test('CountersManager says when there is no counter left, and what cannot be freed', () => {
  for (let id = 0; id < COUNT; id++) manager.allocate({ label: String(id) })
  expect(manager.available).toBe(0)
  expect(() => manager.allocate({ label: 'x' })).toThrow(/all 4 are in use/)
  manager.free(2)
  expect(() => manager.free(2)).toThrow(/Cannot free counter 2: it is not in use, its state is -1/)
  expect(() => manager.free(COUNT)).toThrow(RangeError)
  expect(() => manager.allocate({ label: 'x', key: new Uint8Array(113) })).toThrow(/at most 112 bytes.*113/)
})

test('CountersManager cuts labels off at 380 bytes', () => {
  const id = manager.allocate({ label: 'a'.repeat(400) })
  expect(reader.getCounterLabel(id)).toBe('a'.repeat(380))
  manager.setCounterLabel(id, 'b'.repeat(378))
  manager.appendToLabel(id, 'cde')
  expect(reader.getCounterLabel(id)).toBe(`${'b'.repeat(378)}cd`)
  expect(reader.getCounterState(1)).toBe(descriptor.RECORD_UNUSED)
})

test('CountersReader refuses ids and buffers that do not fit', () => {
  expect(reader.maxCounterId).toBe(COUNT - 1)
  for (const id of [-1, COUNT, Number.NaN]) {
    expect(() => reader.getCounterValue(id)).toThrow(/id must be from 0 to 3/)
    expect(() => reader.getCounterLabel(id)).toThrow(RangeError)
  }
  expect(() => new CountersReader(AtomicBuffer.allocate(511), AtomicBuffer.allocate(128))).toThrow(
    /at least 512/,
  )
})

test('CountersReader bounds a label length that is being written', () => {
  manager.allocate({ label: 'x' })
  for (const length of [-5, 5000]) {
    metadata.putInt32(128, length)
    expect(reader.getCounterLabel(0).length).toBeLessThanOrEqual(380)
  }
})

test('AtomicCounter changes just its own value', () => {
  const counter = new AtomicCounter(values, 2)
  counter.set(5n)
  expect([counter.increment(), counter.decrement(), counter.getAndAdd(10n), counter.get()]).toEqual([
    5n,
    6n,
    5n,
    15n,
  ])
  counter.setRelease(-1n)
  expect([counter.compareAndSet(0n, 1n), counter.compareAndSet(-1n, 1n)]).toEqual([false, true])
  expect([reader.getCounterValue(1), reader.getCounterValue(2), reader.getCounterValue(3)]).toEqual([
    0n,
    1n,
    0n,
  ])
  expect(counter.id).toBe(2)
})

test('Position reads and writes the value of a counter as a number', () => {
  const position = new Position(values, 1)
  position.setRelease(2 ** 40 + 5)
  expect([position.id, position.get(), position.getAcquire(), reader.getCounterValue(1)]).toEqual([
    1,
    2 ** 40 + 5,
    2 ** 40 + 5,
    2n ** 40n + 5n,
  ])
  expect([position.proposeMaxRelease(7), position.get()]).toEqual([false, 2 ** 40 + 5])
  expect([position.proposeMaxRelease(2 ** 41), position.get()]).toEqual([true, 2 ** 41])
  position.set(-1)
  expect(reader.getCounterValue(1)).toBe(-1n)
  values.putInt64(128, 2n ** 63n - 1n)
  expect(() => position.getAcquire()).toThrow(RangeError)
})

test('AtomicCounter and Position refuse an id outside the buffer', () => {
  for (const id of [-1, COUNT]) {
    expect(() => new AtomicCounter(values, id)).toThrow(RangeError)
    expect(() => new Position(values, id)).toThrow(RangeError)
  }
})
