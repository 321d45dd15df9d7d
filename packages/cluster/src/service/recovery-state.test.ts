import { AtomicBuffer } from '@x/atomic'
import { expect, test } from 'vitest'
import { decodeRecoveryState, NO_LEADERSHIP_TERM } from './recovery-state.ts'

// Both keys were captured from a running consensus module of Aeron 1.51.0.
function keyOf(hex: string): AtomicBuffer {
  return AtomicBuffer.wrap(new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex')))
}

test('decodeRecoveryState() reads a start from nothing', () => {
  const key = keyOf('ffffffffffffffff 0000000000000000 0000000000000000 00000000 00000000')
  expect(decodeRecoveryState(key)).toEqual({
    leadershipTermId: NO_LEADERSHIP_TERM,
    logPosition: 0,
    timestamp: 0n,
    snapshotRecordingIds: [],
  })
})

test('decodeRecoveryState() reads a snapshot of one service', () => {
  const key = keyOf('0000000000000000 a015000000000000 02dd9104a2010000 00000000 01000000 0300000000000000')
  expect(decodeRecoveryState(key)).toEqual({
    leadershipTermId: 0n,
    logPosition: 5536,
    timestamp: 0x1a2_0491_dd02n,
    snapshotRecordingIds: [3n],
  })
})
