import { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Header, Image } from '@x/client'
import type { CloseReason } from '@x/codecs/cluster'
import type { ClientSession, Cluster, ClusteredService, LeadershipTerm, Role } from '@x/cluster'

/** The service of Aeron's cluster tutorial, so that its Java client can be answered; writes down what it is told. */
export class AuctionService implements ClusteredService {
  /** Everything out of the log, in its order. */
  readonly entries: string[] = []
  /** Everything else. */
  readonly lifecycle: string[] = []
  readonly results: number[] = []
  bestPrice = 0n
  bestCustomerId = -1n
  #cluster: Cluster | undefined
  readonly #response = AtomicBuffer.allocate(32)

  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('expected the service to have started')
    return this.#cluster
  }

  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    this.lifecycle.push(`start ${snapshotImage === undefined ? 'from nothing' : 'from a snapshot'}`)
  }

  onSessionOpen(session: ClientSession, timestamp: bigint): void {
    this.entries.push(`open ${session.id} at ${timestamp} ${this.#place}`)
  }

  onSessionClose(session: ClientSession, timestamp: bigint, closeReason: CloseReason): void {
    this.entries.push(`close ${session.id} at ${timestamp} reason ${closeReason} ${this.#place}`)
  }

  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    _header: Header,
  ): void {
    const [correlationId, customerId, price] = [0, 8, 16].map((at) => buffer.getInt64(offset + at))
    const isBest = (price ?? 0n) > this.bestPrice
    if (isBest) {
      this.bestPrice = price ?? 0n
      this.bestCustomerId = customerId ?? -1n
    }
    this.entries.push(
      `bid ${correlationId} of ${customerId} for ${price} at ${timestamp} length ${length} ${this.#place}`,
    )
    if (session === undefined) return
    this.#response.putInt64(0, correlationId ?? 0n)
    this.#response.putInt64(8, this.bestCustomerId)
    this.#response.putInt64(16, this.bestPrice)
    this.#response.putUint8(24, isBest ? 1 : 0)
    let result = session.offer(this.#response, 0, 25)
    while (result < 0) {
      this.cluster.idleStrategy.idle()
      result = session.offer(this.#response, 0, 25)
    }
    this.results.push(result)
  }

  onTimerEvent(correlationId: bigint, timestamp: bigint): void {
    this.entries.push(`timer ${correlationId} at ${timestamp} ${this.#place}`)
  }

  onTakeSnapshot(_publication: ExclusivePublication): void {
    this.lifecycle.push('snapshot')
  }

  onRoleChange(newRole: Role): void {
    this.lifecycle.push(`role ${newRole}`)
  }

  onTerminate(_cluster: Cluster): void {
    this.lifecycle.push('terminate')
  }

  onNewLeadershipTermEvent(term: LeadershipTerm): void {
    this.entries.push(
      `term ${term.leadershipTermId} at ${term.timestamp} unit ${term.timeUnit} ${this.#place}`,
    )
  }

  get #place(): string {
    return `position ${this.cluster.logPosition} time ${this.cluster.time}`
  }
}
