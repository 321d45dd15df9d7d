import { AtomicBuffer } from '@x/atomic'
import {
  ADMIN_ACTION,
  BACK_PRESSURED,
  type ExclusivePublication,
  type Image,
  type OfferSource,
} from '@x/client'
import { Role, type ClientSession, type Cluster, type ClusteredService } from '@x/cluster'
import { ClusterTimeUnit } from '@x/codecs/cluster'
import { readSnapshot, writeSnapshot } from './echo-snapshot.ts'
import { EchoState } from './echo-state.ts'
import { MessageDispatcher, type MessageHandlers } from './gen/message-dispatcher.ts'
import { MessageHeaderEncoder } from './gen/message-header-encoder.ts'
import { TickEncoder } from './gen/tick-encoder.ts'

const TICK_TIMER_ID = 1n
const TICK_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + TickEncoder.BLOCK_LENGTH
/** Idle turns, of up to a millisecond each, that one slow client may cost all the others before its session is closed. */
const MAX_SEND_ATTEMPTS = 1_000

/** Sends every echo message back to its session, and a tick to all sessions each second of cluster time. */
export class EchoService implements ClusteredService, MessageHandlers {
  readonly #state = new EchoState()
  readonly #dispatcher = new MessageDispatcher()
  readonly #headerEncoder = new MessageHeaderEncoder()
  readonly #tickEncoder = new TickEncoder()
  readonly #tick = AtomicBuffer.allocate(TICK_LENGTH)
  #cluster: Cluster | undefined
  #isEcho = false

  /** Messages echoed. */
  get echoCount(): bigint {
    return this.#state.echoCount
  }

  /** Role of the member, as a word. */
  get roleName(): string {
    const role = this.#cluster?.role ?? Role.FOLLOWER
    return role === Role.LEADER ? 'leader' : role === Role.CANDIDATE ? 'candidate' : 'follower'
  }

  /** Position of the log that the service has applied, in bytes. */
  get logPosition(): number {
    return this.#cluster?.logPosition ?? 0
  }

  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    if (snapshotImage !== undefined) readSnapshot(this.#state, snapshotImage, cluster.idleStrategy)
  }

  onSessionOpen(): void {
    if (!this.#state.isTimerScheduled) this.#scheduleTick()
  }

  onSessionMessage(
    session: ClientSession | undefined,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    this.#isEcho = false
    this.#dispatcher.dispatch(buffer, offset, length, this)
    // The very bytes go back, so that nothing is encoded again.
    if (this.#isEcho && session !== undefined) this.#send(session, buffer, offset, length)
  }

  onEcho(): void {
    this.#state.onEcho()
    this.#isEcho = true
  }

  onTimerEvent(correlationId: bigint): void {
    if (correlationId !== TICK_TIMER_ID) return
    this.#state.onTick()
    this.#tickEncoder
      .wrapAndApplyHeader(this.#tick, 0, this.#headerEncoder)
      .count(this.#state.tickCount)
      .echoCount(this.#state.echoCount)
    for (const session of this.#running.clientSessions) this.#send(session, this.#tick, 0, TICK_LENGTH)
    this.#scheduleTick()
  }

  onTakeSnapshot(publication: ExclusivePublication): void {
    writeSnapshot(this.#state, publication, this.#running.idleStrategy)
  }

  get #running(): Cluster {
    if (this.#cluster === undefined) throw new Error('Cannot use the cluster: the service has not started')
    return this.#cluster
  }

  // A refused request must be repeated in the same callback: a later one would be at another place of the log on another member.
  #scheduleTick(): void {
    const cluster = this.#running
    const deadline = cluster.time + unitsPerSecond(cluster.timeUnit)
    while (!cluster.scheduleTimer(TICK_TIMER_ID, deadline)) cluster.idleStrategy.idle()
    this.#state.onTimerScheduled()
  }

  #send(session: ClientSession, buffer: OfferSource, offset: number, length: number): void {
    for (let attempt = 0; attempt < MAX_SEND_ATTEMPTS; attempt++) {
      const result = session.offer(buffer, offset, length)
      if (result !== BACK_PRESSURED && result !== ADMIN_ACTION) return
      this.#running.idleStrategy.idle()
    }
    session.close()
  }
}

function unitsPerSecond(unit: ClusterTimeUnit | undefined): bigint {
  if (unit === ClusterTimeUnit.NANOS) return 1_000_000_000n
  return unit === ClusterTimeUnit.MICROS ? 1_000_000n : 1_000n
}
