import { millisecondsOf, type NanoClock } from '@x/idlestrategy'
import { ActivityBoard } from './stall/activity-board.ts'

/** Ours: how long a turn may be, in milliseconds, before the container is to show again that it lives. */
const BUDGET_MS = 1
/** Ours: most entries between two looks at the clock, which costs as much as a short callback. */
const MOST_ENTRIES = 8

/**
 * Ends a turn early when its entries take long, so that many long callbacks in a row are not one silence. The thread that watches says when; where
 * there is none, the clock does, of which each look is garbage.
 */
export class TurnBudget {
  readonly #board: ActivityBoard
  readonly #nowMs: () => number
  #endMs = 0
  #entries = 0
  #untilLook = 1

  constructor(clock: NanoClock, board: ActivityBoard = new ActivityBoard()) {
    this.#board = board
    this.#nowMs = millisecondsOf(clock)
  }

  /** A turn begins. */
  begin(): void {
    if (this.#board.isWatched) return
    this.#endMs = this.#nowMs() + BUDGET_MS
    this.#entries = 1
    this.#untilLook = 1
  }

  /** Whether the turn should end after the entry that was just applied. The clock is looked at after the first, and then less and less often. */
  isSpent(): boolean {
    if (this.#board.isWatched) return this.#board.isTickDue
    if (--this.#untilLook > 0) return false
    this.#entries = Math.min(this.#entries * 2, MOST_ENTRIES)
    this.#untilLook = this.#entries
    return this.#nowMs() >= this.#endMs
  }
}
