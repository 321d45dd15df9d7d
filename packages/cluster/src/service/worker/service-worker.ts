import { MessageChannel, receiveMessageOnPort, type Worker } from 'node:worker_threads'
import { startPackageThread } from '@x/client/internal'
import { ClusterError } from '../../cluster-error.ts'
import type { ContainerTermination } from '../container-termination.ts'
import { deferred } from '../deferred.ts'
import { asError } from '../counted-error-handler.ts'
import { closeAtExit } from '../exit-hook.ts'
import { endMarkFileOf, type MarkFileHolder } from '../mark-file-holder.ts'
import { fromPortable, terminationFromPortable, toPortable } from './portable-error.ts'
import {
  WORKER_WORDS_LENGTH,
  WorkerWord,
  type ServiceWorkerMessage,
  type ServiceWorkerOptions,
  type ServiceWorkerReport,
  type ServiceWorkerStart,
} from './service-worker-options.ts'

/** Ours: how long the end of the process waits for the container to end in good order. */
const EXIT_PATIENCE_MS = 2_000

interface Outcome {
  readonly started: Promise<void>
  readonly terminated: Promise<ContainerTermination>
}

/** A worker thread with a service container in it; see `ClusteredServiceContainer.launchInWorker`. */
export class ServiceWorker implements AsyncDisposable {
  /** The thread: for `postMessage` and `on('message')`. */
  readonly worker: Worker
  /** How the container ended; pending while it runs, never rejected. */
  readonly terminated: Promise<ContainerTermination>
  readonly #words: Int32Array<SharedArrayBuffer>
  #isClosed = false

  /** @internal */
  constructor(
    worker: Worker,
    words: Int32Array<SharedArrayBuffer>,
    terminated: Promise<ContainerTermination>,
  ) {
    this.worker = worker
    this.#words = words
    this.terminated = terminated
    // A worker does not outlive its process, and is not asked whether it has something to close.
    const forgetExit = closeAtExit(() => {
      Atomics.store(words, WorkerWord.STOP, 1)
      Atomics.wait(words, WorkerWord.ENDED, 0, EXIT_PATIENCE_MS)
    })
    void terminated.then(() => {
      this.#isClosed = true
      forgetExit()
    })
  }

  /** Whether the container, and its thread, have ended. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Ends the container after its turn: calls the service's `onTerminate`, closes client and mark file, and ends the thread. Does nothing when already closed. */
  async close(): Promise<void> {
    Atomics.store(this.#words, WorkerWord.STOP, 1)
    await this.terminated
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** @internal See `ClusteredServiceContainer.launchInWorker`. */
export async function launchServiceWorker(
  moduleUrl: URL,
  options: ServiceWorkerOptions,
): Promise<ServiceWorker> {
  const { data, idleStrategy = 'backoff', errorHandler, signal, ...containerOptions } = options
  signal?.throwIfAborted()
  const words = new Int32Array(new SharedArrayBuffer(WORKER_WORDS_LENGTH))
  const { port1: port, port2: control } = new MessageChannel()
  const thread = startThread({
    moduleUrl: moduleUrl.href,
    options: containerOptions,
    data,
    idleStrategy,
    words: words.buffer,
    control,
  })
  const { started, terminated } = outcomeOf(thread, port, errorHandler)
  const worker = new ServiceWorker(thread, words, terminated)
  const onAbort = (): void => void worker.close()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await started
    return worker
  } catch (error) {
    await terminated
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

function outcomeOf(
  thread: Worker,
  port: MessageChannel['port1'],
  errorHandler: ((error: Error) => void) | undefined,
): Outcome {
  let termination: ContainerTermination | undefined
  let failure: Error | undefined
  let holder: MarkFileHolder | undefined
  const tell = (error: Error): void => {
    try {
      errorHandler?.(error)
    } catch (handlerError) {
      const report: ServiceWorkerReport = { handlerError: toPortable(handlerError) }
      port.postMessage(report)
    }
  }
  const started = deferred<void>()
  const terminated = deferred<ContainerTermination>()
  started.promise.catch(() => undefined)
  const onMessage = (message: ServiceWorkerMessage): void => {
    if (message.kind === 'started') started.resolve()
    else if (message.kind === 'terminated') termination = terminationFromPortable(message.termination)
    else if (message.kind === 'error') tell(fromPortable(message.error))
    else if (message.kind === 'opened') ({ holder } = message)
    else failure = fromPortable(message.error)
  }
  port.on('message', onMessage)
  thread.once('error', (error: Error) => (failure ??= error))
  thread.once('exit', () => {
    try {
      // A thread that was busy meanwhile hears of the exit first.
      for (let left = receiveMessageOnPort(port); left !== undefined; left = receiveMessageOnPort(port)) {
        onMessage(left.message as ServiceWorkerMessage)
      }
    } finally {
      port.close()
      if (termination === undefined && holder !== undefined) endMarkFile(holder, tell)
      started.reject(failure ?? termination?.error ?? endedEarly())
      terminated.resolve(
        termination ?? { cause: 'THREAD_ENDED', expected: false, logPosition: -1, error: failure },
      )
    }
  })
  return { started: started.promise, terminated: terminated.promise }
}

// Its thread is gone, and nobody else would for the time that a mark file counts as active.
function endMarkFile(holder: MarkFileHolder, onError: (error: Error) => void): void {
  try {
    endMarkFileOf(holder)
  } catch (error) {
    onError(asError(error))
  }
}

function endedEarly(): Error {
  return new Error(
    'Cannot launch the service in a worker: its thread must not end before the service is active',
  )
}

function startThread(start: ServiceWorkerStart): Worker {
  return startPackageThread(
    {
      action: 'launch the service in a worker',
      packageName: '@x/cluster',
      callerUrl: import.meta.url,
      built: './service-worker-main.js',
      source: '../../../dev/service-worker.mjs',
    },
    { workerData: start, transferList: [start.control], name: 'clustered-service' },
    (message, context) => new ClusterError('THREAD_FILE_MISSING', message, context),
  )
}
