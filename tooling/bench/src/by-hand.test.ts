import { expect, test } from 'vitest'
import { ByHand, ByHandBytes } from './contenders/by-hand.ts'
import { encodeBlock, encodeLegs } from './contenders/numbers-of-order.ts'
import { OursBytes } from './contenders/ours-bytes.ts'
import { OursNumbers } from './contenders/ours-numbers.ts'
import { encodeOrder } from './by-hand-encode.ts'
import { MessageHeaderEncoder } from './gen/numbers/message-header-encoder.ts'
import { OrderEncoder } from './gen/numbers/order-encoder.ts'
import { makeOrders } from './order.ts'

test('what is written by hand has the bytes of the generated encoder', () => {
  for (const order of makeOrders()) {
    const ours = new Uint8Array(1024)
    const encoder = new OrderEncoder().wrapAndApplyHeader(ours, 0, new MessageHeaderEncoder())
    encodeBlock(encoder, order, order.sequence)
    encodeLegs(encoder, order)
    const parties = encoder.partiesCount(order.parties.length)
    for (const { role, partyName } of order.parties) parties.next().role(role).partyName(partyName)
    encoder.clientReference(order.clientReference).note(order.note).signature(order.signature)

    const byHand = new Uint8Array(1024)
    expect(encodeOrder(new DataView(byHand.buffer), byHand, order, order.sequence)).toBe(308)
    expect(byHand).toEqual(ours)
  }
})

test('what is read by hand has the values of the generated decoder', () => {
  const pairs = [
    [new ByHand(), new OursNumbers()],
    [new ByHandBytes(), new OursBytes()],
  ] as const
  for (const [byHand, ours] of pairs) {
    for (let i = 0; i < 64; i++) {
      expect(byHand.encode(i)).toBe(ours.encode(i))
      expect(byHand.decode(i)).toBe(ours.decode(i))
    }
  }
})
