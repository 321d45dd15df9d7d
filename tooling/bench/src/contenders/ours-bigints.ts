import { AtomicBuffer } from '@x/atomic'
import type { Contender } from '../contender.ts'
import { MessageHeaderDecoder } from '../gen/bigints/message-header-decoder.ts'
import { MessageHeaderEncoder } from '../gen/bigints/message-header-encoder.ts'
import { OrderDecoder } from '../gen/bigints/order-decoder.ts'
import { OrderEncoder } from '../gen/bigints/order-encoder.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'
import { lastOf } from '../sum-of.ts'

const MASK = ORDER_COUNT - 1
const STRIDE = 1024

function withBigints(order: Order) {
  const { orderId, accountId, price, quantity, timestampNs, legs } = order
  return {
    ...order,
    orderId: BigInt(orderId),
    accountId: BigInt(accountId),
    price: BigInt(price),
    quantity: BigInt(quantity),
    timestampNs: BigInt(timestampNs),
    legs: legs.map((leg) => ({
      ...leg,
      instrumentId: BigInt(leg.instrumentId),
      legPrice: BigInt(leg.legPrice),
    })),
  }
}

type OrderOfBigints = ReturnType<typeof withBigints>

/** Our codecs, with 64-bit fields as bigints. */
export class OursBigints implements Contender {
  readonly #orders = makeOrders().map(withBigints)
  /** Messages one behind the other, as in a log. */
  readonly #messages = AtomicBuffer.allocate(ORDER_COUNT * STRIDE)
  readonly #encoder = new OrderEncoder()
  readonly #decoder = new OrderDecoder()
  readonly #headerEncoder = new MessageHeaderEncoder()
  readonly #headerDecoder = new MessageHeaderDecoder()
  readonly #buffer = AtomicBuffer.allocate(STRIDE)
  /** The bigints come to lie here, so that each is really made. */
  readonly #values = {
    orderId: 0n,
    accountId: 0n,
    price: 0n,
    quantity: 0n,
    timestampNs: 0n,
    instrumentId: 0n,
    legPrice: 0n,
  }
  readonly #signature = new Uint8Array(64)
  /** The texts come to lie here, so that each is really made. */
  readonly #texts = { partyName: '', clientReference: '', note: '' }

  constructor() {
    for (const index of this.#orders.keys()) {
      this.#messages.putBytes(index * STRIDE, this.#buffer, 0, this.encode(index))
    }
  }

  encode(index: number): number {
    const order = this.#orders[index & MASK] as OrderOfBigints
    const encoder = this.#encoder.wrapAndApplyHeader(this.#buffer, 0, this.#headerEncoder)
    encodeBlock(encoder, order, index)
    encodeLegs(encoder, order)
    encodeParties(encoder, order)
    encoder.clientReference(order.clientReference).note(order.note).signature(order.signature)
    return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength
  }

  decode(index: number): number {
    const order = this.#decoder.wrapAndApplyHeader(
      this.#messages,
      (index & MASK) * STRIDE,
      this.#headerDecoder,
    )
    return (
      this.#sumOfBlock(order) + this.#sumOfLegs(order) + this.#sumOfParties(order) + this.#sumOfData(order)
    )
  }

  #sumOfBlock(order: OrderDecoder): number {
    const values = this.#values
    values.orderId = order.orderId
    values.accountId = order.accountId
    values.price = order.price
    values.quantity = order.quantity
    values.timestampNs = order.timestampNs
    return order.sequence + order.venue + order.flags + (order.side ?? 0) + order.ratio
  }

  #sumOfLegs(order: OrderDecoder): number {
    let sum = 0
    const legs = order.legs()
    const values = this.#values
    while (legs.next()) {
      values.instrumentId = legs.instrumentId
      values.legPrice = legs.legPrice
      sum += legs.legQuantity + (legs.legSide ?? 0)
    }
    return sum
  }

  #sumOfParties(order: OrderDecoder): number {
    let sum = 0
    const parties = order.parties()
    const texts = this.#texts
    while (parties.next()) {
      texts.partyName = parties.partyName
      sum += parties.role + lastOf(texts.partyName)
    }
    return sum
  }

  #sumOfData(order: OrderDecoder): number {
    const texts = this.#texts
    texts.clientReference = order.clientReference
    texts.note = order.note
    const sum = lastOf(texts.clientReference) + lastOf(texts.note) + order.copySignature(this.#signature)
    return sum + (this.#signature[63] as number)
  }
}

// A function for each part of the message, as V8 inlines only so much into each.

function encodeBlock(encoder: OrderEncoder, order: OrderOfBigints, index: number): void {
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

function encodeLegs(encoder: OrderEncoder, order: OrderOfBigints): void {
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

function encodeParties(encoder: OrderEncoder, order: OrderOfBigints): void {
  const parties = encoder.partiesCount(order.parties.length)
  for (const party of order.parties) parties.next().role(party.role).partyName(party.partyName)
}
