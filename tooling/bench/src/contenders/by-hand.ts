import type { Contender } from '../contender.ts'
import { OrderReader } from '../by-hand-decode.ts'
import { encodeOrder } from '../by-hand-encode.ts'
import type { OrderOf, Text } from '../by-hand-encode.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'

const MASK = ORDER_COUNT - 1
const STRIDE = 1024

/** The order written and read by hand: what generated code could reach at best. */
export class ByHand implements Contender {
  readonly #orders: readonly OrderOf<Text>[]
  /** Messages one behind the other, as in a log. */
  readonly #messages = new DataView(new ArrayBuffer(ORDER_COUNT * STRIDE))
  readonly #bytes = new Uint8Array(STRIDE)
  readonly #view = new DataView(this.#bytes.buffer)
  readonly #reader: OrderReader

  constructor(orders: readonly OrderOf<Text>[] = makeOrders(), asBytes = false) {
    this.#orders = orders
    this.#reader = new OrderReader(ORDER_COUNT * STRIDE, asBytes)
    const messages = new Uint8Array(this.#messages.buffer)
    for (const index of orders.keys()) {
      messages.set(this.#bytes.subarray(0, this.encode(index)), index * STRIDE)
    }
  }

  encode(index: number): number {
    return encodeOrder(this.#view, this.#bytes, this.#orders[index & MASK] as OrderOf<Text>, index)
  }

  decode(index: number): number {
    return this.#reader.sumOf(this.#messages, (index & MASK) * STRIDE)
  }
}

/** The same with text that the application has, and copies, as bytes. */
export class ByHandBytes extends ByHand {
  constructor() {
    super(makeOrders().map(withBytes), true)
  }
}

function withBytes(order: Order): OrderOf<Uint8Array> {
  const utf8 = new TextEncoder()
  return {
    ...order,
    parties: order.parties.map(({ role, partyName }) => ({ role, partyName: utf8.encode(partyName) })),
    clientReference: utf8.encode(order.clientReference),
    note: utf8.encode(order.note),
  }
}
