import type { AtomicBuffer } from '@x/atomic'
import { ImageFragmentAssembler, isRetryable, type ExclusivePublication, type Image } from '@x/client'
import type { ClientSession, Cluster, ClusteredService } from '@x/cluster'

/**
 * A service whose state is a list of what it was told, for members with several services: each sees the messages and timers of all. "offer" makes it
 * offer a message, "timer <id> <delay>" schedule a timer of its own.
 */
export class ListService implements ClusteredService {
  entries: string[] = []
  /** Entries of the snapshot that it started from. */
  startedWith: number | undefined
  /** What to do before a snapshot is written, for tests of failures. */
  beforeSnapshot: (() => void) | undefined
  #cluster: Cluster | undefined

  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('expected the service to have started')
    return this.#cluster
  }

  onStart(cluster: Cluster, image: Image | undefined): void {
    this.#cluster = cluster
    if (image === undefined) return
    const assembler = new ImageFragmentAssembler((buffer, offset, length) => {
      this.entries = JSON.parse(buffer.getStringWithoutLengthUtf8(offset, length)) as string[]
      this.startedWith = this.entries.length
    })
    while (!image.isEndOfStream && !image.isClosed) {
      cluster.idleStrategy.idle(image.poll(assembler.onFragment, 10))
    }
    if (this.startedWith === undefined) throw new Error('expected a list in the snapshot')
  }

  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    const text = buffer.getStringWithoutLengthAscii(offset, length)
    this.entries.push(`${text} of ${session === undefined ? 'a service' : `session ${session.id}`}`)
    if (session === undefined) return
    const [command, id = '0', delay = '0'] = text.split(' ')
    const { serviceId } = this.cluster.context
    if (command === 'offer') {
      this.#retry(() => this.cluster.offer(Buffer.from(`from service ${serviceId}`)) > 0)
    } else if (command === 'timer') {
      // Timers of all services share one space of ids.
      const correlationId = (BigInt(serviceId) << 56n) | BigInt(id)
      this.#retry(() => this.cluster.scheduleTimer(correlationId, timestamp + BigInt(delay)))
    }
  }

  onTimerEvent(correlationId: bigint): void {
    this.entries.push(`timer ${correlationId & 0xffffn} of service ${correlationId >> 56n}`)
  }

  onTakeSnapshot(publication: ExclusivePublication): void {
    this.beforeSnapshot?.()
    const state = Buffer.from(JSON.stringify(this.entries))
    while (isRetryable(publication.offer(state))) this.cluster.idleStrategy.idle()
  }

  #retry(attempt: () => boolean): void {
    while (!attempt()) this.cluster.idleStrategy.idle()
  }
}
