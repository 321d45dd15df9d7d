import { AtomicBuffer } from '@x/atomic'
import type { Header } from '@x/client'
import {
  MessageDispatcher,
  MessageHeaderEncoder,
  SessionEventEncoder,
  SessionKeepAliveEncoder,
} from '@x/codecs/cluster'
import { expect, test } from 'vitest'
import { isClusterError } from './cluster-error.ts'
import { routeEgressMessages, routeSessionMessages, type SessionMessageContext } from './message-router.ts'
import type { ClientSession } from './service/client-session.ts'

const buffer = AtomicBuffer.allocate(128)
const header = new MessageHeaderEncoder()
const SESSION = { id: 7n } as ClientSession
const LOG_HEADER = { position: 96 } as Header
const OFFSET = 8

// The cluster's own schema stands in for that of an application.
function keepAlive(clusterSessionId: bigint): number {
  const encoder = new SessionKeepAliveEncoder().wrapAndApplyHeader(buffer, OFFSET, header)
  encoder.leadershipTermId(1n).clusterSessionId(clusterSessionId)
  return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength
}

function unknown(): number {
  const length = keepAlive(1n)
  header.wrap(buffer, OFFSET).templateId(9_999)
  return length
}

test('routeSessionMessages() gives the decoded message and where it comes from to the handler of its template', () => {
  const seen: unknown[] = []
  const onSessionMessage = routeSessionMessages(new MessageDispatcher(), {
    onSessionKeepAlive: ({ clusterSessionId }, { session, timestamp, header: { position } }) =>
      seen.push([clusterSessionId, session?.id, timestamp, position]),
    onSessionEvent: ({ detail }) => seen.push(detail),
  })
  onSessionMessage(SESSION, 5n, buffer, OFFSET, keepAlive(3n), LOG_HEADER)
  const { encodedLength } = new SessionEventEncoder()
    .wrapAndApplyHeader(buffer, OFFSET, header)
    .detail('gone')
  onSessionMessage(undefined, 6n, buffer, OFFSET, 8 + encodedLength, LOG_HEADER)
  onSessionMessage(undefined, 7n, buffer, OFFSET, keepAlive(4n), LOG_HEADER)
  expect(seen).toEqual([[3n, 7n, 5n, 96], 'gone', [4n, undefined, 7n, 96]])
})

test('routeSessionMessages() calls methods of a class, its own and inherited ones, with their object', () => {
  class Base {
    readonly seen: unknown[] = []
    onSessionEvent({ detail }: { readonly detail: string }): void {
      this.seen.push(detail)
    }
  }
  class Service extends Base {
    readonly onSessionMessage = routeSessionMessages(new MessageDispatcher(), this)
    onSessionKeepAlive(
      { clusterSessionId }: { clusterSessionId: bigint },
      context: SessionMessageContext,
    ): void {
      this.seen.push([clusterSessionId, context.timestamp])
    }
  }
  const service = new Service()
  service.onSessionMessage(SESSION, 5n, buffer, OFFSET, keepAlive(3n), LOG_HEADER)
  const { encodedLength } = new SessionEventEncoder()
    .wrapAndApplyHeader(buffer, OFFSET, header)
    .detail('gone')
  service.onSessionMessage(SESSION, 5n, buffer, OFFSET, 8 + encodedLength, LOG_HEADER)
  expect(service.seen).toEqual([[3n, 5n], 'gone'])
})

test('a message of an unknown template is told, or an error where nobody wants to hear of it', () => {
  const seen: unknown[] = []
  const telling = routeSessionMessages(new MessageDispatcher(), {
    onUnknownTemplate: ({ templateId }, { session }) => seen.push([templateId, session?.id]),
  })
  telling(SESSION, 5n, buffer, OFFSET, unknown(), LOG_HEADER)
  expect(seen).toEqual([[9_999, 7n]])

  const refusing = routeSessionMessages(new MessageDispatcher(), {})
  let thrown: unknown
  try {
    refusing(SESSION, 5n, buffer, OFFSET, unknown(), LOG_HEADER)
  } catch (error) {
    thrown = error
  }
  if (!isClusterError(thrown, 'MESSAGE_NOT_ROUTED')) throw thrown
  expect(thrown.context).toMatchObject({ schemaId: 111, templateId: 9_999 })
})

test('a known message without a handler is passed over; a truncated one is a RangeError', () => {
  const onSessionMessage = routeSessionMessages(new MessageDispatcher(), { onSessionKeepAlive: () => {} })
  const { encodedLength } = new SessionEventEncoder()
    .wrapAndApplyHeader(buffer, OFFSET, header)
    .detail('gone')
  onSessionMessage(SESSION, 5n, buffer, OFFSET, 8 + encodedLength, LOG_HEADER)
  const length = keepAlive(3n)
  expect(() => onSessionMessage(SESSION, 5n, buffer, OFFSET, length - 1, LOG_HEADER)).toThrow(RangeError)
})

test('routeEgressMessages() does the same for an egress listener', () => {
  const seen: unknown[] = []
  const onMessage = routeEgressMessages(new MessageDispatcher(), {
    onSessionKeepAlive: ({ clusterSessionId: id }, { clusterSessionId, timestamp, header: { position } }) =>
      seen.push([id, clusterSessionId, timestamp, position]),
  })
  onMessage(7n, 5n, buffer, OFFSET, keepAlive(3n), LOG_HEADER)
  expect(seen).toEqual([[3n, 7n, 5n, 96]])
  expect(() => onMessage(7n, 5n, buffer, OFFSET, unknown(), LOG_HEADER)).toThrow(
    'template is 9999 of schema 111',
  )
})
