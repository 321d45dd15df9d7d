/** A counter of which only the largest value, or the count, matters. */
export interface TrackedCounter {
  get(): bigint
  setRelease(value: bigint): void
  increment(): bigint
}

/** Keeps the longest duration, and how many were above a threshold. Source: Agrona's DutyCycleStallTracker. */
export class DurationTracker {
  readonly #max: TrackedCounter
  readonly #exceeded: TrackedCounter
  readonly #thresholdNs: bigint
  #longestNs = 0n

  constructor(max: TrackedCounter, exceeded: TrackedCounter, thresholdNs: bigint) {
    this.#max = max
    this.#exceeded = exceeded
    this.#thresholdNs = thresholdNs
  }

  onDuration(durationNs: bigint): void {
    if (durationNs > this.#longestNs) {
      this.#longestNs = durationNs
      this.#max.setRelease(durationNs)
    }
    if (durationNs > this.#thresholdNs) this.#exceeded.increment()
  }
}

/** Measures the time between the beginnings of duty cycles. */
export class DutyCycleTracker {
  readonly #durations: DurationTracker
  #lastNs: bigint | undefined

  constructor(durations: DurationTracker) {
    this.#durations = durations
  }

  onCycle(nowNs: bigint): void {
    if (this.#lastNs !== undefined) this.#durations.onDuration(nowNs - this.#lastNs)
    this.#lastNs = nowNs
  }
}
