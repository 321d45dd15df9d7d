import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { AgentTask } from '../test/worker/agent-module.ts'
import { AgentWorker } from './agent-worker.ts'
import { agentWorkerData } from './run-agent-in-worker.ts'

const MODULE = new URL('../test/worker/agent-module.mjs', import.meta.url)

interface Started {
  readonly worker: AgentWorker
  readonly messages: unknown[]
  readonly turns: Int32Array
}

function start(behaviour: AgentTask['behaviour'], alias = 'sleep-ms', closeTimeoutMs = 20_000): Started {
  const turns = new SharedArrayBuffer(8)
  const data: AgentTask = { alias, behaviour, turns }
  const worker = new AgentWorker(MODULE, { data, closeTimeoutMs, execArgv: ['--conditions=@x/source'] })
  const messages: unknown[] = []
  worker.worker.on('message', (message) => messages.push(message))
  return { worker, messages, turns: new Int32Array(turns) }
}

async function turnsAtLeast(turns: Int32Array, least: number): Promise<void> {
  while (Atomics.load(turns, 0) < least) await delay(1)
}

test.each(['spin', 'yield', 'sleep-ns', 'backoff'])(
  'AgentWorker runs an agent with "%s" on a thread of its own until it is closed',
  async (alias) => {
    const { worker, messages, turns } = start('count', alias)
    await turnsAtLeast(turns, 5)
    expect(worker.isClosed).toBe(false)
    await worker.close()
    await worker.close()
    expect(worker.isClosed).toBe(true)
    // The agent throws once: that goes to the handler, and the loop goes on.
    expect(messages).toEqual(['start', 'Error: turn 3', 'close'])
  },
)

test('AgentWorker ends when its agent ends itself', async () => {
  const { worker, messages, turns } = start('end-itself')
  await worker.terminated
  expect([turns[0], messages]).toEqual([3, ['start', 'close']])
  await worker.close()
})

test('AgentWorker.terminated rejects with what the error handler throws, and the agent is closed', async () => {
  const { worker, messages } = start('throw-in-handler')
  await expect(worker.terminated).rejects.toThrow('turn 3')
  expect(messages).toEqual(['start', 'Error: turn 3', 'close'])
  await expect(worker.close()).rejects.toThrow('turn 3')
})

test('AgentWorker.close() stops a thread that blocks, and says so', async () => {
  const { worker, turns } = start('block', 'spin', 200)
  await turnsAtLeast(turns, 1)
  await expect(worker.close()).rejects.toThrow(/within 200 ms/)
  expect(worker.isClosed).toBe(true)
})

test('AgentWorker.terminated rejects when there is no such module', async () => {
  const worker = new AgentWorker(new URL('file:///no/such/module.mjs'))
  await expect(worker.terminated).rejects.toThrow(/module/)
})

test('agentWorkerData() outside a worker of an agent is refused', () => {
  expect(() => agentWorkerData()).toThrow(TypeError)
})
