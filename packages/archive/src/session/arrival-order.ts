/** What the archive has sent, and when: the lower number came first. */
export interface Arrived<T> {
  readonly arrival: number
  readonly value: T
}

/** Numbers what the archive sends on one session, errors and signals alike, in the order that it comes. */
export class ArrivalOrder {
  #last = 0

  stamp<T>(value: T): Arrived<T> {
    return { arrival: ++this.#last, value }
  }
}
