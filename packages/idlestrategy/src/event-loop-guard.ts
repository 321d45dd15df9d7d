import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

/** A blockage of the event loop, as noticed by an {@link EventLoopGuard}. */
export interface EventLoopBlockage {
  /** How long the event loop was blocked, in milliseconds. */
  readonly blockedMs: number
  /** What is allowed, in milliseconds. */
  readonly limitMs: number
}

/** Options of an {@link EventLoopGuard}. */
export interface EventLoopGuardOptions {
  /**
   * How long the event loop may be blocked, in milliseconds. For an Aeron client, use at most half of the driver's client liveness timeout (10 s by default), so that
   * a blockage is reported before a longer one costs the connection.
   */
  readonly limitMs: number
  /** Called for each blockage as soon as it is over. */
  readonly onBlocked: (blockage: EventLoopBlockage) => void
  /** How often to look, in milliseconds. @default a quarter of the limit, at most 1_000 */
  readonly intervalMs?: number
  /** The time that passes, in milliseconds. @default performance.now */
  readonly nowMs?: () => number
}

/**
 * Notices when the event loop of this thread has been blocked for too long, because a timer fires late. It does not keep the process alive. A blocked thread cannot
 * report, so the report comes at the end of the blockage, and says how long it was.
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

  /** Starts watching. @throws RangeError when the limit or the interval is not above 0 */
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

  /** Longest delay of the event loop so far, in milliseconds, including delays below the limit. */
  get maxDelayMs(): number {
    return this.#delays.max / 1e6
  }

  /** 99th percentile of the delays of the event loop, in milliseconds. */
  get p99DelayMs(): number {
    return this.#delays.percentile(99) / 1e6
  }

  /** Checks now; a duty cycle may call this in its turns, in addition to the timer. */
  check(): void {
    const nowMs = this.#nowMs()
    const blockedMs = nowMs - this.#lastMs - this.#intervalMs
    this.#lastMs = nowMs
    if (blockedMs <= this.limitMs) return
    this.#blockageCount++
    this.#onBlocked({ blockedMs, limitMs: this.limitMs })
  }

  /** Stops watching. */
  close(): void {
    clearInterval(this.#timer)
    this.#delays.disable()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
