import type { Agent } from './agent.ts'

/** What a {@link DutyCycleTracker} watches for. */
export interface DutyCycleTrackerOptions {
  /** A cycle longer than this counts as exceeded, in milliseconds. */
  readonly thresholdMs: number
  /** Called after each cycle that was longer, with its length in milliseconds. */
  readonly onExceeded?: (cycleMs: number) => void
  /** The time that passes, in milliseconds. @default performance.now */
  readonly nowMs?: () => number
}

/** Measures how long the turns of a duty cycle are apart, the waiting included: `DutyCycleStallTracker` of Aeron's driver. */
export class DutyCycleTracker {
  /** What counts as exceeded, in milliseconds. */
  readonly thresholdMs: number
  readonly #onExceeded: ((cycleMs: number) => void) | undefined
  readonly #nowMs: () => number
  #lastMs: number | undefined
  #maxCycleMs = 0
  #exceededCount = 0

  constructor(options: DutyCycleTrackerOptions) {
    this.thresholdMs = options.thresholdMs
    this.#onExceeded = options.onExceeded
    this.#nowMs = options.nowMs ?? (() => performance.now())
  }

  /** Longest cycle so far, in milliseconds. */
  get maxCycleMs(): number {
    return this.#maxCycleMs
  }

  /** Cycles so far that were longer than the threshold. */
  get exceededCount(): number {
    return this.#exceededCount
  }

  /** Ends a cycle and begins the next; the first call begins only. */
  measure(): void {
    const nowMs = this.#nowMs()
    const lastMs = this.#lastMs
    this.#lastMs = nowMs
    if (lastMs === undefined) return
    const cycleMs = nowMs - lastMs
    if (cycleMs > this.#maxCycleMs) this.#maxCycleMs = cycleMs
    if (cycleMs <= this.thresholdMs) return
    this.#exceededCount++
    this.#onExceeded?.(cycleMs)
  }

  /** Forgets the figures, and when the last cycle began. */
  reset(): void {
    this.#lastMs = undefined
    this.#maxCycleMs = 0
    this.#exceededCount = 0
  }
}

/** The same agent, with its turns measured. */
export function trackDutyCycle(agent: Agent, tracker: DutyCycleTracker): Agent {
  return {
    roleName: agent.roleName,
    onStart: () => agent.onStart?.(),
    doWork: () => {
      tracker.measure()
      return agent.doWork()
    },
    onClose: () => agent.onClose?.(),
  }
}
