import { ADMIN_ACTION, BACK_PRESSURED, CLOSED, NOT_CONNECTED } from '@x/client'

const REFUSALS: readonly number[] = [BACK_PRESSURED, NOT_CONNECTED, ADMIN_ACTION, CLOSED]

/** What the next sends on a stream give instead of being sent. */
export class PublicationScript {
  /** Told that the stream was full: whoever reads it may do so then. */
  onFull: (() => void) | undefined
  #result: number = BACK_PRESSURED
  #count = 0
  #isUsed = false

  /** Whether there was ever an order. */
  get isUsed(): boolean {
    return this.#isUsed
  }

  /** Refuses the next `count` sends with `result`; replaces what was left of an earlier order. */
  refuse(count: number, result: number): void {
    if (!(count >= 0)) {
      throw new RangeError(`Cannot refuse sends: their count must be 0 or more, current value is ${count}`)
    }
    if (!REFUSALS.includes(result)) {
      throw new RangeError(
        `Cannot refuse sends: their result must be BACK_PRESSURED, NOT_CONNECTED, ADMIN_ACTION or CLOSED, current value is ${result}`,
      )
    }
    this.#isUsed = true
    this.#count = count
    this.#result = result
  }

  /** The result to give for a send; undefined to do it. */
  take(): number | undefined {
    if (this.#count <= 0) return undefined
    this.#count--
    return this.#result
  }
}
