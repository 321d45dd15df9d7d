/** Between two turns while a promise is pending, in milliseconds. Ours: the least that a timer can do. */
const ACTIVE_INTERVAL_MS = 1
/**
 * Between two turns while nothing is pending, in milliseconds. Ours: signals and errors are told soon enough, and the archive's pings, one a
 * second, never fill the response stream.
 */
const IDLE_INTERVAL_MS = 100

/**
 * Polls a control session from timers of the event loop: while promises are pending always, and otherwise when it runs in the background,
 * then without keeping the process alive.
 */
export class EventLoopDriver {
  readonly #poll: () => void
  readonly #isBackground: boolean
  readonly #waiting = new Set<() => boolean>()
  #timer: NodeJS.Timeout | undefined = undefined
  #stopped = false

  /**
   * @param poll one turn
   * @param isBackground whether to go on while no promise is pending
   */
  constructor(poll: () => void, isBackground: boolean) {
    this.#poll = poll
    this.#isBackground = isBackground
    this.#schedule()
  }

  /** Takes turns until `advance`, which is called after each, returns true. */
  wait(advance: () => boolean): void {
    this.#waiting.add(advance)
    this.#schedule()
  }

  /** No turns any more, but what is pending is told once more, so that it can fail. */
  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#advance()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.size > 0) {
      this.#timer = setTimeout(() => this.#turn(), ACTIVE_INTERVAL_MS)
    } else if (this.#isBackground && !this.#stopped) {
      this.#timer = setTimeout(() => this.#turn(), IDLE_INTERVAL_MS).unref()
    }
  }

  // What a handler of the application throws goes to the event loop; promises that are pending must not wait for ever because of it.
  #turn(): void {
    try {
      if (!this.#stopped) this.#poll()
    } finally {
      this.#advance()
      this.#schedule()
    }
  }

  #advance(): void {
    for (const advance of this.#waiting) {
      if (advance()) this.#waiting.delete(advance)
    }
  }
}
