import { type Agent, AgentTerminationError, idleStrategyByName } from '@x/idlestrategy'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Aeron } from '../aeron.ts'
import { AeronError } from '../aeron-error.ts'
import { importWorkerModule } from './import-worker-module.ts'
import type { CreateAgent, WorkerStart } from './worker-options.ts'

/** Ours: how long the loop may keep the worker's own event loop, for messages and promises, waiting. */
const SLICE_MS = 10

async function loadCreateAgent(moduleUrl: string): Promise<CreateAgent> {
  const module = await importWorkerModule(
    'start the Aeron worker',
    moduleUrl,
    (message, context) => new AeronError('WORKER_MODULE_NOT_FOUND', message, context),
  )
  if (typeof module === 'object' && module !== null && 'createAgent' in module) {
    const { createAgent } = module
    if (typeof createAgent === 'function') return createAgent as CreateAgent
  }
  throw new TypeError(`Cannot start the Aeron worker: "${moduleUrl}" must export a function createAgent`)
}

async function loop(aeron: Aeron, agent: Agent, start: WorkerStart): Promise<void> {
  const stop = new Int32Array(start.stop)
  const idleStrategy = idleStrategyByName(start.idleStrategy)
  const invoker = aeron.conductorAgentInvoker!
  while (Atomics.load(stop, 0) === 0) {
    const sliceEndMs = performance.now() + SLICE_MS
    do {
      const workCount = agent.doWork() + invoker.invoke()
      if (aeron.isClosed) {
        if (aeron.closeCause === undefined) return
        throw aeron.closeCause
      }
      idleStrategy.idle(workCount)
    } while (performance.now() < sliceEndMs && Atomics.load(stop, 0) === 0)
    await nextTurn()
  }
}

async function run(start: WorkerStart): Promise<void> {
  const createAgent = await loadCreateAgent(start.moduleUrl)
  using aeron = await Aeron.connect({ ...start.aeron, useConductorAgentInvoker: true })
  const agent = await createAgent({ aeron, data: start.data, port: parentPort! })
  try {
    agent.onStart?.()
    start.control.postMessage('started')
    await loop(aeron, agent, start)
  } catch (error) {
    if (!(error instanceof AgentTerminationError)) throw error
  } finally {
    agent.onClose?.()
  }
}

const start = workerData as WorkerStart
await run(start)
// What the agent left open must not keep a thread alive whose loop has ended.
start.control.close()
parentPort?.close()
