import type { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Header, Image } from '@x/client'
import type { CloseReason } from '@x/codecs/cluster'
import { AgentTerminationError } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import {
  enterCallback,
  outsideOfCallback,
  type ActiveCallback,
  type NondeterminismKind,
} from '../guard/active-callback.ts'
import type { ClientSession } from '../service/client-session.ts'
import type { Cluster, Role } from '../service/cluster.ts'
import type { ClusteredService, LeadershipTerm } from '../service/clustered-service.ts'
import { installPatches } from './patches.ts'

/** The use of something that differs between members, by a callback. */
export interface Nondeterminism {
  readonly kind: NondeterminismKind
  /** What was used, such as `Date.now`. */
  readonly api: string
  /** The callback that used it. */
  readonly callback: string
  /** Position in bytes after the log entry that was being applied; -1 before the start. */
  readonly logPosition: number
  /** Where it was used: a stack trace from there. */
  readonly stack: string
}

/** How a guard works. */
export interface GuardOptions {
  /**
   * Called with each finding, or `'throw'`: the callback runs to its end and then throws a ClusterError NOT_DETERMINISTIC, with any exception of its own as
   * the cause.
   */
  readonly onFound: ((found: Nondeterminism) => void) | 'throw'
  /** Kinds that are permitted. @default none */
  readonly ignore?: readonly NondeterminismKind[]
}

/** A service whose callbacks are watched. */
export interface GuardedService extends ClusteredService, Disposable {
  /** Whether the callbacks are watched. */
  readonly isGuarding: boolean
  /** Switches the guard on or off. When off, it does not patch anything in the process. */
  setGuarding(isGuarding: boolean): void
}

/**
 * Watches the callbacks of a service for what makes members differ: the clock (`Date.now`, `new Date()`, `performance.now`,
 * `process.hrtime`), random numbers (`Math.random`, `crypto`), timers (`setTimeout` and its like, `process.nextTick`), promises, and I/O of
 * `node:fs`, `node:child_process`, `node:net`, `node:dns` and `fetch`. Give the result to the container, or to a test kit, in place of the
 * service.
 *
 * While it is switched on those functions of the process have a wrapper, which only looks whether a callback runs: other code is not affected,
 * nor is the container where it waits for the service in `cluster.idleStrategy.idle()`. What the service took hold of before, as
 * `const now = Date.now` in a module, is not seen. `doBackgroundWork`, `onRoleChange` and `onTerminate` may do what they like, and `onStart`
 * may do I/O.
 */
export function guardDeterminism(service: ClusteredService, options: GuardOptions): GuardedService {
  return new GuardingService(service, options)
}

class GuardingService implements GuardedService {
  readonly #service: ClusteredService
  readonly #options: GuardOptions
  #cluster: Cluster | undefined
  #found: Nondeterminism[] = []
  #uninstall: (() => void) | undefined
  doBackgroundWork?: (nowNs: bigint) => number

  constructor(service: ClusteredService, options: GuardOptions) {
    this.#service = service
    this.#options = options
    // The container asks whether there is any.
    if (service.doBackgroundWork !== undefined) {
      this.doBackgroundWork = (nowNs) => outsideOfCallback(() => service.doBackgroundWork?.(nowNs) ?? 0)
    }
    this.setGuarding(true)
  }

  get isGuarding(): boolean {
    return this.#uninstall !== undefined
  }

  setGuarding(isGuarding: boolean): void {
    if (isGuarding === this.isGuarding) return
    if (isGuarding) this.#uninstall = installPatches()
    else {
      this.#uninstall?.()
      this.#uninstall = undefined
    }
  }

  [Symbol.dispose](): void {
    this.setGuarding(false)
  }

  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    return this.#watch('onStart', () => this.#service.onStart(cluster, snapshotImage))
  }

  onSessionOpen(session: ClientSession, timestamp: bigint): void {
    return this.#watch('onSessionOpen', () => this.#service.onSessionOpen?.(session, timestamp))
  }

  onSessionClose(session: ClientSession, timestamp: bigint, closeReason: CloseReason): void {
    return this.#watch('onSessionClose', () =>
      this.#service.onSessionClose?.(session, timestamp, closeReason),
    )
  }

  onSessionMessage(
    session: ClientSession | undefined,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void {
    return this.#watch('onSessionMessage', () =>
      this.#service.onSessionMessage(session, timestamp, buffer, offset, length, header),
    )
  }

  onTimerEvent(correlationId: bigint, timestamp: bigint): void {
    return this.#watch('onTimerEvent', () => this.#service.onTimerEvent?.(correlationId, timestamp))
  }

  onTakeSnapshot(publication: ExclusivePublication): void {
    return this.#watch('onTakeSnapshot', () => this.#service.onTakeSnapshot(publication))
  }

  onNewLeadershipTermEvent(term: LeadershipTerm): void {
    return this.#watch('onNewLeadershipTermEvent', () => this.#service.onNewLeadershipTermEvent?.(term))
  }

  onRoleChange(newRole: Role): void {
    return outsideOfCallback(() => this.#service.onRoleChange?.(newRole))
  }

  onTerminate(cluster: Cluster): void {
    return outsideOfCallback(() => this.#service.onTerminate?.(cluster))
  }

  #watch<T>(callback: string, call: () => T): T {
    if (!this.isGuarding) return call()
    const previous = enterCallback(this.#active(callback))
    let returned: T
    try {
      returned = call()
    } catch (error) {
      const found = this.#takeFound(callback, error)
      // What it used is the reason of many an exception; one that ends the container has to.
      throw error instanceof AgentTerminationError ? error : (found ?? error)
    } finally {
      enterCallback(previous)
    }
    const error = this.#takeFound(callback)
    if (error !== undefined) throw error
    return returned
  }

  #takeFound(callback: string, cause?: unknown): ClusterError<'NOT_DETERMINISTIC'> | undefined {
    const found = this.#found
    this.#found = []
    return found.length === 0 ? undefined : notDeterministic(callback, found, cause)
  }

  #active(callback: string): ActiveCallback {
    const { onFound, ignore = [] } = this.#options
    return {
      name: callback,
      onFound: (kind, api, stack) => {
        if (ignore.includes(kind) || (kind === 'io' && callback === 'onStart')) return
        const found = { kind, api, callback, logPosition: this.#cluster?.logPosition ?? -1, stack }
        if (onFound === 'throw') this.#found.push(found)
        else outsideOfCallback(() => onFound(found))
      },
    }
  }
}

function notDeterministic(
  callback: string,
  found: readonly Nondeterminism[],
  cause: unknown,
): ClusterError<'NOT_DETERMINISTIC'> {
  const { logPosition, stack } = found[0]!
  const apis = [...new Set(found.map(({ api }) => api))]
  return new ClusterError(
    'NOT_DETERMINISTIC',
    `Cannot rely on ${callback} of the service at position ${logPosition}: it must do the same on every member, and used ` +
      `${apis.join(', ')}\n${stack}`,
    { callback, logPosition, apis },
    cause === undefined ? {} : { cause },
  )
}
