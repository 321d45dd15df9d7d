import { workerData } from 'node:worker_threads'
import { AgentInvoker } from './agent-invoker.ts'
import type { AgentRunnerOptions } from './agent-runner.ts'
import { CLOSE_WORD, isAgentWorkerData } from './agent-worker-protocol.ts'
import type { Agent } from './agent.ts'

/** Returns the option `data` of the thread's `AgentWorker`. @throws TypeError outside such a thread */
export function agentWorkerData(): unknown {
  return requireWorkerData('read the data of an agent worker').data
}

/**
 * Runs an agent on this thread, which was started by an `AgentWorker`, and returns when it is closed or ends by itself. The loop occupies the whole thread: no timer,
 * promise or message is served meanwhile. So whatever the agent needs must be set up before, and be driven in its turns, such as the conductor of an Aeron client
 * by its invoker.
 *
 * @throws TypeError outside such a thread; and what the error handler throws
 */
export function runAgentInWorker(agent: Agent, options: AgentRunnerOptions): void {
  const control = new Int32Array(requireWorkerData('run an agent').agentControl)
  const { idleStrategy, errorHandler } = options
  const invoker = new AgentInvoker(agent, { errorHandler })
  invoker.start()
  try {
    while (invoker.isRunning && Atomics.load(control, CLOSE_WORD) === 0) idleStrategy.idle(invoker.invoke())
  } finally {
    invoker.close()
  }
}

function requireWorkerData(action: string): { agentControl: SharedArrayBuffer; data: unknown } {
  const value: unknown = workerData
  if (isAgentWorkerData(value)) return value
  throw new TypeError(`Cannot ${action}: this must be a thread that an AgentWorker has started, and is not`)
}
