import { expect, test } from 'vitest'
import { AgentInvoker } from './agent-invoker.ts'
import { AgentTerminationError } from './agent-termination-error.ts'
import type { Agent } from './agent.ts'

function scripted(doWork: () => number, calls: string[] = []): { agent: Agent; calls: string[] } {
  const agent: Agent = {
    roleName: 'scripted',
    onStart: () => void calls.push('start'),
    doWork,
    onClose: () => void calls.push('close'),
  }
  return { agent, calls }
}

function collecting(agent: Agent): { invoker: AgentInvoker; errors: unknown[] } {
  const errors: unknown[] = []
  return { invoker: new AgentInvoker(agent, { errorHandler: (error) => errors.push(error) }), errors }
}

test('AgentInvoker does nothing before start() and after close(), and calls onStart and onClose once', () => {
  const { agent, calls } = scripted(() => 3)
  const { invoker } = collecting(agent)
  expect(invoker.invoke()).toBe(0)
  expect([invoker.isStarted, invoker.isRunning, invoker.isClosed]).toEqual([false, false, false])
  invoker.start()
  invoker.start()
  expect(invoker.invoke()).toBe(3)
  expect([invoker.isStarted, invoker.isRunning, invoker.isClosed]).toEqual([true, true, false])
  invoker.close()
  invoker[Symbol.dispose]()
  expect(invoker.invoke()).toBe(0)
  invoker.start()
  expect(invoker.isRunning).toBe(false)
  expect(calls).toEqual(['start', 'close'])
})

test('AgentInvoker.invoke() gives errors to the handler and goes on', () => {
  let turn = 0
  const { agent } = scripted(() => {
    if (turn++ === 0) throw new Error('first')
    return 1
  })
  const { invoker, errors } = collecting(agent)
  invoker.start()
  expect(invoker.invoke()).toBe(0)
  expect(errors).toEqual([new Error('first')])
  expect(invoker.invoke()).toBe(1)
})

test.each([
  [true, 0],
  [false, 1],
])(
  'AgentInvoker closes on an AgentTerminationError; expected %s means %i errors reported',
  (isExpected, reported) => {
    const { agent, calls } = scripted(() => {
      throw new AgentTerminationError('enough', { isExpected })
    })
    const { invoker, errors } = collecting(agent)
    invoker.start()
    expect(invoker.invoke()).toBe(0)
    expect(invoker.isClosed).toBe(true)
    expect(errors).toHaveLength(reported)
    expect(calls).toEqual(['start', 'close'])
  },
)

test('AgentInvoker.start() closes the agent when onStart throws', () => {
  const calls: string[] = []
  const { invoker, errors } = collecting({
    roleName: 'broken',
    onStart: () => {
      throw new Error('no')
    },
    doWork: () => 1,
    onClose: () => void calls.push('close'),
  })
  invoker.start()
  expect([invoker.isRunning, invoker.isClosed, invoker.invoke()]).toEqual([false, true, 0])
  expect(errors).toEqual([new Error('no')])
  expect(calls).toEqual(['close'])
})

test('AgentInvoker.close() gives an error of onClose to the handler', () => {
  const { invoker, errors } = collecting({
    roleName: 'broken',
    doWork: () => 0,
    onClose: () => {
      throw new Error('stuck')
    },
  })
  invoker.close()
  invoker.close()
  expect(errors).toEqual([new Error('stuck')])
})

test('AgentInvoker lets an error of the handler out, and still closes a terminating agent', () => {
  const { agent, calls } = scripted(() => {
    throw new AgentTerminationError()
  })
  const invoker = new AgentInvoker(agent, {
    errorHandler: () => {
      throw new Error('handler')
    },
  })
  invoker.start()
  expect(() => invoker.invoke()).toThrow('handler')
  expect(invoker.isClosed).toBe(true)
  expect(calls).toEqual(['start', 'close'])
})
