import type { Order } from './order.ts'

/** The texts come to lie here, so that each is really made. */
const texts = { first: '', second: '' }

/** The last character: a string that is in pieces is put together for it. */
export function lastOf(text: string): number {
  return text.charCodeAt(text.length - 1)
}

/** Looks at every field of a decoded order; 64-bit fields may be bigints, which are looked at only. */
export function sumOf(order: Order): number {
  texts.first = order.clientReference
  texts.second = order.note
  let sum = order.sequence + order.venue + order.flags + order.side + order.ratio
  for (const value of [order.orderId, order.accountId, order.price, order.quantity, order.timestampNs]) {
    sum += typeof value === 'number' ? value : 1
  }
  for (const { instrumentId, legPrice, legQuantity, legSide } of order.legs) {
    sum += legQuantity + legSide
    sum += typeof instrumentId === 'number' ? instrumentId + legPrice : 1
  }
  for (const { role, partyName } of order.parties) sum += role + lastOf(partyName)
  return sum + lastOf(order.clientReference) + lastOf(order.note) + (order.signature[63] as number)
}
