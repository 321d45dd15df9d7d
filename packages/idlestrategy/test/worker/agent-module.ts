import { parentPort } from 'node:worker_threads'
import { AgentTerminationError } from '../../src/agent-termination-error.ts'
import { idleStrategyByName } from '../../src/idle-strategy-by-name.ts'
import { agentWorkerData, runAgentInWorker } from '../../src/run-agent-in-worker.ts'

/** What an agent of the test is to do. */
export interface AgentTask {
  readonly alias: string
  readonly behaviour: 'count' | 'end-itself' | 'throw-in-handler' | 'block'
  readonly turns: SharedArrayBuffer
}

const { alias, behaviour, turns } = agentWorkerData() as AgentTask
const count = new Int32Array(turns)
runAgentInWorker(
  {
    roleName: 'counted',
    onStart: () => parentPort?.postMessage('start'),
    doWork: () => {
      const turn = Atomics.add(count, 0, 1) + 1
      if (behaviour === 'block') Atomics.wait(count, 1, 0)
      if (turn === 3 && behaviour === 'end-itself')
        throw new AgentTerminationError('enough', { isExpected: true })
      if (turn === 3) throw new Error('turn 3')
      return 0
    },
    onClose: () => parentPort?.postMessage('close'),
  },
  {
    idleStrategy: idleStrategyByName(alias),
    errorHandler: (error) => {
      parentPort?.postMessage(String(error))
      if (behaviour === 'throw-in-handler') throw error
    },
  },
)
