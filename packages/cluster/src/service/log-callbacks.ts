import type { AtomicBuffer } from '@x/atomic'
import type { Header } from '@x/client'
import { ClusterAction, type CloseReason } from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import { appVersionError } from './app-version.ts'
import type { LogAction, LogEvents } from './bounded-log-adapter.ts'
import type { ClientSessions } from './client-sessions.ts'
import { Role } from './cluster.ts'
import type { LeadershipTerm } from './clustered-service.ts'
import { ContainerClientSession, type SessionDescription } from './container-client-session.ts'
import type { ResolvedContainerOptions } from './container-options.ts'
import type { EgressConnector } from './egress-connector.ts'
import type { ServiceCallbacks } from './service-callbacks.ts'
import type { ServiceState } from './service-state.ts'
import type { SessionEgress } from './session-egress.ts'
import { SnapshotAction, type SnapshotActionParts } from './snapshot-action.ts'

// Action flags. Protocol: ClusterActionRequest; 0 is an ordinary snapshot, 1 one of standbys only.
const ACTION_FLAGS_DEFAULT = 0
const ACTION_FLAGS_STANDBY_SNAPSHOT = 1

/** What {@link LogCallbacks} works with. */
export interface LogCallbacksParts {
  readonly options: Pick<
    ResolvedContainerOptions,
    'appVersion' | 'appVersionValidator' | 'isRespondingService'
  >
  readonly state: ServiceState
  readonly sessions: ClientSessions<ContainerClientSession>
  readonly egress: SessionEgress
  readonly connector: EgressConnector
  readonly callbacks: ServiceCallbacks
  readonly onError: (error: Error) => void
  readonly requestClose: (clusterSessionId: bigint) => boolean
  readonly snapshots: SnapshotActionParts
}

interface OpeningSession {
  readonly session: ContainerClientSession
  readonly logPosition: number
  readonly timestamp: bigint
}

/** Applies the entries of the log: moves position and time, keeps the sessions, calls the service. */
export class LogCallbacks implements LogEvents {
  readonly #parts: LogCallbacksParts
  readonly #state: ServiceState
  readonly #sessions: ClientSessions<ContainerClientSession>
  // The session whose egress is being connected: its open event is delivered again until there is an outcome.
  #opening: OpeningSession | undefined
  // The snapshot that is being taken: its entry stays in the log meanwhile.
  #snapshot: SnapshotAction | undefined

  constructor(parts: LogCallbacksParts) {
    this.#parts = parts
    this.#state = parts.state
    this.#sessions = parts.sessions
  }

  onSessionMessage(
    clusterSessionIdLow: number,
    clusterSessionIdHigh: number,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void {
    this.#advance(header.position, timestamp)
    const session = this.#sessions.getByHalves(clusterSessionIdLow, clusterSessionIdHigh)
    this.#parts.callbacks.onSessionMessage(session, timestamp, buffer, offset, length, header)
  }

  onTimerEvent(logPosition: number, correlationId: bigint, timestamp: bigint): void {
    this.#advance(logPosition, timestamp)
    this.#parts.callbacks.onTimerEvent(correlationId, timestamp)
  }

  /** False while the egress of the session is being connected. */
  onSessionOpen(logPosition: number, timestamp: bigint, description: SessionDescription): boolean {
    const session = this.#openingSession(logPosition, description)
    const { connector, options } = this.#parts
    const isConnecting = this.#state.role === Role.LEADER && options.isRespondingService
    if (isConnecting && !connector.connect(session)) {
      this.#opening = { session, logPosition, timestamp }
      return false
    }
    this.#open({ session, logPosition, timestamp })
    return true
  }

  onSessionClose(
    logPosition: number,
    clusterSessionId: bigint,
    timestamp: bigint,
    closeReason: CloseReason,
  ): void {
    this.#advance(logPosition, timestamp)
    const session = this.#sessions.remove(clusterSessionId)
    if (session === undefined) {
      this.#parts.onError(
        new ClusterError(
          'UNKNOWN_SESSION',
          `Cannot close session ${clusterSessionId} at position ${logPosition}: the session must be open`,
          { clusterSessionId },
        ),
      )
      return
    }
    session.disconnect()
    this.#parts.callbacks.onSessionClose(session, timestamp, closeReason)
  }

