import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AtomicBuffer } from '@x/atomic'
import { isRetryable, type ExclusivePublication, type Header, type Image } from '@x/client'
import type { ClientSession, Cluster, ClusteredService } from '@x/cluster'
import {
  ARGUMENT_OFFSET,
  FLAG_SERVICE_MESSAGE,
  FLAG_TIMER,
  FLAGS_OFFSET,
  KIND_OFFSET,
  LedgerKind,
  MESSAGE_LENGTH,
  REPLY_LENGTH,
  SEQUENCE_OFFSET,
} from './ledger-message.ts'
import { readLedger, writeLedger } from './ledger-snapshot.ts'
import { LedgerState } from './ledger-state.ts'

/** The service itself, as where an entry comes from. */
const FROM_SERVICE = -1n
/** A timer, as where an entry comes from. */
const FROM_TIMER = 0n
const MAX_REPLY_ATTEMPTS = 50

/**
 * A deterministic service, with a twin in Java: keeps every message, timer and service message that it was given, and writes a report of
 * itself into the cluster's folder where the log asks for one, so that members can be compared at the same place of the log.
 */
export class LedgerService implements ClusteredService {
  readonly state: LedgerState = new LedgerState()
  /** How the service started: nothing, or entries of a snapshot. */
  startedWith: number | undefined
  /** Ids of the sessions that were there at the start. */
  sessionsAtStart: readonly bigint[] = []
  /** Entries that were applied since the start. */
  appliedCount = 0
  /** What to do before a snapshot is written, for tests of failures. */
  beforeSnapshot: (() => void) | undefined
  readonly #reply = AtomicBuffer.allocate(REPLY_LENGTH)
  readonly #own = AtomicBuffer.allocate(MESSAGE_LENGTH)
  #cluster: Cluster | undefined

  get cluster(): Cluster {
    if (this.#cluster === undefined) throw new Error('expected the service to have started')
    return this.#cluster
  }

  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    this.sessionsAtStart = cluster.clientSessions.map(({ id }) => id)
    if (snapshotImage !== undefined) {
      readLedger(this.state, snapshotImage, cluster)
      this.startedWith = this.state.entryCount
    }
  }

  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    _header: Header,
  ): void {
    const kind = buffer.getInt32(offset + KIND_OFFSET)
    const sequence = buffer.getInt64(offset + SEQUENCE_OFFSET)
    const argument = buffer.getInt64(offset + ARGUMENT_OFFSET)
    if (kind === LedgerKind.REPORT) return this.#report(sequence)
    if (kind === LedgerKind.BALLAST) {
      this.state.ballastLength = Number(argument)
      return
    }
    this.state.add(session?.id ?? FROM_SERVICE, sequence, timestamp)
    this.state.hashBytes(buffer, offset, length)
    this.appliedCount++
    if (session === undefined) return
    const flags = buffer.getInt32(offset + FLAGS_OFFSET)
    if ((flags & FLAG_TIMER) !== 0) this.#schedule(sequence, timestamp + argument)
    if ((flags & FLAG_SERVICE_MESSAGE) !== 0) this.#offerOwn(sequence)
    this.#answer(session, sequence)
  }

  onTimerEvent(correlationId: bigint, timestamp: bigint): void {
    this.state.timerCount++
    this.state.pendingTimers.delete(correlationId)
    this.state.add(FROM_TIMER, correlationId, timestamp)
    this.appliedCount++
  }

  onTakeSnapshot(publication: ExclusivePublication): void {
    this.beforeSnapshot?.()
    writeLedger(this.state, publication, this.cluster)
  }

  #schedule(correlationId: bigint, deadline: bigint): void {
    this.state.pendingTimers.add(correlationId)
    while (!this.cluster.scheduleTimer(correlationId, deadline)) this.cluster.idleStrategy.idle()
  }

  #offerOwn(sequence: bigint): void {
    this.#own.putInt32(KIND_OFFSET, LedgerKind.SERVICE)
    this.#own.putInt64(SEQUENCE_OFFSET, sequence)
    while (this.cluster.offer(this.#own) < 0) this.cluster.idleStrategy.idle()
  }

  #answer(session: ClientSession, sequence: bigint): void {
    this.#reply.putInt64(0, sequence)
    this.#reply.putInt64(8, BigInt(this.state.entryCount))
    for (let attempt = 0; attempt < MAX_REPLY_ATTEMPTS; attempt++) {
      if (!isRetryable(session.offer(this.#reply))) return
      this.cluster.idleStrategy.idle()
    }
  }

  #report(id: bigint): void {
    const { entryCount, timerCount, hash, pendingTimers, entries, entriesLength } = this.state
    const folder = this.cluster.context.clusterDirectory
    writeFileSync(join(folder, `ledger-${id}.bin`), entries.bytes.subarray(0, entriesLength))
    const line = `report ${id} entries ${entryCount} timers ${timerCount} pending ${pendingTimers.size} hash ${hash} position ${this.cluster.logPosition}\n`
    appendFileSync(join(folder, 'ledger.txt'), line)
  }
}
