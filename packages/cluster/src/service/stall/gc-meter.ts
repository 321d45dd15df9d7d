import { PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'

/** Ours: shorter collections do not hold anything up. */
const SHORTEST_MS = 5
/** Ours: collections that are remembered. */
const REMEMBERED = 64

interface Collection {
  readonly startMs: number
  readonly endMs: number
}

/** Remembers the long garbage collections of this thread, of which the event loop tells. */
export class GcMeter implements Disposable {
  readonly #collections: Collection[] = []
  readonly #observer: PerformanceObserver

  constructor() {
    this.#observer = new PerformanceObserver((list) => this.#remember(list.getEntries()))
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** Milliseconds of collections between two times of `performance.now()`, as far as they are known. */
  msBetween(fromMs: number, toMs: number): number {
    this.#remember(this.#observer.takeRecords())
    let sum = 0
    for (const { startMs, endMs } of this.#collections) {
      sum += Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs))
    }
    return sum
  }

  [Symbol.dispose](): void {
    this.#observer.disconnect()
  }

  #remember(entries: readonly PerformanceEntry[]): void {
    for (const { startTime, duration } of entries) {
      if (duration < SHORTEST_MS) continue
      this.#collections.push({ startMs: startTime, endMs: startTime + duration })
    }
    if (this.#collections.length > REMEMBERED)
      this.#collections.splice(0, this.#collections.length - REMEMBERED)
  }
}
