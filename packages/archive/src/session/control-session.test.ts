import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import { BACK_PRESSURED, NOT_CONNECTED, type FragmentHandler, type Header } from '@x/client'
import {
  ControlResponseCode,
  ControlResponseEncoder,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  RecordingDescriptorEncoder,
  RecordingSignal,
  RecordingSignalEventEncoder,
  StartPositionRequestDecoder,
} from '@x/codecs/archive'
import { resolveAeronArchiveOptions } from '../aeron-archive-options.ts'
import { isArchiveError } from '../archive-error.ts'
import type { ArchiveRequest } from '../requests/archive-request.ts'
import { ControlSession, type ControlSessionParts } from './control-session.ts'
import type { RecordingDescriptor } from '../recording/recording-descriptor.ts'
import type { RecordingSignalEvent } from '../recording/recording-signal.ts'
import { RequestRunner } from '../requests/request-runner.ts'
import { listRecordings, listRecordingsForUri, startPosition } from '../requests/query-requests.ts'

const SESSION_ID = 5n
const UNFRAGMENTED = 0xc0

let nowMs: number
let result: number
let isConnected: boolean
let closed: string[]
let clientError: Error | undefined
let sent: Uint8Array[]
let arrived: AtomicBuffer[]
let signals: RecordingSignalEvent[]
let session: ControlSession
let requests: RequestRunner

beforeEach(() => {
  nowMs = 0
  result = 1
  isConnected = true
  closed = []
  clientError = undefined
  sent = []
  arrived = []
  signals = []
  let correlationId = 100n
  const parts = {
    aeron: {
      nextCorrelationId: () => ++correlationId,
      get isClosed() {
        return clientError !== undefined
      },
      get closeCause() {
        return clientError
      },
      close: () => closed.push('aeron'),
    },
    ownsAeron: true,
    options: resolveAeronArchiveOptions({
      controlRequestChannel: 'aeron:ipc',
      controlResponseChannel: 'aeron:ipc',
      messageTimeoutMs: 1_000,
      onRecordingSignal: (event) => signals.push(event),
    }),
    publication: {
      isConnected: true,
      maxMessageLength: 8192,
      offer: (message: Uint8Array) => {
        if (result > 0) sent.push(message)
        return result
      },
      close: () => closed.push('publication'),
    },
    subscription: {
      get isConnected() {
        return isConnected
      },
      poll: (handler: FragmentHandler) => {
        const buffers = arrived.splice(0)
        const header = { flags: UNFRAGMENTED } as Header
        for (const buffer of buffers) handler(buffer, 0, buffer.capacity, header)
        return buffers.length
      },
      close: () => closed.push('subscription'),
    },
    controlSessionId: SESSION_ID,
    archiveId: 1n,
    archiveVersion: 1,
    nowMs: () => nowMs,
  }
  session = new ControlSession(parts as unknown as ControlSessionParts)
  requests = new RequestRunner(session, { doWork: () => session.doWork(), wait: () => undefined })
})

function respond(
  correlationId: bigint,
  relevantId: bigint,
  code: ControlResponseCode,
  sessionId = SESSION_ID,
): void {
  const buffer = AtomicBuffer.allocate(128)
  new ControlResponseEncoder()
    .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
    .controlSessionId(sessionId)
    .correlationId(correlationId)
    .relevantId(relevantId)
    .code(code)
    .version(0)
    .errorMessage(code === ControlResponseCode.ERROR ? 'the archive says no' : '')
  arrived.push(buffer)
}

function describe(correlationId: bigint, recordingId: bigint): void {
  const buffer = AtomicBuffer.allocate(256)
  new RecordingDescriptorEncoder()
    .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
    .controlSessionId(SESSION_ID)
    .correlationId(correlationId)
    .recordingId(recordingId)
    .strippedChannel('aeron:ipc')
    .originalChannel('aeron:ipc?alias=x')
    .sourceIdentity('aeron:ipc')
  arrived.push(buffer)
}

function ask(recordingId = 9n): ArchiveRequest<number> {
  return requests.position(`get the start position of recording ${recordingId}`, startPosition(recordingId))
}

function list(count: number): ArchiveRequest<readonly RecordingDescriptor[]> {
  return requests.listing<RecordingDescriptor>('list recordings', listRecordings(0n, count), count)
}

