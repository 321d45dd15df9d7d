import { AtomicBuffer } from '@x/atomic'
import type { Contender } from '../contender.ts'
import { MessageHeaderDecoder } from '../gen/numbers/message-header-decoder.ts'
import { MessageHeaderEncoder } from '../gen/numbers/message-header-encoder.ts'
import { OrderDecoder } from '../gen/numbers/order-decoder.ts'
import { OrderEncoder } from '../gen/numbers/order-encoder.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'
import { encodeBlock, encodeLegs, sumOfBlock, sumOfLegs } from './numbers-of-order.ts'

const MASK = ORDER_COUNT - 1
const STRIDE = 1024

const utf8 = new TextEncoder()

/** The texts of an order as bytes. */
function withBytes(order: Order) {
  return {
    ...order,
    parties: order.parties.map(({ role, partyName }) => ({ role, partyName: utf8.encode(partyName) })),
    clientReference: utf8.encode(order.clientReference),
    note: utf8.encode(order.note),
  }
}

type OrderOfBytes = ReturnType<typeof withBytes>

/** Our codecs, with 64-bit fields as numbers, and text that the application has as bytes and copies as bytes. */
export class OursBytes implements Contender {
  readonly #orders = makeOrders().map(withBytes)
  /** Messages one behind the other, as in a log. */
  readonly #messages = AtomicBuffer.allocate(ORDER_COUNT * STRIDE)
  readonly #encoder = new OrderEncoder()
  readonly #decoder = new OrderDecoder()
  readonly #headerEncoder = new MessageHeaderEncoder()
  readonly #headerDecoder = new MessageHeaderDecoder()
  readonly #buffer = AtomicBuffer.allocate(STRIDE)
  readonly #signature = new Uint8Array(64)
  readonly #text = new Uint8Array(64)

  constructor() {
    for (const index of this.#orders.keys()) {
      this.#messages.putBytes(index * STRIDE, this.#buffer, 0, this.encode(index))
    }
  }

  encode(index: number): number {
    const order = this.#orders[index & MASK] as OrderOfBytes
    const encoder = this.#encoder.wrapAndApplyHeader(this.#buffer, 0, this.#headerEncoder)
    encodeBlock(encoder, order, index)
    encodeLegs(encoder, order)
    encodeParties(encoder, order)
    encoder.putClientReference(order.clientReference).putNote(order.note).signature(order.signature)
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
    while (parties.next()) sum += parties.role + parties.copyPartyName(this.#text)
    return sum
  }

  #sumOfData(order: OrderDecoder): number {
    const text = this.#text
    const sum = order.copyClientReference(text) + order.copyNote(text) + (text[0] as number)
    return sum + order.copySignature(this.#signature) + (this.#signature[63] as number)
  }
}

function encodeParties(encoder: OrderEncoder, order: OrderOfBytes): void {
  const parties = encoder.partiesCount(order.parties.length)
  for (const party of order.parties) parties.next().role(party.role).putPartyName(party.partyName)
}
