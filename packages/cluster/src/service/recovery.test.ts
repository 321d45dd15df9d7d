import { AtomicBuffer } from '@x/atomic'
import { CountersManager } from '@x/atomic/status'
import { expect, test } from 'vitest'
import { isClusterError } from '../cluster-error.ts'
import { COMMIT_POSITION_TYPE_ID, RECOVERY_STATE_TYPE_ID } from './cluster-counters.ts'
import type { ResolvedContainerOptions } from './container-options.ts'
import type { CommitPosition } from './commit-position.ts'
import { Recovery, snapshotRecordingId } from './recovery.ts'

const CLUSTER_ID = 5
const MS = 1_000_000n

function setUp(): {
  counters: CountersManager
  recovery: Recovery
  watched: CommitPosition[]
  addCommitPosition: (clusterId: number) => number
  addRecoveryState: (clusterId: number) => number
} {
  const counters = new CountersManager(AtomicBuffer.allocate(16 * 512), AtomicBuffer.allocate(16 * 128))
  const watched: CommitPosition[] = []
  const options = { clusterId: CLUSTER_ID, aeronDirectory: '/dev/shm/x', consensusModuleTimeoutMs: 100 }
  const recovery = new Recovery(counters, options as unknown as ResolvedContainerOptions, (found) =>
    watched.push(found),
  )
  let registrationId = 10n
  const add = (typeId: number, key: AtomicBuffer): number => {
    const id = counters.allocate({ typeId, key, label: 'test' })
    counters.setCounterRegistrationId(id, registrationId++)
    return id
  }
  const addCommitPosition = (clusterId: number): number => {
    const key = AtomicBuffer.allocate(8)
    key.putInt32(0, clusterId)
    return add(COMMIT_POSITION_TYPE_ID, key)
  }
  const addRecoveryState = (clusterId: number): number => {
    const key = AtomicBuffer.allocate(32)
    key.putInt64(0, -1n)
    key.putInt64(8, 0n)
    key.putInt32(24, clusterId)
    return add(RECOVERY_STATE_TYPE_ID, key)
  }
  return { counters, recovery, watched, addCommitPosition, addRecoveryState }
}

function errorOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

test('Recovery.poll() waits for the commit position, then for the recovery state, of its own cluster', () => {
  const { counters, recovery, watched, addCommitPosition, addRecoveryState } = setUp()
  addCommitPosition(CLUSTER_ID + 1)
  addRecoveryState(CLUSTER_ID)
  expect(recovery.poll(0n)).toBeUndefined()
  expect(watched).toHaveLength(0)
  const id = addCommitPosition(CLUSTER_ID)
  counters.setCounterValue(id, 96n)
  const found = recovery.poll(1n)
  expect(found?.commitPosition.get()).toBe(96)
  expect(found?.state.logPosition).toBe(0)
  expect(watched).toHaveLength(1)
})

test('CommitPosition.isClosed is true once the counter is freed', () => {
  const { counters, recovery, watched, addCommitPosition } = setUp()
  const id = addCommitPosition(CLUSTER_ID)
  recovery.poll(0n)
  expect(watched[0]?.isClosed).toBe(false)
  counters.free(id)
  expect(watched[0]?.isClosed).toBe(true)
})

test('Recovery.poll() names what it waited for when it gives up', () => {
  const { recovery, addCommitPosition } = setUp()
  expect(recovery.poll(0n)).toBeUndefined()
  expect(recovery.poll(100n * MS)).toBeUndefined()
  const first = errorOf(() => recovery.poll(101n * MS))
  if (!isClusterError(first, 'CONSENSUS_MODULE_NOT_FOUND'))
    throw new Error('expected CONSENSUS_MODULE_NOT_FOUND')
  expect(first.context.awaited).toBe('commit position counter')
  addCommitPosition(CLUSTER_ID)
  const second = errorOf(() => recovery.poll(102n * MS))
  if (!isClusterError(second, 'CONSENSUS_MODULE_NOT_FOUND'))
    throw new Error('expected CONSENSUS_MODULE_NOT_FOUND')
  expect(second.context.awaited).toBe('recovery state counter')
})

test('snapshotRecordingId() is that of the service, and none for a start from nothing', () => {
  const state = { leadershipTermId: 1n, logPosition: 96, timestamp: 0n, snapshotRecordingIds: [7n, 8n] }
  expect(snapshotRecordingId(state, 1)).toBe(8n)
  expect(
    snapshotRecordingId({ ...state, leadershipTermId: -1n, snapshotRecordingIds: [] }, 0),
  ).toBeUndefined()
})

test('snapshotRecordingId() refuses a snapshot that was taken with fewer services', () => {
  const state = { leadershipTermId: 1n, logPosition: 96, timestamp: 0n, snapshotRecordingIds: [7n] }
  const error = errorOf(() => snapshotRecordingId(state, 1))
  if (!isClusterError(error, 'RECOVERY_STATE_INVALID')) throw new Error('expected RECOVERY_STATE_INVALID')
  expect(error.context).toEqual({ serviceId: 1, serviceCount: 1 })
})
