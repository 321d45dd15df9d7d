import { CloseReason, ClusterAction, ClusterTimeUnit } from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import type { LeadershipTerm } from '../service/clustered-service.ts'
import { ConsensusState } from './consensus-state.ts'
import {
  encodeClusterAction,
  encodeLeadershipTerm,
  encodeSessionClose,
  encodeSessionMessage,
  encodeSessionOpen,
  encodeTimerEvent,
  type EntryPlace,
} from './encode-entry.ts'
import type { FramedEntry } from './log-entry.ts'
import { LogScribe } from './log-scribe.ts'
import type { LogLayout } from './test-member.ts'
import { TestSession, type SessionHost, type TestSessionOptions } from './test-session.ts'

const LOG_SESSION_ID = 1
const LOG_STREAM_ID = 100
/** Entries that may follow from one, before it is plain that they never end. */
const MAX_CONSEQUENCES = 10_000

const UNITS_PER_MS: Record<ClusterTimeUnit, bigint> = {
  [ClusterTimeUnit.MILLIS]: 1n,
  [ClusterTimeUnit.MICROS]: 1_000n,
  [ClusterTimeUnit.NANOS]: 1_000_000n,
}

type Encode = (place: EntryPlace, endPositionOf: (length: number) => number) => Uint8Array

/** What a log is written with. */
export interface LogWriterOptions {
  readonly layout: LogLayout
  readonly serviceId: number
  readonly startTime: bigint
  readonly timeUnit: ClusterTimeUnit
  readonly sessionTimeoutMs: number
}

/** Writes the log as the leader's consensus module does: it knows the clients, the clock, and what the service has asked for. */
export class LogWriter {
  /** All entries. */
  readonly entries: FramedEntry[] = []
  readonly sessions: Map<bigint, TestSession> = new Map()
  /** Cluster time. */
  time: bigint
  /** What the service has asked for. */
  consensus: ConsensusState
  readonly #options: LogWriterOptions
  readonly #scribe: LogScribe
  #leadershipTermId = -1n
  #nextSessionId = 1n
  #appliedCount = 0
  #quietCount = 0

  constructor(options: LogWriterOptions) {
    this.#options = options
    this.time = options.startTime
    this.consensus = new ConsensusState(options.serviceId)
    this.#scribe = new LogScribe({
      ...options.layout,
      channel: 'aeron:ipc',
      streamId: LOG_STREAM_ID,
      sessionId: LOG_SESSION_ID,
    })
  }

  get position(): number {
    return this.#scribe.position
  }

  get leadershipTermId(): bigint {
    return this.#leadershipTermId
  }

  /** The next entry that the service has not applied, which counts as applied then; undefined when there is none. */
  nextUnapplied(): FramedEntry | undefined {
    const entry = this.entries[this.#appliedCount]
    if (entry !== undefined) this.#appliedCount++
    return entry
  }

  beginTerm(leaderMemberId: number, appVersion: number): void {
    const term: LeadershipTerm = {
      leadershipTermId: ++this.#leadershipTermId,
      logPosition: 0,
      termBaseLogPosition: this.position,
      timestamp: this.time,
      leaderMemberId,
      logSessionId: LOG_SESSION_ID,
      timeUnit: this.#options.timeUnit,
      appVersion,
    }
    // The length of the entry does not depend on its position; so it is with a snapshot's.
    const { length } = encodeLeadershipTerm(term)
    this.#append((_place, endPositionOf) =>
      encodeLeadershipTerm({ ...term, logPosition: endPositionOf(length) }),
    )
  }

  openSession(options: TestSessionOptions, host: SessionHost): TestSession {
    const session = new TestSession(this.#nextSessionId++, options, host)
    const { id, responseChannel, responseStreamId, encodedPrincipal } = session
    this.sessions.set(id, session)
    const description = { id, responseChannel, responseStreamId, encodedPrincipal }
    this.#append((place) => encodeSessionOpen(place, description, id))
    return session
  }

  sendMessage(session: TestSession, payload: Uint8Array): void {
    if (!session.isOpen) {
      throw new Error(`Cannot send from session ${session.id}: it must be open, and was closed`)
    }
    session.lastActivity = this.time
    this.#append((place) => encodeSessionMessage(place, session.id, payload))
  }

  closeSession(session: TestSession, reason: CloseReason): void {
    if (!session.isOpen) return
    session.closeReason = reason
    this.#append((place) => encodeSessionClose(place, session.id, reason))
  }

  requestSnapshot(): void {
    this.#append((place, endPositionOf) => {
      const { length } = encodeClusterAction(place, ClusterAction.SNAPSHOT, 0)
      return encodeClusterAction(place, ClusterAction.SNAPSHOT, endPositionOf(length))
    })
  }

  /**
   * Writes what is due: sessions that the service closes or whose time is over, timers, messages of the service; all that there are at once, in
   * the consensus module's order. Returns whether there was anything.
   */
  writeDue(): boolean {
    const countBefore = this.entries.length
    for (const id of this.consensus.closing) {
      const session = this.sessions.get(id)
      if (session !== undefined) this.closeSession(session, CloseReason.SERVICE_ACTION)
    }
    for (const session of this.sessions.values()) {
      const timeout = this.#timeoutOf(session)
      if (timeout !== undefined && timeout <= this.time) this.closeSession(session, CloseReason.TIMEOUT)
    }
    for (const { correlationId, deadline } of this.consensus.timers) {
      if (deadline <= this.time) this.#append((place) => encodeTimerEvent(place, correlationId))
    }
    for (const { id, payload } of this.consensus.messages) {
      this.#append((place) => encodeSessionMessage(place, id, payload))
    }
    const isDone = this.entries.length === countBefore
    if (isDone) this.#quietCount = countBefore
    else if (this.entries.length > this.#quietCount + MAX_CONSEQUENCES) throw neverQuiet(this.entries.at(-1))
    return !isDone
  }

  /** When something is due next, in cluster time; undefined when nothing is. */
  get nextDueTime(): bigint | undefined {
    let next = this.consensus.timers[0]?.deadline
    for (const session of this.sessions.values()) {
      const timeout = this.#timeoutOf(session)
      if (timeout !== undefined && (next === undefined || timeout < next)) next = timeout
    }
    return next
  }

  /** The open sessions count as active now. */
  refreshSessions(): void {
    for (const session of this.sessions.values()) session.lastActivity = this.time
  }

  /** Milliseconds in the unit of cluster time. */
  unitsOf(milliseconds: number): bigint {
    return BigInt(milliseconds) * UNITS_PER_MS[this.#options.timeUnit]
  }

  #append(encode: Encode): void {
    const place = { leadershipTermId: this.#leadershipTermId, timestamp: this.time }
    const entry = this.#scribe.write((endPositionOf) => encode(place, endPositionOf))
    this.consensus.onLogged(entry)
    this.entries.push(entry)
  }

  #timeoutOf(session: TestSession): bigint | undefined {
    const { sessionTimeoutMs } = this.#options
    if (!session.isOpen || sessionTimeoutMs === Infinity) return undefined
    return session.lastActivity + this.unitsOf(sessionTimeoutMs)
  }
}

function neverQuiet(last: FramedEntry | undefined): ClusterError<'TEST_STALLED'> {
  return new ClusterError(
    'TEST_STALLED',
    `Cannot go on with the test: ${MAX_CONSEQUENCES} entries have followed from one, the last of them the ${last?.description}; ` +
      'does the service schedule a timer that is due at once, or answer its own messages, again and again?',
    { awaited: 'the service to come to rest' },
  )
}