function failureOf(request: ArchiveRequest<unknown>): unknown {
  request.poll()
  try {
    return request.result
  } catch (error) {
    return error
  }
}

test('ControlSession sends a request for its session, and tells answers apart by correlation id', () => {
  const first = ask(1n)
  const second = ask(2n)
  const decoder = new StartPositionRequestDecoder()
  const header = new MessageHeaderDecoder()
  decoder.wrapAndApplyHeader(sent[1] ?? new Uint8Array(0), 0, header)
  expect([decoder.controlSessionId, decoder.correlationId, decoder.recordingId]).toEqual([
    SESSION_ID,
    second.correlationId,
    2n,
  ])
  respond(second.correlationId, 64n, ControlResponseCode.OK)
  respond(first.correlationId, 1n, ControlResponseCode.OK, SESSION_ID + 1n)
  expect(second.poll()).toBe(true)
  expect(second.result).toBe(64)
  expect(first.poll()).toBe(false)
  respond(first.correlationId, 5n, ControlResponseCode.ERROR)
  expect(isArchiveError(failureOf(first), 'UNKNOWN_RECORDING')).toBe(true)
})

test('ControlSession keeps requests in order while the archive does not take them', () => {
  result = BACK_PRESSURED
  const first = ask(1n)
  const second = ask(2n)
  expect(session.trySend(new Uint8Array(1))).toBe(false)
  expect(sent).toHaveLength(0)
  result = 1
  session.doWork()
  expect(sent).toHaveLength(2)
  respond(first.correlationId, 1n, ControlResponseCode.OK)
  respond(second.correlationId, 2n, ControlResponseCode.OK)
  expect([first.waitSync(), second.waitSync()]).toEqual([1, 2])
})

test('ControlSession sends the next listing when one has ended, and other requests at once', () => {
  const first = list(2)
  const second = list(5)
  const other = ask()
  expect(sent).toHaveLength(2)
  describe(first.correlationId, 10n)
  describe(first.correlationId, 11n)
  session.doWork()
  expect(sent).toHaveLength(3)
  describe(second.correlationId, 10n)
  respond(second.correlationId, 11n, ControlResponseCode.RECORDING_UNKNOWN)
  expect(first.waitSync().map((each) => each.recordingId)).toEqual([10n, 11n])
  expect(second.waitSync().map((each) => each.recordingId)).toEqual([10n])
  expect(other.isDone).toBe(false)
})

test('ControlSession restarts the timeout of a listing with each descriptor, and frees the way after it', () => {
  const first = list(5)
  const second = list(1)
  nowMs = 900
  describe(first.correlationId, 1n)
  expect(first.poll()).toBe(false)
  nowMs = 1_800
  expect(first.poll()).toBe(false)
  nowMs = 1_901
  expect(isArchiveError(failureOf(first), 'RESPONSE_TIMEOUT')).toBe(true)
  session.doWork()
  expect(sent).toHaveLength(2)
  describe(second.correlationId, 1n)
  expect(second.waitSync()).toHaveLength(1)
})

test('ControlSession fails a request that is not answered in time, and takes the late answer for no error', () => {
  const request = ask()
  nowMs = 1_001
  const error = failureOf(request)
  expect(isArchiveError(error, 'RESPONSE_TIMEOUT') && error.context).toEqual({
    request: 'get the start position of recording 9',
    correlationId: request.correlationId,
    messageTimeoutMs: 1_000,
  })
  respond(request.correlationId, 1n, ControlResponseCode.OK)
  session.doWork()
  expect(session.takeError()).toBeUndefined()
})

test('ControlSession keeps errors that belong to no open request, and drops the oldest of too many', () => {
  for (let id = 0n; id < 120n; id++) respond(id, 0n, ControlResponseCode.ERROR)
  session.doWork()
  const error = session.takeError()
  expect(isArchiveError(error, 'GENERIC') && error.context.correlationId).toBe(20n)
  let left = 0
  while (session.takeError() !== undefined) left++
  expect(left).toBe(99)
})

