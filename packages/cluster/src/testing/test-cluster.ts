import { BACK_PRESSURED } from '@x/client'
import { CloseReason } from '@x/codecs/cluster'
import { composeVersion } from '../service/app-version.ts'
import { Role } from '../service/cluster.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import { NO_RELEVANT_ID } from '../service/consensus-module-proxy.ts'
import { ConsensusState, type ScheduledTimer } from './consensus-state.ts'
import type { GuardedService } from './determinism-guard.ts'
import type { Effect } from './effect.ts'
import { guardedService } from './guard-option.ts'
import type { FramedEntry, LogEntry } from './log-entry.ts'
import { LogWriter } from './log-writer.ts'
import { MemoryArchive } from './memory-archive.ts'
import { PublicationScript } from './publication-script.ts'
import {
  resolveTestClusterOptions,
  type ResolvedTestClusterOptions,
  type TestClusterOptions,
} from './test-cluster-options.ts'
import {
  DEFAULT_MTU_LENGTH,
  FROM_NOTHING,
  TestMember,
  type LogLayout,
  type StartPoint,
} from './test-member.ts'
import type { SessionHost, TestSession, TestSessionOptions } from './test-session.ts'

const DEFAULT_APP_VERSION: number = composeVersion(0, 0, 1)
const WITHOUT_END = Number.MAX_SAFE_INTEGER

/** A snapshot of the service. */
export interface TestSnapshot {
  /** Position in bytes after the log entry that requested it. */
  readonly logPosition: number
  readonly leadershipTermId: bigint
  /** Cluster time. */
  readonly timestamp: bigint
  /** Id of its recording. */
  readonly recordingId: bigint
  /** Number of log entries that it covers. */
  readonly entryCount: number
}

/** Options for restarting a member. */
export interface RestartOptions {
  /** Whether it starts from the latest snapshot, if there is one; otherwise it applies the log from its beginning. @default true */
  readonly fromSnapshot?: boolean
  /** Its role once it has caught up. @default the role that it had */
  readonly role?: Role
  /** Whether all members were down, in which case the clients are gone, and their sessions are closed one by one. @default false */
  readonly wholeCluster?: boolean
}

/** Watches a cluster: what the service asks for, what it applied, and when nothing is left to do. */
export interface ClusterObserver<S extends ClusteredService> {
  onEffect(effect: Effect): void
  onApplied(entry: FramedEntry, cluster: TestCluster<S>): void
  onQuiet(cluster: TestCluster<S>): void
}

interface KeptSnapshot extends TestSnapshot {
  readonly consensus: ConsensusState
}

/**
 * An in-memory cluster around one service, in which the test plays the clients and the clock. The service runs in the real container, which reads the log, and the
 * responses of driver and archive, that this class writes. Nothing happens by itself, and nothing depends on the machine: the same calls produce the same log,
 * byte for byte.
 *
 * A call returns when the service has applied everything that follows from it: timers that have expired, messages that the service offered, sessions that it closed.
 * It throws what the service has thrown meanwhile.
 */
export class TestCluster<S extends ClusteredService> implements Disposable {
  /** Errors of the service and of the container, in order. */
  readonly errors: Error[] = []
  readonly #options: ResolvedTestClusterOptions<S>
  readonly #observer: ClusterObserver<S> | undefined
  readonly #archive = new MemoryArchive()
  readonly #writer: LogWriter
  readonly #controlScript = new PublicationScript()
  readonly #snapshotScript = new PublicationScript()
  readonly #snapshots: KeptSnapshot[] = []
  readonly #host: SessionHost
  #service: S
  #guard: GuardedService | undefined
  #member: TestMember
  #role: Role
  #isReplaying = false
  #throwableCount = 0
  #isClosed = false

  /**
   * Starts the service from scratch, and lets it join the log in its first leadership term. Throws what `onStart` throws.
   *
   * @param observer for the checks of this package
   */
  constructor(options: TestClusterOptions<S>, observer?: ClusterObserver<S>) {
    this.#options = resolveTestClusterOptions(options)
    this.#observer = observer
    this.#role = this.#options.role
    this.#writer = new LogWriter({ ...this.#options, layout: this.#layout, serviceId: this.#serviceId })
    this.#host = this.#newHost()
    this.#service = this.#options.createService()
    this.#member = this.#newMember(FROM_NOTHING)
    this.#beginTerm(true)
    this.#settle()
  }

  /** The current service, created by `createService` at the last start of the member. */
  get service(): S {
    return this.#service
  }

  /** Role of the member. */
  get role(): Role {
    return this.#role
  }

