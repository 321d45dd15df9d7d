/** Orders that are prepared before the measurement; a power of two. */
export const ORDER_COUNT = 64

/** One leg of an order. */
export interface Leg {
  readonly instrumentId: number
  readonly legPrice: number
  readonly legQuantity: number
  readonly legSide: 1 | 2
}

/** One party of an order. */
export interface Party {
  readonly role: number
  readonly partyName: string
}

/** The message of schema/order.xml as a plain object. */
export interface Order {
  readonly orderId: number
  readonly accountId: number
  readonly price: number
  readonly quantity: number
  readonly timestampNs: number
  readonly sequence: number
  readonly venue: number
  readonly flags: number
  readonly side: 1 | 2
  readonly ratio: number
  readonly legs: readonly Leg[]
  readonly parties: readonly Party[]
  readonly clientReference: string
  readonly note: string
  readonly signature: Uint8Array
}

const pad = (value: number): string => String(value).padStart(8, '0')

/** The order of a number; the Java program makes the same. */
export function makeOrder(i: number): Order {
  return {
    orderId: 7_000_000_000_000 + i,
    accountId: 5_000_000_000 + i,
    price: 1_234_500 + i,
    quantity: 100 + i,
    timestampNs: 1_700_000_000_000_000 + i,
    sequence: i,
    venue: 17,
    flags: 1 + (i & 1),
    side: i % 2 === 0 ? 1 : 2,
    ratio: 0.25 + i,
    legs: Array.from({ length: 4 }, (_, leg) => ({
      instrumentId: 900_000_000_000 + i + leg,
      legPrice: 1_000_000 + i * 10 + leg,
      legQuantity: 10 + leg,
      legSide: leg % 2 === 0 ? (1 as const) : (2 as const),
    })),
    parties: [
      { role: 1, partyName: `TRADER-${i % 10}` },
      { role: 2, partyName: `DESK-LONDON-${i % 10}` },
    ],
    clientReference: `REF-${pad(i)}-ABCD`,
    note: 'Please fill before the auction closes',
    signature: Uint8Array.from({ length: 64 }, (_, index) => (i + index) & 0xff),
  }
}

/** All prepared orders. */
export function makeOrders(): Order[] {
  return Array.from({ length: ORDER_COUNT }, (_, i) => makeOrder(i))
}