  /** False while a snapshot is being taken, and until it was acknowledged. */
  onServiceAction({ leadershipTermId, logPosition, timestamp, action, flags }: LogAction): boolean {
    this.#advance(logPosition, timestamp)
    if (action !== ClusterAction.SNAPSHOT || !this.#takesSnapshot(flags)) return true
    const { snapshots, options } = this.#parts
    const { appVersion } = options
    const { timeUnit } = this.#state
    this.#snapshot ??= new SnapshotAction(snapshots, { leadershipTermId, logPosition, timeUnit, appVersion })
    return this.finishSnapshot()
  }

  /** Whether a snapshot is being taken. */
  get isTakingSnapshot(): boolean {
    return this.#snapshot !== undefined
  }

  /** Goes on with the snapshot that is being taken, if any. False while there is something to wait for. */
  finishSnapshot(): boolean {
    if (this.#snapshot?.poll() === false) return false
    this.#snapshot = undefined
    return true
  }

  /**
   * Goes on with the entry that is under way, if any, when its log has gone. A session is opened without egress then: the member does not
   * lead any more. False while there is something to wait for.
   */
  finishEntry(): boolean {
    if (this.#opening !== undefined) this.#open(this.#opening)
    return this.finishSnapshot()
  }

  /** Cancels the snapshot that is being taken, if there is one, without an acknowledgement. */
  abandonSnapshot(): void {
    this.#snapshot?.close()
    this.#snapshot = undefined
  }

  onNewLeadershipTerm(term: LeadershipTerm): void {
    const { appVersion, appVersionValidator } = this.#parts.options
    const { logPosition } = term
    if (!appVersionValidator(appVersion, term.appVersion)) {
      throw appVersionError('apply the log', appVersion, term.appVersion, logPosition)
    }
    this.#state.header.setLeadershipTermId(term.leadershipTermId)
    this.#advance(logPosition, term.timestamp)
    this.#state.timeUnit = term.timeUnit
    this.#parts.callbacks.onNewLeadershipTermEvent(term)
  }

  /** A session as the service sees it; not yet among the open ones. */
  newSession(description: SessionDescription): ContainerClientSession {
    return new ContainerClientSession(description, this.#parts.egress, this.#parts.requestClose)
  }

  /** The log was closed: what was being connected is given up, and no session has egress any more. */
  disconnectAll(): void {
    this.#opening = undefined
    this.#parts.connector.cancel()
    for (const session of this.#sessions) session.disconnect()
  }

  #advance(logPosition: number, timestamp: bigint): void {
    this.#state.logPosition = logPosition
    this.#state.clusterTime = timestamp
  }

  #open({ session, logPosition, timestamp }: OpeningSession): void {
    this.#opening = undefined
    this.#advance(logPosition, timestamp)
    this.#sessions.add(session)
    this.#parts.callbacks.onSessionOpen(session, timestamp)
  }

  #openingSession(logPosition: number, description: SessionDescription): ContainerClientSession {
    if (this.#opening?.session.id === description.id) return this.#opening.session
    if (this.#sessions.get(description.id) !== undefined) {
      throw new RangeError(
        `Cannot open session ${description.id} at position ${logPosition}: its id must be new, and is of an open session`,
      )
    }
    return this.newSession(description)
  }

  #takesSnapshot(flags: number): boolean {
    const standbyFlags = this.#state.isStandby ? ACTION_FLAGS_STANDBY_SNAPSHOT : ACTION_FLAGS_DEFAULT
    return flags === ACTION_FLAGS_DEFAULT || (flags & standbyFlags) !== 0
  }
}
