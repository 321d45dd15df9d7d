/**
 * Sessions by id, and in the order of their ids: iteration must be the same on every member.
 * Source: the session list and map of Aeron's ClusteredServiceAgent.
 */
export class ClientSessions<S extends { readonly id: bigint }> implements Iterable<S> {
  readonly #byId = new Map<bigint, S>()
  readonly #ordered: S[] = []

  /** The sessions in the order of their ids: a live view. */
  get ordered(): readonly S[] {
    return this.#ordered
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#ordered.length
  }

  /** The session with this id, or undefined. */
  get(id: bigint): S | undefined {
    return this.#byId.get(id)
  }

  /** Adds a session; the caller has checked that the id is new. */
  add(session: S): void {
    this.#byId.set(session.id, session)
    // Ids rise in normal operation, so the search from the end is one comparison.
    let index = this.#ordered.length
    while (index > 0 && (this.#ordered[index - 1]?.id ?? session.id) > session.id) index--
    this.#ordered.splice(index, 0, session)
  }

  /** Removes and returns the session with this id, or undefined. */
  remove(id: bigint): S | undefined {
    const session = this.#byId.get(id)
    if (session === undefined) return undefined
    this.#byId.delete(id)
    this.#ordered.splice(this.#ordered.indexOf(session), 1)
    return session
  }

  /** In the order of the ids. */
  [Symbol.iterator](): Iterator<S> {
    return this.#ordered[Symbol.iterator]()
  }
}
