import { expect, test } from 'vitest'
import {
  MessageDispatcher,
  MessageHeaderEncoder,
  SessionEventEncoder,
  SessionKeepAliveEncoder,
  type MessageHandlers,
} from './cluster.ts'

const buffer = new Uint8Array(256)
const header = new MessageHeaderEncoder()
const dispatcher = new MessageDispatcher()

function keepAlive(offset: number): number {
  const encoder = new SessionKeepAliveEncoder().wrapAndApplyHeader(buffer, offset, header)
  encoder.leadershipTermId(1n).clusterSessionId(2n)
  return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength
}

test('a message goes to the handler of its template, with its decoder and header', () => {
  const seen: unknown[] = []
  const handlers: MessageHandlers = {
    onSessionKeepAlive: (message, { templateId }) =>
      seen.push(message.clusterSessionId, message.offset, templateId),
    onSessionEvent: (message) => seen.push(message.detail),
    onUnknownTemplate: () => seen.push('unknown'),
  }
  expect(dispatcher.dispatch(buffer, 8, keepAlive(8), handlers)).toBe(true)
  const event = new SessionEventEncoder().wrapAndApplyHeader(buffer, 0, header).detail('gone')
  expect(dispatcher.dispatch(buffer, 0, 8 + event.encodedLength, handlers)).toBe(true)
  expect(seen).toEqual([2n, 16, SessionKeepAliveEncoder.TEMPLATE_ID, 'gone'])
})

test('the decoder of a template is the same each time', () => {
  const seen = new Set<object>()
  for (let i = 0; i < 3; i++) {
    dispatcher.dispatch(buffer, 0, keepAlive(0), { onSessionKeepAlive: (message) => seen.add(message) })
  }
  expect(seen.size).toBe(1)
})

test('a known message without a handler is passed over; what is not known is reported', () => {
  expect(dispatcher.dispatch(buffer, 0, keepAlive(0), {})).toBe(true)
  const seen: number[][] = []
  const handlers: MessageHandlers = {
    onUnknownTemplate: ({ schemaId, templateId }) => seen.push([schemaId, templateId]),
  }
  header.wrap(buffer, 0).templateId(9_999)
  expect(dispatcher.dispatch(buffer, 0, 24, handlers)).toBe(false)
  header.wrap(buffer, 0).templateId(SessionKeepAliveEncoder.TEMPLATE_ID).schemaId(7)
  expect(dispatcher.dispatch(buffer, 0, 24, handlers)).toBe(false)
  expect(dispatcher.dispatch(buffer, 0, 24, {})).toBe(false)
  expect(seen).toEqual([
    [111, 9_999],
    [7, SessionKeepAliveEncoder.TEMPLATE_ID],
  ])
})

test('a message that is truncated is a RangeError', () => {
  const length = keepAlive(0)
  const handlers: MessageHandlers = { onSessionKeepAlive: () => {} }
  expect(() => dispatcher.dispatch(buffer, 0, 7, handlers)).toThrow(
    'the message has 7 bytes, and its header 8',
  )
  expect(() => dispatcher.dispatch(buffer, 0, length - 1, handlers)).toThrow('Cannot decode SessionKeepAlive')
})
