/** One encoding in the comparison, on the prepared orders. */
export interface Contender {
  /** Encodes an order; the number of its bytes. */
  encode(index: number): number
  /** Decodes a prepared message and looks at every field of it; something made of the values. */
  decode(index: number): number
}
