import type { Contender } from '../contender.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'
import { sumOf } from '../sum-of.ts'

const MASK = ORDER_COUNT - 1

type JsonOrder = Omit<Order, 'signature'> & { readonly signature: string }

/** JSON as UTF-8 bytes; the signature is in base64. */
export class Json implements Contender {
  readonly #orders = makeOrders().map((order) => ({
    ...order,
    signature: Buffer.from(order.signature).toString('base64'),
  }))
  readonly #messages: Buffer[] = this.#orders.map((order) => Buffer.from(JSON.stringify(order)))

  encode(index: number): number {
    const order = this.#orders[index & MASK]
    return Buffer.from(JSON.stringify(order)).length
  }

  decode(index: number): number {
    const order = JSON.parse(String(this.#messages[index & MASK])) as JsonOrder
    return sumOf(Object.assign(order, { signature: Buffer.from(order.signature, 'base64') }))
  }
}
