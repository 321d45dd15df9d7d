import { Packr } from 'msgpackr'
import type { Contender } from '../contender.ts'
import { makeOrders, ORDER_COUNT } from '../order.ts'
import type { Order } from '../order.ts'
import { sumOf } from '../sum-of.ts'

const MASK = ORDER_COUNT - 1

/** msgpackr in its fastest way: the structure of the records is shared and not in the messages. */
export class Msgpackr implements Contender {
  readonly #packr = new Packr({ structures: [] })
  readonly #orders = makeOrders()
  readonly #messages: Buffer[] = this.#orders.map((order) => Buffer.from(this.#packr.pack(order)))

  encode(index: number): number {
    return this.#packr.pack(this.#orders[index & MASK]).length
  }

  decode(index: number): number {
    return sumOf(this.#packr.unpack(this.#messages[index & MASK] as Buffer) as Order)
  }
}
