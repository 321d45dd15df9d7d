import type { AtomicBuffer } from '@x/atomic'
import { isRetryable, type ExclusivePublication, type Image } from '@x/client'
import type { ClientSession, Cluster, ClusteredService } from '@x/cluster'

const STATE_LENGTH = 4

/** Adds up the bytes of messages, answers with the sum, and keeps it in snapshots: the least service that has a state. */
export class TallyService implements ClusteredService {
  total = 0
  #cluster: Cluster | undefined

  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('expected the service to have started')
    return this.#cluster
  }

  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    while (snapshotImage !== undefined && !snapshotImage.isEndOfStream) {
      const fragments = snapshotImage.poll((buffer, offset) => (this.total = buffer.getInt32(offset)), 10)
      cluster.idleStrategy.idle(fragments)
    }
  }

  onSessionMessage(
    session: ClientSession | undefined,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    for (let at = 0; at < length; at++) this.total += buffer.getUint8(offset + at)
    while (session !== undefined && isRetryable(session.offer(this.#encodedTotal())))
      this.cluster.idleStrategy.idle()
  }

  onTakeSnapshot(publication: ExclusivePublication): void {
    while (isRetryable(publication.offer(this.#encodedTotal()))) this.cluster.idleStrategy.idle()
  }

  #encodedTotal(): Uint8Array {
    const bytes = Buffer.alloc(STATE_LENGTH)
    bytes.writeInt32LE(this.total)
    return bytes
  }
}
