/** The replicated state of the sample: what every member counts alike. Knows no Aeron. */
export class EchoState {
  #echoCount = 0n
  #tickCount = 0n
  #isTimerScheduled = false

  /** Messages echoed since the first start of the cluster. */
  get echoCount(): bigint {
    return this.#echoCount
  }

  /** Times that the timer has fired since the first start of the cluster. */
  get tickCount(): bigint {
    return this.#tickCount
  }

  /** Whether the timer is set, in which case the cluster remembers it too. */
  get isTimerScheduled(): boolean {
    return this.#isTimerScheduled
  }

  onEcho(): void {
    this.#echoCount++
  }

  onTick(): void {
    this.#tickCount++
  }

  onTimerScheduled(): void {
    this.#isTimerScheduled = true
  }

  /** Takes the place of what was counted so far: a snapshot's. */
  restore(echoCount: bigint, tickCount: bigint, isTimerScheduled: boolean): void {
    this.#echoCount = echoCount
    this.#tickCount = tickCount
    this.#isTimerScheduled = isTimerScheduled
  }
}
