import { AtomicBuffer } from '@x/atomic'
import { expect, test } from 'vitest'
import { readLossEntries } from './loss-report.ts'

function putEntry(report: AtomicBuffer, offset: number, channel: string, source: string): void {
  report.putInt64(offset, 3n)
  report.putInt64(offset + 8, 4_096n)
  report.putInt64(offset + 16, 10n)
  report.putInt64(offset + 24, 20n)
  report.putInt32(offset + 32, 7)
  report.putInt32(offset + 36, 10)
  report.putStringAscii(offset + 40, channel)
  report.putStringAscii(offset + 44 + Math.ceil(channel.length / 4) * 4, source)
}

test('readLossEntries() gives each entry, and ends where nothing is written or an entry is cut off', () => {
  const report = AtomicBuffer.allocate(256)
  putEntry(report, 0, 'aeron:udp?endpoint=localhost:1', '127.0.0.1:5')
  putEntry(report, 128, 'abc', 'd')
  const [first, second, ...more] = readLossEntries(report)
  expect(first).toEqual({
    observationCount: 3n,
    totalBytesLost: 4_096n,
    firstObservationTimestampMs: 10n,
    lastObservationTimestampMs: 20n,
    sessionId: 7,
    streamId: 10,
    channel: 'aeron:udp?endpoint=localhost:1',
    source: '127.0.0.1:5',
  })
  expect([second?.channel, second?.source, more]).toEqual(['abc', 'd', []])
  report.putInt32(128 + 40, 1_000)
  expect(readLossEntries(report)).toHaveLength(1)
})
