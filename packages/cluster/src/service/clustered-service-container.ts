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
  /** Gives up the launch. */
  readonly signal?: AbortSignal
}

/**
 * Runs a {@link ClusteredService} as a part of a cluster member whose consensus module, archive and media driver run in processes
 * of their own. Source: `io.aeron.cluster.service.ClusteredServiceContainer`.
 */
export class ClusteredServiceContainer implements AsyncDisposable {
  /** The options, with the defaults filled in. */
  readonly context: ResolvedContainerOptions
  /** How the container ended; pending while it runs, never rejected. */
  readonly terminated: Promise<ContainerTermination>
  /** Settled when the service is active; rejected when it ended before. */
  readonly started: Promise<void>
  /** What drives the container when it was made with `launchInvoked`. */
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
   * Launches a container on the event loop. Resolves when the service is active, that is when its start was acknowledged.
   *
   * Rejects, and leaves nothing behind: RangeError for an option out of range, ClusterError with ACTIVE_MARK_FILE, MARK_FILE_INVALID,
   * CONSENSUS_MODULE_NOT_FOUND, RECOVERY_STATE_INVALID, SNAPSHOT_LOAD_FAILED, SNAPSHOT_INVALID,
   * SERVICE_START_FAILED, AERON_CLOSED or CONSENSUS_MODULE_LOST, the client's AeronError (DRIVER_TIMEOUT without a driver), or the reason of the signal.
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
   * Makes a container that the caller drives, for a thread of its own: invoke {@link agentInvoker} again and again, with an idle
   * strategy in between; the service is active when {@link isActive} says so. Blocks until the driver has answered. Throws as `launch`.
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
   * Launches a container in a worker thread of its own, where nothing of this thread can hold it up, nor it this thread:
   *
   * ```ts
   * const worker = await ClusteredServiceContainer.launchInWorker(new URL('./service.js', import.meta.url))
   * ```
   *
   * The module exports `createService({ data, port })`, which gives the service. Its callbacks and the idle strategy take turns there, the latter by
   * blocking the thread. Resolves and rejects as `launch` does, also with what the module or `createService` throws.
   *
   * @throws ClusterError WORKER_MODULE_NOT_FOUND when there is no such module, THREAD_FILE_MISSING when this package was bundled into the application
   */
  static launchInWorker(moduleUrl: URL, options: ServiceWorkerOptions = {}): Promise<ServiceWorker> {
    return launchServiceWorker(moduleUrl, options)
  }

  /** Whether the service is part of its member: its start was acknowledged, and it has not ended. */
  get isActive(): boolean {
    return this.#agent.isActive
  }

  /** Whether the container has ended and let go of all that it had. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** @internal Records in the mark file what is no error of this container, while it is open. */
  recordError(error: Error): void {
    if (!this.#isClosed) this.#errors.record(error)
  }

  /** Ends the container: the service's `onTerminate`, then client and mark file. Closing twice is quiet. */
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
