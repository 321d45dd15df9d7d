/** The replicated state of the sample: what every member counts alike. Knows no Aeron. */
export class EchoState {
  #echoCount = 0n
  #tickCount = 0n

  /** Messages echoed since the first start of the cluster. */
  get echoCount(): bigint {
    return this.#echoCount
  }

  /** Times that the timer has fired since the first start of the cluster. */
  get tickCount(): bigint {
    return this.#tickCount
  }

  onEcho(): void {
    this.#echoCount++
  }

  onTick(): void {
    this.#tickCount++
  }
}
