import { expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import { COUNTER_LENGTH, CountersManager, METADATA_LENGTH, NULL_COUNTER_ID } from '@x/atomic/status'
import {
  findRecordingCounter,
  findRecordingCounterBySession,
  isRecordingActive,
  RECORDING_POSITION_TYPE_ID,
  recordingIdOfCounter,
  sourceIdentityOfCounter,
} from './recording-position.ts'

function counters(): CountersManager {
  return new CountersManager(
    AtomicBuffer.allocate(8 * METADATA_LENGTH),
    AtomicBuffer.allocate(8 * COUNTER_LENGTH),
  )
}

// Bytes that an archive of 1.51.0 wrote: recording 0, session 0x2a7a6840, source "aeron:ipc", archive 1.
const CAPTURED_KEY = Uint8Array.from(
  Buffer.from('000000000000000040687a2a090000006165726f6e3a6970630100000000000000', 'hex'),
)
const SESSION_ID = 0x2a7a6840

function allocate(
  manager: CountersManager,
  key: Uint8Array,
  typeId: number = RECORDING_POSITION_TYPE_ID,
): number {
  return manager.allocate({ label: 'rec-pos', typeId, key })
}

test('findRecordingCounterBySession() reads the key that a real archive wrote, with the archive id unaligned', () => {
  const manager = counters()
  allocate(manager, CAPTURED_KEY, 99)
  const counterId = allocate(manager, CAPTURED_KEY)
  expect(findRecordingCounterBySession(manager, SESSION_ID)).toBe(counterId)
  expect(findRecordingCounterBySession(manager, SESSION_ID, 1n)).toBe(counterId)
  expect(findRecordingCounterBySession(manager, SESSION_ID, 2n)).toBe(NULL_COUNTER_ID)
  expect(findRecordingCounterBySession(manager, SESSION_ID + 1, 1n)).toBe(NULL_COUNTER_ID)
  expect(findRecordingCounter(manager, 0n, 1n)).toBe(counterId)
  expect(findRecordingCounter(manager, 1n)).toBe(NULL_COUNTER_ID)
  expect(sourceIdentityOfCounter(manager, counterId)).toBe('aeron:ipc')
})

test('isRecordingActive() is over once the counter is freed, or belongs to another recording', () => {
  const manager = counters()
  const counterId = allocate(manager, CAPTURED_KEY)
  expect(isRecordingActive(manager, counterId, 0n)).toBe(true)
  expect(isRecordingActive(manager, counterId, 5n)).toBe(false)
  expect(isRecordingActive(manager, NULL_COUNTER_ID, 0n)).toBe(false)
  manager.free(counterId)
  expect(isRecordingActive(manager, counterId, 0n)).toBe(false)
  expect(recordingIdOfCounter(manager, counterId)).toBe(-1n)
  expect(sourceIdentityOfCounter(manager, counterId)).toBeUndefined()
})

test('findRecordingCounter() takes a source identity that does not fit its key for no match', () => {
  const manager = counters()
  for (const length of [0x7fff_0000, -100]) {
    const key = new Uint8Array(112)
    new DataView(key.buffer).setInt32(12, length, true)
    allocate(manager, key)
  }
  expect(findRecordingCounter(manager, 0n, 1n)).toBe(NULL_COUNTER_ID)
})
