/** An offer that a leader accepted and that the application has not acknowledged. */
export interface UnansweredOffer {
  /** The id that the application gave. */
  readonly correlationId: bigint
  /** A copy of the message. */
  readonly message: Uint8Array
  /** How often a leader has accepted it: more than once after it was sent again. */
  readonly sendCount: number
}

/** What has come between an offer and its answer: a session that is over, or another leader of the same session. */
export type ResendReason = 'NEW_SESSION' | 'NEW_LEADER'

interface Entry {
  readonly correlationId: bigint
  readonly message: Uint8Array
  sendCount: number
}

/** The offers that may have got lost, in the order in which they were made, and those of them that wait to be sent again. */
export class UnansweredOffers {
  readonly #entries = new Map<bigint, Entry>()
  #resends: Entry[] = []

  /** How many are unanswered. */
  get count(): number {
    return this.#entries.size
  }

  /** Whether some wait to be sent again. */
  get isResending(): boolean {
    return this.#resends.length > 0
  }

  /** Those there are now, oldest first. */
  list(): readonly UnansweredOffer[] {
    return [...this.#entries.values()].map((entry) => ({ ...entry }))
  }

  has(correlationId: bigint): boolean {
    return this.#entries.has(correlationId)
  }

  /** Keeps an offer that was accepted; the message is the caller's to copy. */
  add(correlationId: bigint, message: Uint8Array): void {
    this.#entries.set(correlationId, { correlationId, message, sendCount: 1 })
  }

  /** The offer was answered. Returns whether it was kept. */
  delete(correlationId: bigint): boolean {
    return this.#entries.delete(correlationId)
  }

  /**
   * Chooses what is sent again, oldest first.
   *
   * @param forgetOthers whether what is not chosen is given up: nobody can answer it any more
   */
  choose(isChosen: (offer: UnansweredOffer) => boolean, forgetOthers: boolean): void {
    this.#resends = []
    for (const entry of this.#entries.values()) {
      if (isChosen({ ...entry })) this.#resends.push(entry)
      else if (forgetOthers) this.#entries.delete(entry.correlationId)
    }
  }

  /**
   * Sends again what waits, up to the first that is not accepted; what was answered meanwhile is left out.
   *
   * @param offer tells whether the message was accepted
   * @returns how many were accepted
   */
  resend(offer: (message: Uint8Array) => boolean): number {
    let sent = 0
    let done = 0
    for (const entry of this.#resends) {
      if (this.#entries.get(entry.correlationId) === entry) {
        if (!offer(entry.message)) break
        entry.sendCount++
        sent++
      }
      done++
    }
    this.#resends.splice(0, done)
    return sent
  }
}
