/**
 * Sessions by id, and in the order of their ids: iteration must be the same on every member.
 * Source: the session list and map of Aeron's ClusteredServiceAgent.
 */
export class ClientSessions<S extends { readonly id: bigint }> implements Iterable<S> {
  readonly #byId = new Map<bigint, S>()
  // Those whose id has no upper half, by the lower one: all, unless a cluster has had four billion sessions.
  readonly #byLow = new Map<number, S>()
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

  /** The session with the id of these halves, or undefined: without a bigint, which is an allocation. */
  getByHalves(low: number, high: number): S | undefined {
    if (high === 0) return this.#byLow.get(low)
    if (this.#byLow.size === this.#byId.size) return undefined
    return this.#byId.get((BigInt(high) << 32n) | BigInt(low >>> 0))
  }

  /** Adds a session; the caller has checked that the id is new. */
  add(session: S): void {
    this.#byId.set(session.id, session)
    if (hasNoUpperHalf(session.id)) this.#byLow.set(lowOf(session.id), session)
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
    if (hasNoUpperHalf(id)) this.#byLow.delete(lowOf(id))
    this.#ordered.splice(this.#ordered.indexOf(session), 1)
    return session
  }

  /** In the order of the ids. */
  [Symbol.iterator](): Iterator<S> {
    return this.#ordered[Symbol.iterator]()
  }
}

function hasNoUpperHalf(id: bigint): boolean {
  return BigInt.asUintN(32, id) === id
}

/** As `getInt32` reads it. */
function lowOf(id: bigint): number {
  return Number(BigInt.asIntN(32, id))
}