test('ControlSession takes a message of another schema for an error, and goes on', () => {
  const buffer = AtomicBuffer.allocate(64)
  new MessageHeaderEncoder().wrap(buffer, 0).blockLength(8).templateId(1).schemaId(7).version(1)
  arrived.push(buffer)
  const request = ask()
  session.doWork()
  expect(isArchiveError(session.takeError(), 'RESPONSE_INVALID')).toBe(true)
  respond(request.correlationId, 3n, ControlResponseCode.OK)
  expect(request.waitSync()).toBe(3)
})

test('ControlSession leaves out templates that it does not know', () => {
  const buffer = AtomicBuffer.allocate(64)
  new MessageHeaderEncoder().wrap(buffer, 0).blockLength(8).templateId(106).schemaId(101).version(11)
  arrived.push(buffer)
  session.doWork()
  expect(session.takeError()).toBeUndefined()
})

test('ControlSession tells the signals of its own recordings', () => {
  for (const sessionId of [SESSION_ID, SESSION_ID + 1n]) {
    const buffer = AtomicBuffer.allocate(64)
    new RecordingSignalEventEncoder()
      .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
      .controlSessionId(sessionId)
      .correlationId(1n)
      .recordingId(2n)
      .subscriptionId(3n)
      .position(4)
      .signal(RecordingSignal.STOP)
    arrived.push(buffer)
  }
  session.doWork()
  expect(signals).toEqual([
    { correlationId: 1n, recordingId: 2n, subscriptionId: 3n, position: 4, signal: RecordingSignal.STOP },
  ])
})

test('ControlSession fails what is open when the archive is gone, and closes itself at the next request', () => {
  const request = ask()
  isConnected = false
  expect(isArchiveError(failureOf(request), 'NOT_CONNECTED')).toBe(true)
  expect(session.isConnected).toBe(false)
  expect(() => ask()).toThrow('connect again')
  expect(session.isClosed).toBe(true)
  expect(closed).toEqual(['publication', 'subscription', 'aeron'])
  expect(() => ask()).toThrow('the archive client is closed')
})

test('ControlSession notices with a request that the archive is gone', () => {
  result = NOT_CONNECTED
  expect(isArchiveError(failureOf(ask()), 'NOT_CONNECTED')).toBe(true)
})

test('ControlSession.close() tells the archive, once, and fails what is open', () => {
  const request = ask()
  session.close()
  session.close()
  expect(sent).toHaveLength(2)
  expect(closed).toEqual(['publication', 'subscription', 'aeron'])
  expect(isArchiveError(failureOf(request), 'CLOSED')).toBe(true)
})

test('ControlSession refuses a request that is longer than the control stream allows', () => {
  expect(() =>
    requests.listing('list recordings of a long text', listRecordingsForUri(0n, 1, 'x'.repeat(9000), 1), 1),
  ).toThrow(RangeError)
  expect(session.doWork()).toBe(0)
})

test('a wait for a signal of a recording does not end by an error that belongs to no request', () => {
  respond(-1n, 0n, ControlResponseCode.ERROR)
  session.doWork()
  const waiting = requests.signal({ recordingId: 3n }, 1_000)
  respond(-1n, 0n, ControlResponseCode.ERROR)
  expect(waiting.poll()).toBe(false)
})

test('what the archive did is taken back when a request is given up whose answer has come unseen, and only then', () => {
  const undone: bigint[] = []
  const onLateOk = (relevantId: bigint): void => void undone.push(relevantId)
  const [seen, unseen] = [0, 1].map(() => requests.id('start', startPosition(9n), { onLateOk })) as [
    ArchiveRequest<bigint>,
    ArchiveRequest<bigint>,
  ]
  respond(seen.correlationId, 7n, ControlResponseCode.OK)
  respond(unseen.correlationId, 8n, ControlResponseCode.OK)
  expect(seen.waitSync()).toBe(7n)
  seen.cancel()
  expect(undone).toEqual([])
  unseen.cancel()
  expect(undone).toEqual([8n])
})

test('ControlSession is NOT_CONNECTED, with the reason, once its Aeron client has ended', () => {
  const request = ask()
  clientError = new Error('the driver has died')
  expect(session.isConnected).toBe(false)
  const error = failureOf(request)
  expect(isArchiveError(error, 'NOT_CONNECTED') && error.cause).toBe(clientError)
  expect(() => ask()).toThrow('the Aeron client has ended, the driver has died; connect again')
  expect(closed).toContain('publication')
})
