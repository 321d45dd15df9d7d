import type { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Header, Image } from '@x/client'
import type { CloseReason } from '@x/codecs/cluster'
import { AgentTerminationError } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import type { ClientSession } from './client-session.ts'
import type { Cluster, Role } from './cluster.ts'
import type { ClusteredService, LeadershipTerm } from './clustered-service.ts'
import type { LifecycleGuard } from './lifecycle-guard.ts'
import type { ServiceState } from './service-state.ts'
import { ActivityBoard, ActivityCode } from './stall/activity-board.ts'

/** What happens to an exception of the service. */
export interface ServiceErrorPolicy {
  /** Reports an error and continues. */
  readonly onError: (thrown: unknown) => void
  /** Whether an exception ends the container instead of going on after the report. */
  readonly terminateOnServiceError: boolean
}

/** Calls the service: sets the lifecycle guard and deals with what a callback throws. */
export class ServiceCallbacks {
  readonly #service: ClusteredService
  readonly #guard: LifecycleGuard
  readonly #state: ServiceState
  readonly #policy: ServiceErrorPolicy
  readonly #board: ActivityBoard

  constructor(
    service: ClusteredService,
    guard: LifecycleGuard,
    state: ServiceState,
    policy: ServiceErrorPolicy,
    board: ActivityBoard = new ActivityBoard(),
  ) {
    this.#service = service
    this.#guard = guard
    this.#state = state
    this.#policy = policy
    this.#board = board
  }

  /** Throws what the service throws: it then has no state to go on with. */
  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    const previous = this.#guard.enter('onStart')
    const activity = this.#begin(ActivityCode.ON_START, 0n)
    try {
      this.#refusePromise('onStart', this.#service.onStart(cluster, snapshotImage))
    } finally {
      this.#board.activity = activity
      this.#guard.exit(previous)
    }
  }

  onSessionOpen(session: ClientSession, timestamp: bigint): void {
    const activity = this.#begin(ActivityCode.ON_SESSION_OPEN, session.id)
    try {
      this.#refusePromise('onSessionOpen', this.#service.onSessionOpen?.(session, timestamp))
    } catch (error) {
      this.#onServiceError('onSessionOpen', error)
    } finally {
      this.#board.activity = activity
    }
  }

  onSessionClose(session: ClientSession, timestamp: bigint, closeReason: CloseReason): void {
    const activity = this.#begin(ActivityCode.ON_SESSION_CLOSE, session.id)
    try {
      this.#refusePromise('onSessionClose', this.#service.onSessionClose?.(session, timestamp, closeReason))
    } catch (error) {
      this.#onServiceError('onSessionClose', error)
    } finally {
      this.#board.activity = activity
    }
  }

  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void {
    const activity = this.#begin(ActivityCode.ON_SESSION_MESSAGE, session?.id ?? 0n)
    try {
      this.#refusePromise(
        'onSessionMessage',
        this.#service.onSessionMessage(session, timestamp, buffer, offset, length, header),
      )
    } catch (error) {
      this.#onServiceError('onSessionMessage', error)
    } finally {
      this.#board.activity = activity
    }
  }

  onTimerEvent(correlationId: bigint, timestamp: bigint): void {
    const activity = this.#begin(ActivityCode.ON_TIMER_EVENT, correlationId)
    try {
      this.#refusePromise('onTimerEvent', this.#service.onTimerEvent?.(correlationId, timestamp))
    } catch (error) {
      this.#onServiceError('onTimerEvent', error)
    } finally {
      this.#board.activity = activity
    }
  }

  onNewLeadershipTermEvent(term: LeadershipTerm): void {
    const activity = this.#begin(ActivityCode.ON_NEW_LEADERSHIP_TERM_EVENT, 0n)
    try {
      this.#refusePromise('onNewLeadershipTermEvent', this.#service.onNewLeadershipTermEvent?.(term))
    } catch (error) {
      this.#onServiceError('onNewLeadershipTermEvent', error)
    } finally {
      this.#board.activity = activity
    }
  }

  /** Throws what the service throws: the snapshot has failed then. */
  onTakeSnapshot(publication: ExclusivePublication): void {
    const activity = this.#begin(ActivityCode.ON_TAKE_SNAPSHOT, 0n)
    try {
      this.#refusePromise('onTakeSnapshot', this.#service.onTakeSnapshot(publication))
    } catch (error) {
      if (error instanceof AgentTerminationError || !this.#policy.terminateOnServiceError) throw error
      this.#onServiceError('onTakeSnapshot', error)
    } finally {
      this.#board.activity = activity
    }
  }

  /** Calls the service's `onRoleChange` if the role has changed. */
  changeRole(newRole: Role): void {
    if (newRole === this.#state.role) return
    this.#state.role = newRole
    const previous = this.#guard.enter('onRoleChange')
    const activity = this.#begin(ActivityCode.ON_ROLE_CHANGE, 0n)
    try {
      this.#watchPromise(this.#service.onRoleChange?.(newRole))
    } catch (error) {
      this.#onServiceError('onRoleChange', error)
    } finally {
      this.#board.activity = activity
      this.#guard.exit(previous)
    }
  }

  doBackgroundWork(nowNs: bigint): number {
    // Background work that idles must not come to itself again.
    if (this.#service.doBackgroundWork === undefined || this.#guard.active === 'doBackgroundWork') return 0
    const previous = this.#guard.enter('doBackgroundWork')
    const activity = this.#begin(ActivityCode.DO_BACKGROUND_WORK, 0n)
    try {
      return this.#service.doBackgroundWork(nowNs)
    } catch (error) {
      this.#onServiceError('doBackgroundWork', error)
      return 0
    } finally {
      this.#board.activity = activity
      this.#guard.exit(previous)
    }
  }

  /** The container ends in any case, so what the service throws is only reported. */
  onTerminate(cluster: Cluster): void {
    const previous = this.#guard.enter('onTerminate')
    const activity = this.#begin(ActivityCode.ON_TERMINATE, 0n)
    try {
      this.#watchPromise(this.#service.onTerminate?.(cluster))
    } catch (error) {
      this.#policy.onError(error)
    } finally {
      this.#board.activity = activity
      this.#guard.exit(previous)
    }
  }

  #begin(code: number, id: bigint): number {
    return this.#board.begin(code, this.#state.logPosition, id)
  }

  // The types let an async function be a callback. What it does after its first await would come at another place in the log on each
  // member, and be missing in the snapshot that was acknowledged when it returned.
  #refusePromise(callback: string, returned: unknown): void {
    if (returned === undefined || !this.#watchPromise(returned)) return
    throw new ClusterError(
      'CALLBACK_ASYNCHRONOUS',
      `Cannot rely on ${callback} of the service: it must do all its work before it returns, and returned a promise; ` +
        'make it a function that is not async',
      { callback },
    )
  }

  /** Reports what a promise is rejected with, which would end the process otherwise. Returns whether it is a promise. */
  #watchPromise(returned: unknown): boolean {
    if (!(returned instanceof Promise)) return false
    returned.catch(this.#policy.onError)
    return true
  }

  #onServiceError(callback: string, thrown: unknown): void {
    if (thrown instanceof AgentTerminationError) throw thrown
    if (!this.#policy.terminateOnServiceError) return this.#policy.onError(thrown)
    const { logPosition } = this.#state
    throw new ClusterError(
      'SERVICE_CALLBACK_FAILED',
      `Cannot go on after position ${logPosition}: ${callback} of the service must not throw, as terminateOnServiceError is set`,
      { callback, logPosition },
      { cause: thrown },
    )
  }
}
