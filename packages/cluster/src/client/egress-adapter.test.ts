import { expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import { Action, type Header } from '@x/client'
import {
  AdminRequestType,
  AdminResponseCode,
  AdminResponseEncoder,
  EventCode,
  MessageHeaderEncoder,
  NewLeaderEventEncoder,
  SessionEventEncoder,
  SessionMessageHeaderEncoder,
} from '@x/codecs/cluster'
import { isClusterError } from '../cluster-error.ts'
import { EgressAdapter, type EgressSink } from './egress-adapter.ts'
import type { AdminResponse, NewLeader, SessionEvent } from './egress-listener.ts'

const SESSION_ID = 42n
const OFFSET = 24
const HEADER = {} as Header

class Sink implements EgressSink {
  readonly told: unknown[] = []
  action: Action = Action.CONTINUE
  onSessionMessage(
    clusterSessionId: bigint,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): Action {
    this.told.push([clusterSessionId, timestamp, buffer.getStringWithoutLengthAscii(offset, length)])
    return this.action
  }
  onSessionEvent(event: SessionEvent): void {
    this.told.push(event)
  }
  onNewLeader(event: NewLeader): void {
    this.told.push(event)
  }
  onAdminResponse(response: AdminResponse): void {
    this.told.push(response)
  }
  onOtherSchema(
    messageHeader: { readonly schemaId: number },
    _buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    this.told.push([messageHeader.schemaId, offset, length])
  }
}

function adapt(encode: (buffer: AtomicBuffer) => number, sink: Sink = new Sink()): Sink {
  const buffer = AtomicBuffer.allocate(512)
  const length = encode(buffer)
  const adapter = new EgressAdapter(SESSION_ID, sink)
  expect(adapter.onMessage(buffer, OFFSET, length, HEADER)).toBe(sink.action)
  return sink
}

function sessionMessage(buffer: AtomicBuffer, clusterSessionId: bigint): number {
  new SessionMessageHeaderEncoder()
    .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
    .leadershipTermId(3n)
    .clusterSessionId(clusterSessionId)
    .timestamp(1_234n)
  buffer.putStringWithoutLengthAscii(OFFSET + 32, 'hello')
  return 32 + 5
}

function sessionEvent(buffer: AtomicBuffer): number {
  const encoder = new SessionEventEncoder()
    .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
    .clusterSessionId(SESSION_ID)
    .correlationId(5n)
    .leadershipTermId(6n)
    .leaderMemberId(1)
    .code(EventCode.CLOSED)
    .version(768)
    .leaderHeartbeatTimeoutNs(9n)
    .detail('TIMEOUT')
  return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength
}

const SESSION_EVENT: SessionEvent = {
  clusterSessionId: SESSION_ID,
  correlationId: 5n,
  leadershipTermId: 6n,
  leaderMemberId: 1,
  code: EventCode.CLOSED,
  detail: 'TIMEOUT',
}

for (const action of Object.values(Action)) {
  test(`EgressAdapter hands a session message on, and its action "${action}" back`, () => {
    const sink = new Sink()
    sink.action = action
    adapt((buffer) => sessionMessage(buffer, SESSION_ID), sink)
    expect(sink.told).toEqual([[SESSION_ID, 1_234n, 'hello']])
  })
}

test('EgressAdapter leaves out what belongs to another session', () => {
  expect(adapt((buffer) => sessionMessage(buffer, SESSION_ID + 1n)).told).toEqual([])
  const other = adapt((buffer) => {
    const length = sessionEvent(buffer)
    buffer.putInt64(OFFSET + 8, SESSION_ID + 1n)
    return length
  })
  expect(other.told).toEqual([])
})

test('EgressAdapter decodes a session event', () => {
  expect(adapt(sessionEvent).told).toEqual([SESSION_EVENT])
})

test('EgressAdapter decodes a session event of an older version, which has a shorter block', () => {
  const sink = adapt((buffer) => {
    sessionEvent(buffer)
    // Before version 6 the block ended after the code, at 32 bytes; the detail follows it.
    new MessageHeaderEncoder().wrap(buffer, OFFSET).blockLength(32).templateId(2).schemaId(111).version(5)
    return 8 + 32 + buffer.putStringAscii(OFFSET + 8 + 32, 'TIMEOUT')
  })
  expect(sink.told).toEqual([SESSION_EVENT])
})

test('EgressAdapter decodes a session event of a newer version, which has a longer block', () => {
  const sink = adapt((buffer) => {
    sessionEvent(buffer)
    new MessageHeaderEncoder().wrap(buffer, OFFSET).blockLength(60).templateId(2).schemaId(111).version(99)
    return 8 + 60 + buffer.putStringAscii(OFFSET + 8 + 60, 'TIMEOUT')
  })
  expect(sink.told).toEqual([SESSION_EVENT])
})

test('EgressAdapter gives undefined for an event code that it does not know', () => {
  const sink = adapt((buffer) => {
    const length = sessionEvent(buffer)
    buffer.putInt32(OFFSET + 8 + 28, 77)
    return length
  })
  expect(sink.told).toEqual([{ ...SESSION_EVENT, code: undefined }])
})

test('EgressAdapter decodes a new leader event', () => {
  const sink = adapt((buffer) => {
    const encoder = new NewLeaderEventEncoder()
      .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
      .leadershipTermId(8n)
      .clusterSessionId(SESSION_ID)
      .leaderMemberId(2)
      .ingressEndpoints('0=a:1,2=b:2')
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength
  })
  expect(sink.told).toEqual([
    {
      clusterSessionId: SESSION_ID,
      leadershipTermId: 8n,
      leaderMemberId: 2,
      ingressEndpoints: '0=a:1,2=b:2',
    },
  ])
})

test('EgressAdapter decodes an admin response, with a payload of its own', () => {
  const sink = adapt((buffer) => {
    const encoder = new AdminResponseEncoder()
      .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
      .clusterSessionId(SESSION_ID)
      .correlationId(11n)
      .requestType(AdminRequestType.SNAPSHOT)
      .responseCode(AdminResponseCode.ERROR)
      .message('no')
      .payload(Uint8Array.of(1, 2, 3))
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength
  })
  expect(sink.told).toEqual([
    {
      clusterSessionId: SESSION_ID,
      correlationId: 11n,
      requestType: AdminRequestType.SNAPSHOT,
      responseCode: AdminResponseCode.ERROR,
      message: 'no',
      payload: Uint8Array.of(1, 2, 3),
    },
  ])
})

test('EgressAdapter leaves out a template that it does not know, and hands on another schema', () => {
  const unknown = adapt((buffer) => {
    const length = sessionMessage(buffer, SESSION_ID)
    new MessageHeaderEncoder().wrap(buffer, OFFSET).templateId(999)
    return length
  })
  expect(unknown.told).toEqual([])
  const foreign = adapt((buffer) => {
    new MessageHeaderEncoder().wrap(buffer, OFFSET).blockLength(4).templateId(1).schemaId(7).version(0)
    return 8 + 12
  })
  expect(foreign.told).toEqual([[7, OFFSET + 8, 12]])
})

test('EgressAdapter refuses a message that is shorter than it says, and takes the next', () => {
  const buffer = AtomicBuffer.allocate(512)
  const length = sessionEvent(buffer)
  const sink = new Sink()
  const adapter = new EgressAdapter(SESSION_ID, sink)
  for (let cut = 0; cut < length; cut++) {
    const error = errorOf(() => adapter.onMessage(buffer, OFFSET, cut, HEADER))
    expect(isClusterError(error, 'EGRESS_MESSAGE_INVALID') && error.context.templateId).toBe(cut < 8 ? 0 : 2)
  }
  adapter.onMessage(buffer, OFFSET, length, HEADER)
  expect(sink.told).toEqual([SESSION_EVENT])
})

test('EgressAdapter lets pass what a listener throws', () => {
  const buffer = AtomicBuffer.allocate(512)
  const length = sessionEvent(buffer)
  const thrown = new RangeError('of the application')
  const sink = Object.assign(new Sink(), {
    onSessionEvent: () => {
      throw thrown
    },
  })
  expect(errorOf(() => new EgressAdapter(SESSION_ID, sink).onMessage(buffer, OFFSET, length, HEADER))).toBe(
    thrown,
  )
})

function errorOf(action: () => unknown): unknown {
  try {
    action()
    return undefined
  } catch (error) {
    return error
  }
}
