import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { importWorkerModule } from '@x/client/internal'
import { idleStrategyByName } from '@x/idlestrategy'
import { ClusterError } from '../../cluster-error.ts'
import { markFileName } from '../cluster-mark-file.ts'
import { ClusteredServiceContainer } from '../clustered-service-container.ts'
import { readMarkFileHolder } from '../mark-file-holder.ts'
import { fromPortable, toPortable } from './portable-error.ts'
import {
  WorkerWord,
  type CreateService,
  type ServiceWorkerMessage,
  type ServiceWorkerReport,
  type ServiceWorkerStart,
} from './service-worker-options.ts'

/** Ours: how long the loop may keep the worker's own event loop, for messages and promises, waiting. */
const SLICE_MS = 10
/** Ours: how long the service may go on with what it left open, such as a log to flush, when its container has ended. */
const LEFT_OPEN_MS = 1_000

async function loadCreateService(moduleUrl: string): Promise<CreateService> {
  const module = await importWorkerModule(
    'launch the service in a worker',
    moduleUrl,
    (message, context) => new ClusterError('WORKER_MODULE_NOT_FOUND', message, context),
  )
  if (typeof module === 'object' && module !== null && 'createService' in module) {
    const { createService } = module
    if (typeof createService === 'function') return createService as CreateService
  }
  throw new TypeError(
    `Cannot launch the service in a worker: "${moduleUrl}" must export a function createService`,
  )
}

/** Does not wait for what may never come. */
function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    work().then(resolve, reject)
  })
}

class Program {
  readonly #start: ServiceWorkerStart
  readonly #words: Int32Array

  constructor(start: ServiceWorkerStart) {
    this.#start = start
    this.#words = new Int32Array(start.words)
  }

  async run(): Promise<void> {
    try {
      const container = await this.#open()
      const { markFileDirectory, serviceId } = container.context
      this.#say({
        kind: 'opened',
        holder: readMarkFileHolder(join(markFileDirectory, markFileName(serviceId))),
      })
      this.#start.control.on('message', ({ handlerError }: ServiceWorkerReport) =>
        container.recordError(fromPortable(handlerError)),
      )
      container.started.then(
        () => this.#say({ kind: 'started' }),
        (error: unknown) => this.#say({ kind: 'failed', error: toPortable(error) }),
      )
      await this.#loop(container)
      await container.close()
      const termination = await container.terminated
      const { error } = termination
      this.#say({ kind: 'terminated', termination: { ...termination, error: error && toPortable(error) } })
    } catch (error) {
      this.#say({ kind: 'failed', error: toPortable(error) })
    } finally {
      Atomics.store(this.#words, WorkerWord.ENDED, 1)
      Atomics.notify(this.#words, WorkerWord.ENDED)
    }
    // What the service left open must not keep a thread alive whose container has ended; what it has to finish may take a moment.
    this.#start.control.close()
    parentPort?.close()
    setTimeout(() => process.exit(), LEFT_OPEN_MS).unref()
  }

  async #open(): Promise<ClusteredServiceContainer> {
    const { moduleUrl, data, options, idleStrategy } = this.#start
    const controller = new AbortController()
    const { signal } = controller
    const stopping = setInterval(() => {
      if (this.#isStopped) controller.abort()
    }, SLICE_MS)
    try {
      const clusteredService = await unlessAborted(signal, async () => {
        const createService = await loadCreateService(moduleUrl)
        return createService({ data, port: parentPort! })
      })
      return await ClusteredServiceContainer.openInvoked({
        ...options,
        clusteredService,
        idleStrategy: idleStrategyByName(idleStrategy),
        errorHandler: (error) => this.#say({ kind: 'error', error: toPortable(error) }),
        signal,
      })
    } finally {
      clearInterval(stopping)
    }
  }

  async #loop({ agentInvoker, context }: ClusteredServiceContainer): Promise<void> {
    const { idleStrategy } = context
    while (agentInvoker?.isRunning === true && !this.#isStopped) {
      const sliceEndMs = performance.now() + SLICE_MS
      do idleStrategy.idle(agentInvoker.invoke())
      while (agentInvoker.isRunning && !this.#isStopped && performance.now() < sliceEndMs)
      await nextTurn()
    }
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#words, WorkerWord.STOP) === 1
  }

  #say(message: ServiceWorkerMessage): void {
    this.#start.control.postMessage(message)
  }
}

await new Program(workerData as ServiceWorkerStart).run()
