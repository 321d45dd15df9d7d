import type { Order } from './order.ts'

/** Looks at every field of a decoded order; 64-bit fields may be bigints, which are looked at only. */
export function sumOf(order: Order): number {
  let sum = order.sequence + order.venue + order.flags + order.side + order.ratio
  for (const value of [order.orderId, order.accountId, order.price, order.quantity, order.timestampNs]) {
    sum += typeof value === 'number' ? value : 1
  }
  for (const { instrumentId, legPrice, legQuantity, legSide } of order.legs) {
    sum += legQuantity + legSide
    sum += typeof instrumentId === 'number' ? instrumentId + legPrice : 1
  }
  for (const { role, partyName } of order.parties) sum += role + partyName.length
  return sum + order.clientReference.length + order.note.length + (order.signature[63] as number)
}
