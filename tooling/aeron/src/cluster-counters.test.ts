import { expect, test } from 'vitest'
import { clusterMemberState, hasServiceContainer } from './cluster-counters.ts'
import type { CounterSnapshot } from './cnc-file.ts'

function counter(typeId: number, value: bigint, key: Buffer = Buffer.alloc(112)): CounterSnapshot {
  return { id: typeId, typeId, label: '', key, value, registrationId: 0n }
}

const STARTING = [counter(200, 0n), counter(201, 0n), counter(203, 0n), counter(207, 0n), counter(239, 0n)]

test('clusterMemberState() is undefined without a consensus module', () => {
  expect(clusterMemberState([counter(11, 5n)])).toBeUndefined()
})

test('clusterMemberState() is not ready for a service before the recovery counter is there', () => {
  expect(clusterMemberState(STARTING)).toMatchObject({ moduleState: 'INIT', isReadyForService: false })
  expect(clusterMemberState([...STARTING, counter(204, 0n)])).toMatchObject({ isReadyForService: true })
})

test('clusterMemberState() of a leader tells its term and commit position', () => {
  const leading = [
    counter(200, 1n),
    counter(201, 2n),
    counter(203, 96n),
    counter(205, 1n),
    counter(207, 17n),
    counter(239, 3n),
  ]
  expect(clusterMemberState(leading)).toEqual({
    role: 'LEADER',
    moduleState: 'ACTIVE',
    isElected: true,
    isReadyForService: true,
    leadershipTermId: 3n,
    commitPosition: 96,
    snapshotCount: 1,
  })
})

test('hasServiceContainer() looks at the service id in the key', () => {
  const key = Buffer.alloc(112)
  key.writeInt32LE(1, 4)
  expect(hasServiceContainer([counter(215, 0n, key)], 1)).toBe(true)
  expect(hasServiceContainer([counter(215, 0n, key)], 0)).toBe(false)
})
