import { beforeEach, expect, test } from 'vitest'
import type { AeronCluster } from '../aeron-cluster.ts'
import { planClusterResilience, type ResilientAeronClusterOptions } from './resilient-cluster-options.ts'
import type { SessionAttempt } from './session-attempt.ts'
import { SessionRecovery } from './session-recovery.ts'

const SESSION = { clusterSessionId: 7n } as AeronCluster
const CAUSE = new Error('gone')

let nowMs: number
let attempts: (() => AeronCluster | undefined)[]
let begun: number
let closed: number

beforeEach(() => {
  nowMs = 0
  attempts = []
  begun = 0
  closed = 0
})

function recovery(options: Partial<ResilientAeronClusterOptions> = {}): SessionRecovery {
  const plan = planClusterResilience({
    ingressChannel: 'aeron:udp',
    egressChannel: 'aeron:udp?endpoint=localhost:0',
    retryIntervalMs: 100,
    maxRetryIntervalMs: 400,
    ...options,
  })
  const begin = (): SessionAttempt => {
    const poll = attempts[begun++] ?? (() => undefined)
    return { poll, close: async () => void closed++ }
  }
  return new SessionRecovery(plan, 5n, CAUSE, begin, () => nowMs)
}

function failing(message: string): () => never {
  return () => {
    throw new Error(message)
  }
}

test('the first attempt comes after a pause, and is polled until it has a session', () => {
  let polls = 0
  attempts.push(() => (++polls === 3 ? SESSION : undefined))
  const next = recovery()
  expect([next.poll(), begun]).toEqual([undefined, 0])
  nowMs = 100
  expect([next.poll(), next.poll(), next.poll()]).toEqual([undefined, undefined, SESSION])
  expect([begun, next.attemptCount, next.previousSessionId, next.cause]).toEqual([1, 1, 5n, CAUSE])
})

test('each failure is told, and the pauses grow', () => {
  const told: string[] = []
  attempts.push(failing('one'), failing('two'), () => SESSION)
  const next = recovery({ onRetry: (error, count) => void told.push(`${error.message} ${count}`) })
  nowMs = 100
  expect(next.poll()).toBeUndefined()
  nowMs += 99
  expect([next.poll(), begun]).toEqual([undefined, 1])
  nowMs += 101
  expect([next.poll(), begun]).toEqual([undefined, 2])
  nowMs += 199
  expect([next.poll(), begun]).toEqual([undefined, 2])
  nowMs += 201
  expect(next.poll()).toBe(SESSION)
  expect(told).toEqual(['one 1', 'two 2'])
})

test('false from onRetry is the end, with the error', () => {
  attempts.push(failing('never'))
  const next = recovery({ onRetry: () => false })
  nowMs = 100
  expect(next.poll()).toEqual(new Error('never'))
})

test('close() gives up the attempt under way', async () => {
  const next = recovery()
  await next.close()
  nowMs = 100
  next.poll()
  await next.close()
  expect([begun, closed]).toEqual([1, 1])
})

for (const [option, value] of [
  ['retryIntervalMs', 0],
  ['maxRetryIntervalMs', 99],
  ['maxUnanswered', 0],
] as const) {
  test(`${option} of ${value} is refused`, () => {
    expect(() => recovery({ [option]: value })).toThrow(RangeError)
  })
}
