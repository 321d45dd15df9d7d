import { describeActivity, type ActivityBoard } from './activity-board.ts'

/** What a {@link StallWatchdog} watches for. */
export interface StallWatchdogOptions {
  readonly serviceId: number
  /** How long the container may be without a turn, in milliseconds. */
  readonly thresholdMs: number
  /** How often it is looked at, in milliseconds. */
  readonly intervalMs: number
  /** When the driver takes the container for dead, in milliseconds. */
  readonly clientLivenessTimeoutMs: number
  /** Where the warning goes. */
  readonly record: (warning: string) => void
}

/**
 * Watches over one container from another thread, and warns while it is still held up. It only looks: the container's signs of life come from
 * its own thread and nowhere else.
 */
export class StallWatchdog {
  readonly #board: ActivityBoard
  readonly #options: StallWatchdogOptions
  #lastLookMs: number | undefined
  #ticks = 0
  #sinceMs = 0
  #hasWarned = false

  constructor(board: ActivityBoard, options: StallWatchdogOptions) {
    this.#board = board
    this.#options = options
  }

  /** Looks, each `intervalMs`. */
  look(nowMs: number): void {
    const { thresholdMs, intervalMs } = this.#options
    const board = this.#board
    // What this thread did not see was not the container's fault: the whole process stood still.
    const pausedMs = Math.max(0, nowMs - (this.#lastLookMs ?? nowMs) - 2 * intervalMs)
    this.#lastLookMs = nowMs
    this.#sinceMs += pausedMs
    board.pausedMs += pausedMs
    const { ticks } = board
    if (ticks !== this.#ticks) {
      this.#ticks = ticks
      this.#sinceMs = nowMs
      this.#hasWarned = false
      return
    }
    const heldMs = nowMs - this.#sinceMs
    if (ticks !== 0 && heldMs >= intervalMs) board.noteTickDue(ticks)
    if (ticks === 0 || this.#hasWarned || heldMs < thresholdMs) return
    this.#hasWarned = true
    board.noteSeen(ticks)
    this.#options.record(this.#warning(heldMs))
  }

  #warning(heldMs: number): string {
    const { serviceId, clientLivenessTimeoutMs } = this.#options
    return (
      `Service ${serviceId} is held up, for ${Math.round(heldMs)} ms now, by ${describeActivity(this.#board.read())}; ` +
      `without a turn for ${clientLivenessTimeoutMs} ms, the client liveness timeout of the driver, it is taken for dead, and its consensus ` +
      'module ends'
    )
  }
}
