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

/** A finding: a callback used something that may differ between members. */
export interface Nondeterminism {
  /** Kind of what was used. */
  readonly kind: NondeterminismKind
  /** Name of what was used, such as `Date.now`. */
  readonly api: string
  /** The callback that used it. */
  readonly callback: string
  /** Position in bytes after the log entry that was being applied; -1 before the start. */
  readonly logPosition: number
  /** Stack trace of the use. */
  readonly stack: string
}

/** Options of {@link guardDeterminism}. */
export interface GuardOptions {
  /**
   * Called with each finding, or `'throw'`: the callback runs to its end and then throws a ClusterError NOT_DETERMINISTIC, with any exception of its own as
   * the cause.
   */
  readonly onFound: ((found: Nondeterminism) => void) | 'throw'
  /** Kinds that are permitted. @default none */
  readonly ignore?: readonly NondeterminismKind[]
}

/** A service whose callbacks are watched. Disposing of it switches the guard off. */
export interface GuardedService extends ClusteredService, Disposable {
  /** Whether the callbacks are watched. */
  readonly isGuarding: boolean
  /** Switches the guard on or off. When off, it does not patch anything in the process. */
  setGuarding(isGuarding: boolean): void
}

/**
 * Watches the callbacks of a service for what makes members diverge. Pass the result to the container, or to the test kit, instead of the service. It finds the
 * use of
 *
 * - the clock: `Date.now`, `new Date()`, `performance.now`, `process.hrtime`, `process.uptime`, `process.cpuUsage`, `process.memoryUsage`;
 * - random numbers: `Math.random` and `crypto`;
 * - timers: `setTimeout`, `setInterval`, `setImmediate`, `queueMicrotask`, `process.nextTick`;
 * - promises;
 * - I/O: `node:fs`, `node:child_process`, `node:net`, `node:dns` and `fetch`.
 *
 * `doBackgroundWork`, `onRoleChange` and `onTerminate` may use all of them, and `onStart` may do I/O: these are not part of the replicated state machine.
 *
 * While the guard is on, it replaces these functions in the whole process by wrappers that check whether a callback is running. Other code behaves as before,
 * including the container while a callback waits in `cluster.idleStrategy.idle()`. A function that the service stored beforehand, such as
 * `const now = Date.now` in a module, is not noticed.
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
