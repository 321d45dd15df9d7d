// The part of an order that has no text. A function for each part of a message, as V8 inlines only so much into each.
import type { OrderDecoder } from '../gen/numbers/order-decoder.ts'
import type { OrderEncoder } from '../gen/numbers/order-encoder.ts'
import type { Order } from '../order.ts'

type Numbers = Omit<Order, 'parties' | 'clientReference' | 'note' | 'signature'>

/** Writes the block. */
export function encodeBlock(encoder: OrderEncoder, order: Numbers, index: number): void {
  encoder
    .orderId(order.orderId)
    .accountId(order.accountId)
    .price(order.price)
    .quantity(order.quantity)
    .timestampNs(order.timestampNs)
    .sequence(index)
    .venue(order.venue)
    .flags(order.flags)
    .side(order.side)
    .ratio(order.ratio)
}

/** Writes the first group. */
export function encodeLegs(encoder: OrderEncoder, order: Numbers): void {
  const legs = encoder.legsCount(order.legs.length)
  for (const leg of order.legs) {
    legs
      .next()
      .instrumentId(leg.instrumentId)
      .legPrice(leg.legPrice)
      .legQuantity(leg.legQuantity)
      .legSide(leg.legSide)
  }
}

/** Reads the block. */
export function sumOfBlock(order: OrderDecoder): number {
  const sum =
    order.orderId + order.accountId + order.price + order.quantity + order.timestampNs + order.sequence
  return sum + order.venue + order.flags + (order.side ?? 0) + order.ratio
}

/** Reads the first group. */
export function sumOfLegs(order: OrderDecoder): number {
  let sum = 0
  const legs = order.legs()
  while (legs.next()) sum += legs.instrumentId + legs.legPrice + legs.legQuantity + (legs.legSide ?? 0)
  return sum
}
