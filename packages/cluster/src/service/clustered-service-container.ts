import { AgentInvoker, AgentRunner } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import { ClusteredServiceAgent } from './clustered-service-agent.ts'
import {
  resolveContainerOptions,
  type ContainerOptions,
  type ResolvedContainerOptions,
} from './container-options.ts'
import { openResources, openResourcesSync, type ContainerResources } from './container-resources.ts'
import type { CountedErrorHandler } from './counted-error-handler.ts'
import type { ContainerTermination } from './container-termination.ts'
import { deferred } from './deferred.ts'
import { closeAtExit } from './exit-hook.ts'
import { launchServiceWorker, type ServiceWorker } from './worker/service-worker.ts'
import type { ServiceWorkerOptions } from './worker/service-worker-options.ts'

/** Options of `launch`. */
export interface LaunchOptions extends ContainerOptions {
  /** Aborts the launch. */
  readonly signal?: AbortSignal
}

/**
 * Runs a {@link ClusteredService} as part of a cluster member, whose consensus module, archive and media driver run in processes of their own. Corresponds to
 * `io.aeron.cluster.service.ClusteredServiceContainer`.
 */
export class ClusteredServiceContainer implements AsyncDisposable {
  /** The options, with defaults filled in. */
  readonly context: ResolvedContainerOptions
  /** Resolves with how the container ended; pending while it runs, never rejects. */
  readonly terminated: Promise<ContainerTermination>
  /** Resolves when the service is active; rejects if the container ends before. */
  readonly started: Promise<void>
  /** Drives a container that was created by `launchInvoked`; undefined for others. */
  readonly agentInvoker: AgentInvoker | undefined
  readonly #agent: ClusteredServiceAgent
  readonly #errors: CountedErrorHandler
  readonly #runner: AgentRunner | undefined
  #isClosed = false

  private constructor(resources: ContainerResources, isInvoked: boolean) {
    const { options, errors } = resources
    this.context = options
    this.#errors = errors
    const started = deferred<void>()
    const terminated = deferred<ContainerTermination>()
    // Whoever does not look at it must not be ended by it: `terminated` tells the same.
    started.promise.catch(() => undefined)
    this.started = started.promise
    this.terminated = terminated.promise
    this.#agent = new ClusteredServiceAgent(resources, {
      onStarted: () => started.resolve(),
      onTerminated: (termination) => {
        this.#isClosed = true
        forgetExit()
        started.reject(termination.error ?? closedBeforeStart(options.serviceId))
        terminated.resolve(termination)
      },
    })
    const forgetExit = closeAtExit(() => this.#agent.onProcessExit())
    const errorHandler = (error: unknown): void => errors.onError(error)
    if (isInvoked) {
      this.agentInvoker = new AgentInvoker(this.#agent, { errorHandler })
      this.agentInvoker.start()
    } else {
      this.#runner = new AgentRunner(this.#agent, { idleStrategy: options.idleStrategy, errorHandler })
      this.#runner.start()
    }
  }

  /**
   * Launches a container on the event loop. Resolves when the service is active, that is, when its start has been acknowledged. When it rejects, it leaves
   * nothing behind.
   *
   * @throws RangeError for an option out of range
   * @throws ClusterError ACTIVE_MARK_FILE, MARK_FILE_INVALID, CONSENSUS_MODULE_NOT_FOUND, RECOVERY_STATE_INVALID, SNAPSHOT_LOAD_FAILED, SNAPSHOT_INVALID,
   *   SERVICE_START_FAILED, AERON_CLOSED or CONSENSUS_MODULE_LOST
   * @throws AeronError of the client, such as DRIVER_TIMEOUT if there is no driver; or the reason of the signal
   */
  static async launch(options: LaunchOptions): Promise<ClusteredServiceContainer> {
    const { signal, ...containerOptions } = options
    const resolved = resolveContainerOptions(containerOptions)
    signal?.throwIfAborted()
    const container = new ClusteredServiceContainer(await openResources(resolved, signal), false)
    const onAbort = (): void => void container.close()
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await container.started
      return container
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /**
   * Creates a container that the caller drives, in a thread of its own: keep invoking {@link agentInvoker}, with an idle strategy in between. The service is active
   * once {@link isActive} is true. Blocks until the driver has responded, and throws what `launch` rejects with.
   */
  static launchInvoked(options: ContainerOptions): ClusteredServiceContainer {
    return new ClusteredServiceContainer(openResourcesSync(resolveContainerOptions(options)), true)
  }

  /** @internal As `launchInvoked`, for a worker thread, whose event loop goes on while the driver is awaited. */
  static async openInvoked(options: LaunchOptions): Promise<ClusteredServiceContainer> {
    const { signal, ...containerOptions } = options
    const resolved = resolveContainerOptions(containerOptions)
    return new ClusteredServiceContainer(await openResources(resolved, signal), true)
  }

  /**
   * Launches a container in a worker thread of its own, so that container and calling thread cannot hold each other up:
   *
   * ```ts
   * const worker = await ClusteredServiceContainer.launchInWorker(new URL('./service.js', import.meta.url))
   * ```
   *
   * The module exports `createService({ data, port })`, which returns the service. Between turns the idle strategy blocks the worker thread. Resolves and rejects
   * like `launch`, and also rejects with what the module or `createService` throws.
   *
   * @throws ClusterError WORKER_MODULE_NOT_FOUND if there is no such module, THREAD_FILE_MISSING if this package has been bundled into the application
   * @throws TypeError if Node.js cannot load the module in a thread, such as one in TypeScript on Node.js 20
   */
  static launchInWorker(moduleUrl: URL, options: ServiceWorkerOptions = {}): Promise<ServiceWorker> {
    return launchServiceWorker(moduleUrl, options)
  }

  /** Whether the service is active: its start has been acknowledged, and it has not ended. */
  get isActive(): boolean {
    return this.#agent.isActive
  }

  /** Whether the container has ended and released all its resources. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** @internal Records in the mark file what is no error of this container, while it is open. */
  recordError(error: Error): void {
    if (!this.#isClosed) this.#errors.record(error)
  }

  /** Ends the container: calls the service's `onTerminate`, then closes client and mark file. Does nothing when already closed. */
  async close(): Promise<void> {
    if (this.agentInvoker !== undefined) this.agentInvoker.close()
    else await this.#runner?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function closedBeforeStart(serviceId: number): ClusterError<'CONTAINER_CLOSED'> {
  return new ClusterError(
    'CONTAINER_CLOSED',
    `Cannot start service ${serviceId}: the container must stay open until the service is active, and was closed`,
    { serviceId },
  )
}
