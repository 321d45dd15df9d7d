import { idleStrategyByName } from '@x/idlestrategy'
import { once } from 'node:events'
import { MessageChannel, type Worker } from 'node:worker_threads'
import { AeronError } from '../aeron-error.ts'
import { startPackageThread } from './package-thread.ts'
import type { AeronWorkerOptions, WorkerStart } from './worker-options.ts'

/** A worker thread with a client and an agent of its own; see {@link startAeronWorker}. */
export class AeronWorker implements AsyncDisposable {
  /** The thread: for `postMessage` and `on('message')`. */
  readonly worker: Worker
  /** Settles when the thread has ended; rejects with what the agent threw, or what ended its client. */
  readonly terminated: Promise<void>
  readonly #stop: Int32Array<SharedArrayBuffer>

  /** @internal */
  constructor(worker: Worker, stop: SharedArrayBuffer) {
    this.worker = worker
    this.#stop = new Int32Array(stop)
    this.terminated = new Promise((resolve, reject) => {
      worker.once('error', (error) => reject(revived(error)))
      worker.once('exit', () => resolve())
    })
    // Whoever cares awaits it; nobody has to.
    this.terminated.catch(() => undefined)
  }

  /** Ends the loop after its turn, closes agent and client, and waits for the end of the thread. */
  close(): Promise<void> {
    Atomics.store(this.#stop, 0, 1)
    return this.terminated
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** The error of a thread, of this package's class again if it was: it crosses with all that it has but its class. */
function revived(error: Error): Error {
  const { name, message, stack, cause, code, context } = error as AeronError
  if (name !== 'AeronError') return error
  const again = new AeronError(code, message, context, cause === undefined ? {} : { cause })
  if (stack !== undefined) again.stack = stack
  return again
}

/**
 * Runs an agent, with an Aeron client of its own, in a worker thread of its own, so that agent and calling thread cannot hold each other up:
 *
 * ```ts
 * const worker = await startAeronWorker(new URL('./echo.js', import.meta.url))
 * ```
 *
 * The module exports `createAgent({ aeron, data, port })`, which returns the agent. Its `doWork` and the client's conductor run in turns, between which the idle
 * strategy blocks the thread. Resolves when the agent has started; rejects with what went wrong before that in the thread: in the module, in the connect, in
 * `createAgent` or in `onStart`.
 *
 * @throws AeronError WORKER_MODULE_NOT_FOUND if there is no such module, THREAD_FILE_MISSING if this package has been bundled into the application
 * @throws TypeError if Node.js cannot load the module in a thread, such as one in TypeScript on Node.js 20
 * @throws RangeError if there is no idle strategy of that name
 */
export async function startAeronWorker(
  moduleUrl: URL,
  { aeron = {}, data, idleStrategy = 'backoff', signal }: AeronWorkerOptions = {},
): Promise<AeronWorker> {
  signal?.throwIfAborted()
  // The thread makes its own; a name that is wrong is told here, before there is a thread.
  idleStrategyByName(idleStrategy)
  const stop = new SharedArrayBuffer(4)
  const { port1, port2 } = new MessageChannel()
  const start: WorkerStart = { moduleUrl: moduleUrl.href, aeron, data, idleStrategy, stop, control: port2 }
  const thread = startThread(start)
  const worker = new AeronWorker(thread, stop)
  const onAbort = (): void => void worker.close()
  signal?.addEventListener('abort', onAbort, { once: true })
  void worker.terminated.catch(() => undefined).then(() => signal?.removeEventListener('abort', onAbort))
  try {
    const ended = worker.terminated.then(() => {
      throw new Error(
        `Cannot start the Aeron worker: the thread of "${moduleUrl.href}" ended before its agent started`,
      )
    })
    await Promise.race([once(port1, 'message', signal === undefined ? {} : { signal }), ended])
  } catch (error) {
    await thread.terminate()
    signal?.throwIfAborted()
    throw error
  } finally {
    port1.close()
  }
  return worker
}

function startThread(start: WorkerStart): Worker {
  return startPackageThread(
    {
      action: 'start the Aeron worker',
      packageName: '@x/client',
      callerUrl: import.meta.url,
      built: './worker-main.js',
      source: '../../dev/worker.mjs',
    },
    { workerData: start, transferList: [start.control], name: 'aeron-worker' },
    (message, context) => new AeronError('THREAD_FILE_MISSING', message, context),
  )
}
