import { expect, test } from 'vitest'
import { ArchiveError, isArchiveError } from '../archive-error.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import { checkRecording, failureOf, withoutLosses } from './persistent-subscription-failure.ts'
import {
  FROM_LIVE,
  FROM_START,
  resolvePersistentSubscriptionOptions,
} from './persistent-subscription-options.ts'
import type { RecordingDescriptor } from '../recording/recording-descriptor.ts'

function recording(startPosition: number, stopPosition: number): RecordingDescriptor {
  return { recordingId: 7n, streamId: 5, startPosition, stopPosition } as RecordingDescriptor
}

function expectation(position: number, lastLivePosition = -1): Parameters<typeof checkRecording>[1] {
  return { recordingId: 7n, liveStreamId: 5, position, lastLivePosition }
}

function reasonOf(act: () => unknown): string {
  try {
    act()
    return 'none'
  } catch (error) {
    return isArchiveError(error, 'PERSISTENT_SUBSCRIPTION_FAILED') ? error.context.reason : String(error)
  }
}

for (const [name, start, stop, from, position, isLive] of [
  ['the start of an active recording', 64, -1, FROM_START, 64, false],
  ['a position of an active recording', 64, -1, 128, 128, false],
  ['the end of a stopped recording', 64, 256, 256, 256, true],
  ['the start of an empty stopped recording', 64, 64, FROM_START, 64, true],
  ['a position of a stopped recording', 64, 256, 128, 128, false],
  ['what is live', 64, 256, FROM_LIVE, FROM_LIVE, true],
] as const) {
  test(`checkRecording() goes on from ${name}`, () => {
    expect(checkRecording(recording(start, stop), expectation(from))).toMatchObject({ position, isLive })
  })
}

test('checkRecording() tells why a persistent subscription cannot go on', () => {
  expect(reasonOf(() => checkRecording(undefined, expectation(0)))).toBe('RECORDING_NOT_FOUND')
  const other = { ...expectation(0), liveStreamId: 6 }
  expect(reasonOf(() => checkRecording(recording(0, -1), other))).toBe('STREAM_ID_MISMATCH')
  for (const [start, stop, position, lastLivePosition] of [
    [64, -1, 32, -1],
    [0, 256, 288, -1],
    [0, 256, 128, 288],
    [0, 256, FROM_LIVE, 288],
  ] as const) {
    const act = (): unknown => checkRecording(recording(start, stop), expectation(position, lastLivePosition))
    expect(reasonOf(act)).toBe('INVALID_START_POSITION')
  }
})

test('failureOf() keeps what the archive said as the cause', () => {
  const response = { errorCode: 16, correlationId: 1n }
  const cause = new ArchiveError('INVALID_POSITION', 'Cannot replay: before the start', response)
  const failure = failureOf(7n, cause)
  expect(failure.context).toEqual({ recordingId: 7n, reason: 'INVALID_START_POSITION' })
  expect(failure.cause).toBe(cause)
  expect(failureOf(7n, failure)).toBe(failure)
  const unknown = new ArchiveError('UNKNOWN_RECORDING', 'Cannot replay: no', {
    errorCode: 5,
    correlationId: 1n,
  })
  expect(failureOf(7n, unknown).context.reason).toBe('RECORDING_NOT_FOUND')
  expect(failureOf(7n, 'text').context.reason).toBe('GENERIC')
})

function* throwing(error: Error): RequestSteps<number> {
  yield undefined
  throw error
}

function runToEnd<T>(steps: RequestSteps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

test('withoutLosses() gives undefined for a loss, and throws the rest', () => {
  const lost = new ArchiveError('NOT_CONNECTED', 'Cannot replay: gone', { controlSessionId: 1n })
  expect(runToEnd(withoutLosses(throwing(lost)))).toBeUndefined()
  expect(() => runToEnd(withoutLosses(throwing(new TypeError('no'))))).toThrow(TypeError)
})

test('resolvePersistentSubscriptionOptions() fills in the defaults and forbids the replay to rejoin', () => {
  const options = {
    archive: { controlRequestChannel: 'aeron:ipc', controlResponseChannel: 'aeron:ipc' },
    recordingId: 1n,
    liveChannel: 'aeron:ipc',
    liveStreamId: 1,
    replayChannel: 'aeron:udp?endpoint=localhost:0',
    replayStreamId: 2,
  }
  const resolved = resolvePersistentSubscriptionOptions(options)
  expect(resolved.replayChannel).toBe('aeron:udp?endpoint=localhost:0|rejoin=false')
  expect(resolved.startPosition).toBe(FROM_LIVE)
  expect(() => resolvePersistentSubscriptionOptions({ ...options, liveChannel: 'udp' })).toThrow(SyntaxError)
  const response = 'aeron:udp?control-mode=response|control=localhost:1'
  expect(() => resolvePersistentSubscriptionOptions({ ...options, replayChannel: response })).toThrow(
    TypeError,
  )
})
