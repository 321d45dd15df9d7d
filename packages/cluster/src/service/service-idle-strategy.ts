import type { IdleStrategy, NanoClock } from '@x/idlestrategy'
import { outsideOfCallback } from '../guard/active-callback.ts'
import type { ClockTick } from './clock-tick.ts'
import type { ServiceCallbacks } from './service-callbacks.ts'
import type { ServiceState } from './service-state.ts'

/** The idle strategy that a service uses in its callbacks: waits, and keeps the container alive meanwhile. */
export class ServiceIdleStrategy implements IdleStrategy {
  readonly #strategy: IdleStrategy
  readonly #clock: NanoClock
  readonly #tick: ClockTick
  readonly #callbacks: ServiceCallbacks
  readonly #state: ServiceState

  constructor(
    strategy: IdleStrategy,
    clock: NanoClock,
    tick: ClockTick,
    callbacks: ServiceCallbacks,
    state: ServiceState,
  ) {
    this.#strategy = strategy
    this.#clock = clock
    this.#tick = tick
    this.#callbacks = callbacks
    this.#state = state
  }

  get alias(): string {
    return this.#strategy.alias
  }

  parkNs(workCount: number): number {
    return this.#strategy.parkNs(workCount)
  }

  idle(workCount = 0): void {
    // What the container does here, such as looking at its clock, is not the callback's doing.
    outsideOfCallback(() => this.#idle(workCount))
  }

  reset(): void {
    this.#strategy.reset()
  }

  #idle(workCount: number): void {
    this.#strategy.idle(workCount)
    const nowNs = this.#clock.nanoTime()
    // Also where there is work: a long snapshot may never be idle, and the driver must hear of this client all the same.
    this.#tick.tick(nowNs)
    if (workCount <= 0 && this.#state.isActive) this.#callbacks.doBackgroundWork(nowNs)
  }
}
