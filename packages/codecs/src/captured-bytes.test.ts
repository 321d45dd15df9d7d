import { expect, test } from 'vitest'
import {
  JoinLogDecoder,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  ServiceAckDecoder,
  ServiceAckEncoder,
} from './cluster.ts'

test('smoke', () => {
  const b = Buffer.from(
    '240021006f001000c013000000000000b2d69104a2010000 0200000000000000 0100000000000000 00000000'.replaceAll(
      ' ',
      '',
    ),
    'hex',
  )
  const d = new ServiceAckDecoder().wrapAndApplyHeader(b, 0, new MessageHeaderDecoder())
  expect(d.logPosition).toBe(5056)
  expect(d.ackId).toBe(2n)
  const o = new Uint8Array(44)
  new ServiceAckEncoder()
    .wrapAndApplyHeader(o, 0, new MessageHeaderEncoder())
    .logPosition(5056)
    .timestamp(d.timestamp)
    .ackId(2n)
    .relevantId(1n)
    .serviceId(0)
  new DataView(o.buffer).setUint16(6, 16, true)
  expect(Buffer.from(o).toString('hex')).toBe(b.toString('hex'))
  void JoinLogDecoder
})
