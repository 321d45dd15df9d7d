import { AtomicBuffer } from '@x/atomic'
import { BACK_PRESSURED, isRetryable, type ExclusivePublication, type Image } from '@x/client'
import { CloseReason, type ClientSession, type Cluster, type ClusteredService } from '@x/cluster'

/** What a message to the crowd asks for: its first byte. */
export const CrowdCommand = { ECHO: 0, CLOSE_ME: 1, FLOOD_ME: 2 } as const

/** Messages of a flood, each of {@link FLOOD_MESSAGE_LENGTH}: together longer than the terms of an egress of 64 KiB terms. */
export const FLOOD_COUNT = 400
export const FLOOD_MESSAGE_LENGTH = 1_000

const MAX_ECHO_ATTEMPTS = 100
const ALL_REASONS = [CloseReason.CLIENT_ACTION, CloseReason.SERVICE_ACTION, CloseReason.TIMEOUT]

/** A service for many sessions: answers each, closes or floods those that ask for it, and counts. */
export class CrowdService implements ClusteredService {
  opened = 0
  /** How many sessions closed for each reason. */
  readonly closed: Map<CloseReason | undefined, number> = new Map(ALL_REASONS.map((reason) => [reason, 0]))
  echoed = 0
  /** Offers of floods that were not taken: the client does not read. */
  backPressured = 0
  sessionsAtStart: readonly bigint[] = []
  #cluster: Cluster | undefined

  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('expected the service to have started')
    return this.#cluster
  }

  onStart(cluster: Cluster, _snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    this.sessionsAtStart = cluster.clientSessions.map(({ id }) => id)
  }

  onSessionOpen(): void {
    this.opened++
  }

  onSessionClose(_session: ClientSession, _timestamp: bigint, reason: CloseReason | undefined): void {
    this.closed.set(reason, (this.closed.get(reason) ?? 0) + 1)
  }

  onSessionMessage(
    session: ClientSession | undefined,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    if (session === undefined) return
    switch (length === 0 ? CrowdCommand.ECHO : buffer.getUint8(offset)) {
      case CrowdCommand.CLOSE_ME:
        session.close()
        return
      case CrowdCommand.FLOOD_ME:
        this.#flood(session)
        return
      default:
        this.#echo(session, buffer, offset, length)
    }
  }

  // The sessions are all there is to it, and the container writes those.
  onTakeSnapshot(_publication: ExclusivePublication): void {}

  #echo(session: ClientSession, buffer: AtomicBuffer, offset: number, length: number): void {
    for (let attempt = 0; attempt < MAX_ECHO_ATTEMPTS; attempt++) {
      if (!isRetryable(session.offer(buffer, offset, length))) break
      this.cluster.idleStrategy.idle()
    }
    this.echoed++
  }

  #flood(session: ClientSession): void {
    const message = AtomicBuffer.allocate(FLOOD_MESSAGE_LENGTH)
    for (let index = 0; index < FLOOD_COUNT; index++) {
      // Never waits: one client that does not read must not hold up the log.
      if (session.offer(message) === BACK_PRESSURED) this.backPressured++
    }
  }
}
