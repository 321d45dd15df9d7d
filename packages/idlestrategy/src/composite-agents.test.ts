import { expect, test } from 'vitest'
import { AgentInvoker } from './agent-invoker.ts'
import type { Agent } from './agent.ts'
import { CompositeAgent } from './composite-agent.ts'
import { DynamicCompositeAgent } from './dynamic-composite-agent.ts'

function named(roleName: string, calls: string[], overrides: Partial<Agent> = {}): Agent {
  return {
    roleName,
    onStart: () => void calls.push(`start ${roleName}`),
    doWork: () => (calls.push(roleName), 1),
    onClose: () => void calls.push(`close ${roleName}`),
    ...overrides,
  }
}

function failing(message: string): () => never {
  return () => {
    throw new Error(message)
  }
}

test('CompositeAgent starts, drives and closes its agents in order', () => {
  const calls: string[] = []
  const agent = new CompositeAgent(named('a', calls), named('b', calls), { roleName: 'c', doWork: () => 5 })
  expect(agent.roleName).toBe('[a,b,c]')
  agent.onStart()
  expect(agent.doWork()).toBe(7)
  agent.onClose()
  expect(calls).toEqual(['start a', 'start b', 'a', 'b', 'close a', 'close b'])
  expect(() => new CompositeAgent()).toThrow(RangeError)
})

test('CompositeAgent goes on behind an agent that threw, at the next turn', () => {
  const calls: string[] = []
  const errors: unknown[] = []
  const agent = new CompositeAgent(
    named('a', calls),
    named('b', calls, { doWork: failing('b') }),
    named('c', calls),
  )
  const invoker = new AgentInvoker(agent, { errorHandler: (error) => errors.push(error) })
  invoker.start()
  for (let turn = 0; turn < 4; turn++) invoker.invoke()
  expect(calls.slice(3)).toEqual(['a', 'c', 'a', 'c'])
  expect(errors).toEqual([new Error('b'), new Error('b')])
})

test('CompositeAgent starts and closes all, and throws what some of them threw together', () => {
  const calls: string[] = []
  const broken = { onStart: failing('start'), onClose: failing('close') }
  const agent = new CompositeAgent(named('a', calls, broken), named('b', calls))
  expect(() => agent.onStart()).toThrow(expect.objectContaining({ errors: [new Error('start')] }))
  expect(() => agent.onClose()).toThrow(expect.objectContaining({ errors: [new Error('close')] }))
  expect(calls).toEqual(['start b', 'close b'])
})

test('DynamicCompositeAgent takes agents in and lets them go at the start of a turn', () => {
  const calls: string[] = []
  const [a, b] = [named('a', calls), named('b', calls)]
  const agent = new DynamicCompositeAgent('many', a)
  expect(() => agent.tryAdd(b)).toThrow(/"many" must be active, its status is "init"/)
  agent.onStart()
  expect([agent.status, agent.tryAdd(b), agent.tryAdd(a), agent.hasAddCompleted]).toEqual([
    'active',
    true,
    false,
    false,
  ])
  expect([agent.doWork(), agent.hasAddCompleted]).toEqual([2, true])
  expect([agent.tryRemove(a), agent.tryRemove(b), agent.hasRemoveCompleted]).toEqual([true, false, false])
  expect([agent.doWork(), agent.hasRemoveCompleted]).toEqual([1, true])
  agent.tryRemove(a)
  expect(agent.doWork()).toBe(1)
  agent.onClose()
  expect(agent.status).toBe('closed')
  expect(() => agent.tryRemove(b)).toThrow(/closed/)
  expect(calls).toEqual(['start a', 'start b', 'a', 'b', 'close a', 'b', 'b', 'close b'])
})

test('DynamicCompositeAgent closes an agent that cannot start, and does not take it in', () => {
  const calls: string[] = []
  const agent = new DynamicCompositeAgent('many', named('a', calls))
  agent.onStart()
  agent.tryAdd(named('b', calls, { onStart: failing('no') }))
  expect(() => agent.doWork()).toThrow('no')
  agent.tryAdd(named('c', calls, { onStart: failing('no'), onClose: failing('nor that') }))
  expect(() => agent.doWork()).toThrow(AggregateError)
  expect(agent.doWork()).toBe(1)
  expect(calls).toEqual(['start a', 'close b', 'a'])
})

test('DynamicCompositeAgent lets an agent go that is broken, also when it throws at its close', () => {
  const calls: string[] = []
  const broken = named('b', calls, { doWork: failing('b'), onClose: failing('close b') })
  const agent = new DynamicCompositeAgent('many', broken, named('c', calls))
  agent.onStart()
  expect(() => agent.doWork()).toThrow('b')
  agent.tryRemove(broken)
  expect(() => agent.doWork()).toThrow('close b')
  expect(agent.doWork()).toBe(1)
})
