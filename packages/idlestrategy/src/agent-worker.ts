import { Worker } from 'node:worker_threads'
import { CLOSE_WORD, CONTROL_LENGTH, type AgentWorkerData } from './agent-worker-protocol.ts'

/** Ours: an agent's turn must not block, so one that has not ended by then is stuck. */
const CLOSE_TIMEOUT_MS = 5_000

/** Options of an {@link AgentWorker}. */
export interface AgentWorkerOptions {
  /** Passed to the module, which reads it with `agentWorkerData()`; anything that can be cloned between threads. */
  readonly data?: unknown
  /** Flags of Node.js for the thread. @default those of this process */
  readonly execArgv?: readonly string[]
  /** Name of the thread, for debuggers. @default 'agent' */
  readonly name?: string
  /** How long the agent may take to end when it is closed, in milliseconds, before its thread is terminated. @default 5_000 */
  readonly closeTimeoutMs?: number
}

/**
 * Runs an agent in a worker thread, where it may spin or park without holding up this thread's event loop, like Agrona's `AgentRunner` on a thread of its own. The
 * thread runs a module of the application, which creates the agent and calls `runAgentInWorker`.
 *
 * ```ts
 * // main.ts
 * const worker = new AgentWorker(new URL('./poller.ts', import.meta.url), { data: { streamId: 10 } })
 * // ...
 * await worker.close()
 *
 * // poller.ts
 * const { streamId } = agentWorkerData() as { streamId: number }
 * runAgentInWorker(new Poller(streamId), { idleStrategy: new BusySpinIdleStrategy(), errorHandler })
 * ```
 */
export class AgentWorker implements AsyncDisposable {
  /** The thread, for messages to and from whatever the module sets up before its agent runs. */
  readonly worker: Worker
  /** Settles when the thread has ended; rejects when its module or its error handler has thrown. */
  readonly terminated: Promise<void>
  readonly #control: Int32Array
  readonly #closeTimeoutMs: number
  #isClosed = false

  /** Starts the thread. @param module the module to run in it */
  constructor(module: URL, options: AgentWorkerOptions = {}) {
    const memory = new SharedArrayBuffer(CONTROL_LENGTH)
    const workerData: AgentWorkerData = { agentControl: memory, data: options.data }
    this.#control = new Int32Array(memory)
    this.#closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS
    this.worker = new Worker(module, {
      workerData,
      name: options.name ?? 'agent',
      ...(options.execArgv === undefined ? {} : { execArgv: [...options.execArgv] }),
    })
    this.terminated = new Promise((resolve, reject) => {
      this.worker.once('error', reject)
      this.worker.once('exit', () => {
        this.#isClosed = true
        resolve()
      })
    })
    // Whoever closes, or awaits `terminated`, hears of it.
    this.terminated.catch(() => {})
  }

  /** Whether the thread has ended. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Asks the agent to end after its turn, which calls its `onClose`, and waits for the end of the thread.
   *
   * @throws Error when it does not end in time, and had to be stopped without its `onClose`; or what `terminated` rejects with
   */
  async close(): Promise<void> {
    Atomics.store(this.#control, CLOSE_WORD, 1)
    Atomics.notify(this.#control, CLOSE_WORD)
    let isStopped = false
    const timer = setTimeout(() => {
      isStopped = true
      void this.worker.terminate()
    }, this.#closeTimeoutMs)
    try {
      await this.terminated
    } finally {
      clearTimeout(timer)
    }
    if (isStopped) {
      throw new Error(
        `Cannot close the agent's thread in order: its turn must end within ${this.#closeTimeoutMs} ms, and has not; the thread was stopped by force`,
      )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
