import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** What an {@link EventLoopGuard} has noticed. */
export interface EventLoopBlockage {
  /** For how long the event loop did not turn, in milliseconds. */
  readonly blockedMs: number
  /** What is allowed, in milliseconds. */
  readonly limitMs: number
}

/** What an {@link EventLoopGuard} watches for. */
export interface EventLoopGuardOptions {
  /**
   * How long the event loop may be blocked, in milliseconds. For a client of Aeron a part of the driver's client liveness timeout (10 s by
   * default), a half or less: then a blockage is reported while the next one, not this one, would cost the connection.
   */
  readonly limitMs: number
  /** Told of each blockage as soon as it is over. */
  readonly onBlocked: (blockage: EventLoopBlockage) => void
  /** How often to look, in milliseconds. @default a quarter of the limit, at most 1_000 */
  readonly intervalMs?: number
  /** The time that passes, in milliseconds. @default performance.now */
  readonly nowMs?: () => number
}

/**
 * Notices that the event loop of this thread is blocked for longer than is good, by a timer that comes late. It does not keep the process alive.
 * A thread that is blocked cannot report while it is: the report comes at the end of the blockage, and says how long it was.
 */
export class EventLoopGuard implements Disposable {
  /** What is allowed, in milliseconds. */
  readonly limitMs: number
  readonly #onBlocked: (blockage: EventLoopBlockage) => void
  readonly #intervalMs: number
  readonly #nowMs: () => number
  readonly #delays: IntervalHistogram
  readonly #timer: NodeJS.Timeout
  #lastMs: number
  #blockageCount = 0

  /** Starts to watch. @throws RangeError when the limit or the interval is not above 0 */
  constructor(options: EventLoopGuardOptions) {
    const { limitMs, intervalMs = Math.min(limitMs / 4, 1_000) } = options
    if (!(limitMs > 0) || !(intervalMs > 0)) {
      throw new RangeError(
        `Cannot guard the event loop: limitMs and intervalMs must be above 0, current values are ${limitMs} and ${intervalMs}`,
      )
    }
    this.limitMs = limitMs
    this.#onBlocked = options.onBlocked
    this.#intervalMs = intervalMs
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#delays = monitorEventLoopDelay({ resolution: 10 })
    this.#delays.enable()
    this.#lastMs = this.#nowMs()
    this.#timer = setInterval(() => this.check(), intervalMs).unref()
  }

  /** Blockages noticed so far. */
  get blockageCount(): number {
    return this.#blockageCount
  }

  /** Longest delay of the event loop so far, in milliseconds, also those below the limit. */
  get maxDelayMs(): number {
    return this.#delays.max / 1e6
  }

  /** Delay of the event loop that 99 of 100 turns stay below, in milliseconds. */
  get p99DelayMs(): number {
    return this.#delays.percentile(99) / 1e6
  }

  /** Looks now; a duty cycle may do so in its turn, besides the timer. */
  check(): void {
    const nowMs = this.#nowMs()
    const blockedMs = nowMs - this.#lastMs - this.#intervalMs
    this.#lastMs = nowMs
    if (blockedMs <= this.limitMs) return
    this.#blockageCount++
    this.#onBlocked({ blockedMs, limitMs: this.limitMs })
  }

  /** Stops to watch. */
  close(): void {
    clearInterval(this.#timer)
    this.#delays.disable()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
