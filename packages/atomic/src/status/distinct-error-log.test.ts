import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '../atomic-buffer.ts'
import { DistinctErrorLog } from './distinct-error-log.ts'
import { hasErrors, readErrorLog } from './error-log-reader.ts'

let buffer: AtomicBuffer
let log: DistinctErrorLog
let nowMs = 0
beforeEach(() => {
  nowMs = 1000
  buffer = AtomicBuffer.allocate(8192)
  log = new DistinctErrorLog(buffer, { timeMs: () => nowMs })
})

type Entry = [number, bigint, bigint, string]
function read(sinceTimestampMs?: bigint): Entry[] {
  const entries: Entry[] = []
  const count = readErrorLog(buffer, (...entry) => entries.push(entry), sinceTimestampMs)
  expect(count).toBe(entries.length)
  return entries
}

function bare(message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? {} : { cause })
  error.stack = `Error: ${message}`
  return error
}

test('DistinctErrorLog.record() lays a record out as in Agrona', () => {
  expect(hasErrors(buffer)).toBe(false)
  expect(log.record(bare('no'))).toBe(true)
  expect(hasErrors(buffer)).toBe(true)
  expect([buffer.getInt32(0), buffer.getInt32(4), buffer.getInt64(8), buffer.getInt64(16)]).toEqual([
    33,
    1,
    1000n,
    1000n,
  ])
  expect(buffer.getStringWithoutLengthUtf8(24, 9)).toBe('Error: no')
  log.record(bare('second'))
  expect(buffer.getInt32(40)).toBe(37)
})

test('DistinctErrorLog counts an error that is seen again', () => {
  const error = new TypeError('again')
  log.record(error)
  nowMs = 2000
  log.record(error)
  const other = new TypeError('again')
  other.stack = error.stack ?? ''
  nowMs = 3000
  log.record(other)
  expect(read()).toEqual([[3, 1000n, 3000n, error.stack]])
})

test('DistinctErrorLog tells errors apart by message and by cause', () => {
  log.record(bare('a'))
  log.record(bare('b'))
  log.record(bare('a', bare('deep')))
  log.record('just text')
  expect(read().map((entry) => entry[3])).toEqual([
    'Error: a',
    'Error: b',
    'Error: a\nCaused by: Error: deep',
    'just text',
  ])
})

test('DistinctErrorLog ends an error that causes itself', () => {
  const error = bare('loop')
  error.cause = error
  expect(log.record(error)).toBe(true)
  expect(read()).toHaveLength(1)
})

test('DistinctErrorLog.record() returns false when a new error does not fit, and still counts those it has', () => {
  buffer = AtomicBuffer.allocate(64)
  log = new DistinctErrorLog(buffer, { timeMs: () => nowMs })
  const first = bare('fits')
  expect([log.record(first), log.record(bare('does not fit any more')), log.record(first)]).toEqual([
    true,
    false,
    true,
  ])
  expect(read()).toEqual([[2, 1000n, 1000n, 'Error: fits']])
})

test('readErrorLog() leaves out what was last seen before a time', () => {
  log.record(bare('old'))
  nowMs = 5000
  log.record(bare('new'))
  expect(read(5000n).map((entry) => entry[3])).toEqual(['Error: new'])
})

test('readErrorLog() keeps inside a buffer with a length that is too long, or nonsense', () => {
  log.record(bare('x'))
  buffer.putInt32(0, 1 << 20)
  expect(read()).toHaveLength(1)
  buffer.putInt32(0, -5)
  expect(read()).toHaveLength(0)
  expect(hasErrors(AtomicBuffer.allocate(8))).toBe(false)
})

test('DistinctErrorLog.record() of two writers that share the next offset appends to one log', () => {
  const nextOffset = new Int32Array(new SharedArrayBuffer(4))
  const [one, other] = [1, 2].map(() => new DistinctErrorLog(buffer, { timeMs: () => nowMs }, nextOffset))
  one?.record(bare('first'))
  other?.record(bare('second'))
  one?.record(bare('third'))
  one?.record(bare('first'))
  expect(read().map(([count, , , text]) => [count, text])).toEqual([
    [2, 'Error: first'],
    [1, 'Error: second'],
    [1, 'Error: third'],
  ])
})