  /** Cluster time, in the unit of the options. */
  get time(): bigint {
    return this.#writer.time
  }

  /** Position in bytes at the end of the log. */
  get logPosition(): number {
    return this.#writer.position
  }

  /** All entries of the log. */
  get log(): readonly LogEntry[] {
    return this.#writer.entries
  }

  /** All sessions that have ever been opened. */
  get sessions(): readonly TestSession[] {
    return [...this.#writer.sessions.values()]
  }

  /** The timers that the service has scheduled, in the order in which they will expire. */
  get timers(): readonly ScheduledTimer[] {
    return this.#writer.consensus.timers
  }

  /** The snapshots that succeeded. */
  get snapshots(): readonly TestSnapshot[] {
    return this.#snapshots
  }

  /** @internal All entries with their frames. */
  get framedLog(): readonly FramedEntry[] {
    return this.#writer.entries
  }

  /** @internal How the log is laid out. */
  get layout(): LogLayout {
    return this.#layout
  }

  /** @internal Whether a test has decided what sends give: another run need not send the same then. */
  get isScripted(): boolean {
    return this.sessions.some(({ isScripted }) => isScripted)
  }

  /** @internal Where snapshots are kept. */
  get archive(): MemoryArchive {
    return this.#archive
  }

  /** Opens a session, as a client would. */
  openSession(options: TestSessionOptions = {}): TestSession {
    const session = this.#writer.openSession(options, this.#host)
    this.#settle()
    return session
  }

  /**
   * Lets time pass. Timers enter the log exactly at their deadline, those with the same deadline in the order in which they were scheduled. Sessions are closed when
   * they time out.
   */
  advanceTime(milliseconds: number): void {
    if (!Number.isInteger(milliseconds) || milliseconds < 0) {
      throw new RangeError(
        `Cannot advance the time: milliseconds must be an integer of 0 or more, current value is ${milliseconds}`,
      )
    }
    this.advanceTimeTo(this.time + this.#writer.unitsOf(milliseconds))
  }

  /** Like {@link advanceTime}, until `time`, in units of cluster time. */
  advanceTimeTo(time: bigint): void {
    const writer = this.#writer
    if (time < writer.time) {
      throw new RangeError(`Cannot advance the time to ${time}: it must not go back, and is ${writer.time}`)
    }
    for (let next = writer.nextDueTime; next !== undefined && next <= time; next = writer.nextDueTime) {
      if (next > writer.time) writer.time = next
      this.#settle()
    }
    writer.time = time
  }

  /** Runs turns of the container in which nothing arrives, for `doBackgroundWork`. */
  doTurns(count = 1): void {
    for (let turn = 0; turn < count; turn++) this.#member.turn()
    this.#settle()
  }

  /**
   * Makes the next `count` sends to the consensus module (timers, messages and closes of the service, and acks of the container) return `result` instead of being
   * sent.
   */
  backPressure(count: number, result: number = BACK_PRESSURED): void {
    this.#controlScript.refuse(count, result)
  }

  /** Makes the next `count` offers to the snapshot return `result` instead of being sent. */
  backPressureSnapshot(count: number, result: number = BACK_PRESSURED): void {
    this.#snapshotScript.refuse(count, result)
  }

  /** Takes a snapshot, by an entry in the log. @throws ClusterError SNAPSHOT_FAILED */
  takeSnapshot(): TestSnapshot {
    const index = this.#snapshots.length
    this.#writer.requestSnapshot()
    this.#settle()
    const snapshot = this.#snapshots[index]
    if (snapshot === undefined) throw this.errors.at(-1) ?? new Error('Cannot take a snapshot: it has failed')
    return snapshot
  }

  /** Starts a new leadership term, with this member in `role`. */
  changeRole(role: Role): void {
    this.#role = role
    this.#beginTerm(false)
    this.#settle()
  }

  /**
   * Simulates that the process of the service is killed and starts again, with a new service, which applies the log from its snapshot, or from the beginning. Then a
   * new leadership term begins.
   */
  restart({ fromSnapshot = true, role = this.#role, wholeCluster = false }: RestartOptions = {}): void {
    const snapshot = fromSnapshot ? this.#snapshots.at(-1) : undefined
    this.#writer.consensus = snapshot?.consensus.copy() ?? new ConsensusState(this.#serviceId)
    this.#service = this.#options.createService()
    this.#role = Role.FOLLOWER
    this.#isReplaying = true
    try {
      this.#member = this.#newMember(snapshot ?? FROM_NOTHING)
      this.#replay(this.framedLog.slice(snapshot?.entryCount ?? 0), snapshot?.logPosition ?? 0)
    } finally {
      this.#isReplaying = false
    }
    this.#role = role
    this.#beginTerm(wholeCluster)
    if (wholeCluster) {
      for (const session of this.sessions) this.#writer.closeSession(session, CloseReason.TIMEOUT)
    }
    this.#settle()
  }

  /** Shuts the member down: `onTerminate` of the service is called. */
  terminate(): void {
    this.#isClosed = true
    this.#member.terminate(this.logPosition)
    this.#guard?.[Symbol.dispose]()
    this.#throwErrors()
  }

  /** Ends the service, unless it has been terminated. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#member.close()
    this.#guard?.[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get #layout(): LogLayout {
    return { termLength: this.#options.termLength, mtuLength: DEFAULT_MTU_LENGTH, initialTermId: 0 }
  }

  get #serviceId(): number {
    return this.#options.container.serviceId ?? 0
  }

  #newHost(): SessionHost {
    const writer = this.#writer
    return {
      get time() {
        return writer.time
      },
      send: (session, payload) => {
        writer.sendMessage(session, payload)
        this.#settle()
      },
      closeSession: (session, reason) => {
        writer.closeSession(session, reason)
        this.#settle()
      },
      onResponse: ({ id: clusterSessionId }, { payload }) =>
        this.#observer?.onEffect({ kind: 'response', clusterSessionId, payload }),
    }
  }

  #newMember(start: StartPoint): TestMember {
    const { container, memberId, snapshotTermLength, egressTermLength } = this.#options
    const parts = {
      service: this.#guarded(this.#service),
      container,
      memberId,
      layout: this.#layout,
      egressTermLength,
      snapshotTermLength,
      archive: this.#archive,
      controlScript: this.#controlScript,
      snapshotScript: this.#snapshotScript,
      egressOf: (channel: string, streamId: number) => this.#sessionAt(channel, streamId).sink,
      onEffect: (effect: Effect) => {
        this.#writer.consensus.onEffect(effect)
        if (!this.#isReplaying) this.#observer?.onEffect(effect)
      },
      onError: (error: Error) => void this.errors.push(error),
    }
    return new TestMember(parts, start)
  }

  #guarded(service: S): ClusteredService {
    this.#guard?.[Symbol.dispose]()
    this.#guard = guardedService(service, this.#options.determinismGuard)
    return this.#guard ?? service
  }

  #sessionAt(channel: string, streamId: number): TestSession {
    const found = this.sessions.filter(
      (session) => session.responseChannel === channel && session.responseStreamId === streamId,
    )
    return found.find(({ isOpen }) => isOpen) ?? found[0]!
  }

  #beginTerm(isStartup: boolean): void {
    const { memberId, container } = this.#options
    this.#member.join(this.logPosition, WITHOUT_END, this.#role, isStartup)
    const leaderMemberId = this.#role === Role.LEADER ? memberId : memberId + 1
    this.#writer.beginTerm(leaderMemberId, container.appVersion ?? DEFAULT_APP_VERSION)
  }

  #replay(entries: readonly FramedEntry[], logPosition: number): void {
    if (entries.length === 0) return
    this.#member.join(logPosition, this.logPosition, Role.FOLLOWER, true)
    for (const entry of entries) {
      this.#writer.consensus.onLogged(entry)
      this.#member.apply(entry)
    }
  }

  /** Applies what was written, and what follows from it, until nothing does. */
  #settle(): void {
    do {
      for (
        let entry = this.#writer.nextUnapplied();
        entry !== undefined;
        entry = this.#writer.nextUnapplied()
      ) {
        this.#member.apply(entry)
        if (entry.kind === 'snapshot') this.#keepSnapshot(entry)
        this.#observer?.onApplied(entry, this)
      }
    } while (this.#writer.writeDue())
    this.#throwErrors()
    this.#observer?.onQuiet(this)
  }

  #keepSnapshot(entry: FramedEntry): void {
    const { lastAck } = this.#member
    if (lastAck?.logPosition !== entry.position || lastAck.relevantId === NO_RELEVANT_ID) return
    this.#snapshots.push({
      logPosition: entry.position,
      leadershipTermId: this.#writer.leadershipTermId,
      timestamp: lastAck.timestamp,
      recordingId: lastAck.relevantId,
      consensus: this.#writer.consensus.copy(),
      entryCount: this.framedLog.indexOf(entry) + 1,
    })
    // A snapshot may take long, and that is not the clients' fault.
    this.#writer.refreshSessions()
  }

  #throwErrors(): void {
    const error = this.errors[this.#throwableCount]
    this.#throwableCount = this.errors.length
    if (error !== undefined && !this.#options.collectErrors) throw error
  }
}
