import type { ClientConductor } from './client-conductor.ts'

/** Pause while the driver owes an answer, in milliseconds. Source: Aeron's `Aeron.Configuration.AWAITING_IDLE_SLEEP_MS`. */
const AWAITING_MS = 1

/**
 * Drives a conductor on the event loop: often while the driver owes an answer, else now and then. An open client keeps the process alive,
 * as an open socket does.
 */
export class ConductorTimer {
  readonly #conductor: ClientConductor
  readonly #idleSleepMs: number
  #timer: NodeJS.Timeout | undefined
  #delayMs = 0

  constructor(conductor: ClientConductor, idleSleepMs: number) {
    this.#conductor = conductor
    this.#idleSleepMs = idleSleepMs
  }

  /** Starts, or makes the next turn soon: a command was sent. */
  wake(): void {
    if (this.#timer !== undefined && this.#delayMs <= AWAITING_MS) return
    clearTimeout(this.#timer)
    this.#schedule()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #schedule(): void {
    this.#delayMs = this.#conductor.hasPending ? AWAITING_MS : this.#idleSleepMs
    this.#timer = setTimeout(this.#run, this.#delayMs)
  }

  readonly #run = (): void => {
    this.#timer = undefined
    try {
      this.#conductor.doWork()
    } finally {
      if (!this.#conductor.isClosed && this.#timer === undefined) this.#schedule()
    }
  }
}
