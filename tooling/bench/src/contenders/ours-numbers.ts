import { AtomicBuffer } from '@x/atomic'
import type { Contender } from '../contender.ts'
import { MessageHeaderDecoder } from '../gen/numbers/message-header-decoder.ts'
import { MessageHeaderEncoder } from '../gen/numbers/message-header-encoder.ts'
import { OrderDecoder } from '../gen/numbers/order-decoder.ts'
import { OrderEncoder } from '../gen/numbers/order-encoder.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'
import { lastOf } from '../sum-of.ts'
import { encodeBlock, encodeLegs, sumOfBlock, sumOfLegs } from './numbers-of-order.ts'

const MASK = ORDER_COUNT - 1
const STRIDE = 1024

/** Our codecs, with 64-bit fields as numbers. */
export class OursNumbers implements Contender {
  readonly #orders = makeOrders()
  /** Messages one behind the other, as in a log. */
  readonly #messages = AtomicBuffer.allocate(ORDER_COUNT * STRIDE)
  readonly #encoder = new OrderEncoder()
  readonly #decoder = new OrderDecoder()
  readonly #headerEncoder = new MessageHeaderEncoder()
  readonly #headerDecoder = new MessageHeaderDecoder()
  readonly #buffer = AtomicBuffer.allocate(STRIDE)
  readonly #signature = new Uint8Array(64)
  /** The texts come to lie here, so that each is really made. */
  readonly #texts = { partyName: '', clientReference: '', note: '' }

  constructor() {
    for (const index of this.#orders.keys()) {
      this.#messages.putBytes(index * STRIDE, this.#buffer, 0, this.encode(index))
    }
  }

  encode(index: number): number {
    const order = this.#orders[index & MASK] as Order
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
    return sumOfBlock(order) + sumOfLegs(order) + this.#sumOfParties(order) + this.#sumOfData(order)
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

function encodeParties(encoder: OrderEncoder, order: Order): void {
  const parties = encoder.partiesCount(order.parties.length)
  for (const party of order.parties) parties.next().role(party.role).partyName(party.partyName)
}
