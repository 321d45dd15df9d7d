import type { Agent } from './agent.ts'

/** Options of a {@link DutyCycleTracker}. */
export interface DutyCycleTrackerOptions {
  /** A cycle longer than this counts as exceeded, in milliseconds. */
  readonly thresholdMs: number
  /** Called after each cycle that exceeded the threshold, with its duration in milliseconds. */
  readonly onExceeded?: (cycleMs: number) => void
  /** The time that passes, in milliseconds. @default performance.now */
  readonly nowMs?: () => number
}

/** Measures the time between the turns of a duty cycle, including waiting; corresponds to `DutyCycleStallTracker` of Aeron's driver. */
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

  /** Ends a cycle and begins the next; the first call only begins one. */
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

  /** Resets all figures, and the beginning of the current cycle. */
  reset(): void {
    this.#lastMs = undefined
    this.#maxCycleMs = 0
    this.#exceededCount = 0
  }
}

/** Returns an agent that drives the given one and measures its turns. */
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
