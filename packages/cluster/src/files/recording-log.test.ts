import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AtomicBuffer } from '@x/atomic'
import { expect, test } from 'vitest'
import { readRecordingLog } from './recording-log.ts'

const REMOVED = -1
const STANDBY_SNAPSHOT = 2
const INVALID = 0x8000_0000 | 0

test('readRecordingLog() passes over removed entries, and reads the endpoint of a standby snapshot, however long', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recording-log-'))
  const endpoint = `standby-${'x'.repeat(60)}:8010`
  const log = AtomicBuffer.allocate(64 + 128 + 64)
  log.putInt32(44, REMOVED)
  log.putInt64(64, 7n)
  log.putInt64(64 + 24, 4_096n)
  log.putInt32(64 + 44, STANDBY_SNAPSHOT)
  log.putStringAscii(64 + 48, endpoint)
  log.putInt64(192, 8n)
  log.putInt32(192 + 44, STANDBY_SNAPSHOT | INVALID)
  log.putStringAscii(192 + 48, 'b:1')
  try {
    writeFileSync(join(folder, 'recording.log'), log.bytes)
    expect(readRecordingLog(folder)).toMatchObject([
      {
        kind: 'standby-snapshot',
        isValid: true,
        recordingId: 7n,
        logPosition: 4_096,
        archiveEndpoint: endpoint,
      },
      { kind: 'standby-snapshot', isValid: false, recordingId: 8n, archiveEndpoint: 'b:1' },
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
