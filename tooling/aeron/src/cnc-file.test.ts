import { expect, test } from 'vitest'
import { parseCounters, readCounters, readDriverState } from './cnc-file.ts'
import type { CounterSnapshot } from './cnc-file.ts'

const BATCH_COUNT = 64

function batch(): { metadata: Buffer; values: Buffer } {
  return { metadata: Buffer.alloc(BATCH_COUNT * 512), values: Buffer.alloc(BATCH_COUNT * 128) }
}

function addCounter({ metadata, values }: ReturnType<typeof batch>, index: number, state: number): void {
  metadata.writeInt32LE(state, index * 512)
  metadata.writeInt32LE(200 + index, index * 512 + 4)
  metadata.writeInt32LE(7, index * 512 + 16)
  metadata.writeInt32LE(5, index * 512 + 128)
  metadata.write('label', index * 512 + 132)
  values.writeBigInt64LE(40n + BigInt(index), index * 128)
  values.writeBigInt64LE(90n + BigInt(index), index * 128 + 8)
}

test('parseCounters() reads allocated records, skips reclaimed ones and stops at an unused one', () => {
  const counters = batch()
  addCounter(counters, 0, 1)
  addCounter(counters, 1, -1)
  addCounter(counters, 2, 1)
  addCounter(counters, 4, 1)
  const found: CounterSnapshot[] = []
  expect(parseCounters(counters.metadata, counters.values, 64, found)).toBe(false)
  expect(found).toMatchObject([
    { id: 64, typeId: 200, label: 'label', value: 40n, registrationId: 90n },
    { id: 66, typeId: 202, label: 'label', value: 42n, registrationId: 92n },
  ])
  expect(found[0]?.key.readInt32LE(0)).toBe(7)
})

test('parseCounters() of a full batch asks for the next', () => {
  const counters = batch()
  for (let index = 0; index < BATCH_COUNT; index++) addCounter(counters, index, 1)
  const found: CounterSnapshot[] = []
  expect(parseCounters(counters.metadata, counters.values, 0, found)).toBe(true)
  expect(found).toHaveLength(BATCH_COUNT)
})

test('readCounters() and readDriverState() find nothing where there is no driver', () => {
  expect(readCounters('/nowhere')).toEqual([])
  expect(readDriverState('/nowhere')).toBeUndefined()
})
