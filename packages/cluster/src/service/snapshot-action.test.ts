import { ArchiveError } from '@x/archive'
import { AgentTerminationError } from '@x/idlestrategy'
import { beforeEach, expect, test } from 'vitest'
import { ClusterError, isClusterError } from '../cluster-error.ts'
import { SnapshotAction } from './snapshot-action.ts'
import type { Steps } from './steps.ts'

let nowNs: bigint
let durations: bigint[]
let acks: [number, bigint][]
let errors: Error[]
let isAckSent: boolean

beforeEach(() => {
  nowNs = 0n
  durations = []
  acks = []
  errors = []
  isAckSent = true
})

function actionOf(take: () => Steps<bigint>): SnapshotAction {
  const parts = {
    nanoClock: { nanoTime: () => nowNs },
    durations: { onDuration: (durationNs: bigint) => durations.push(durationNs) },
    onError: (error: Error) => errors.push(error),
    trySendAck: (logPosition: number, relevantId: bigint) => {
      if (isAckSent) acks.push([logPosition, relevantId])
      return isAckSent
    },
    take,
  }
  return new SnapshotAction(parts, { leadershipTermId: 3n, logPosition: 960, timeUnit: 0, appVersion: 1 })
}

function failing(error: unknown): SnapshotAction {
  // oxlint-disable-next-line require-yield -- steps that fail at once
  return actionOf(function* () {
    throw error
  })
}

test('a snapshot is measured when it is taken, and acknowledged once with its recording', () => {
  const action = actionOf(function* () {
    yield undefined
    return 7n
  })
  expect(action.poll()).toBe(false)
  nowNs = 5n
  isAckSent = false
  expect(action.poll()).toBe(false)
  nowNs = 9n
  isAckSent = true
  expect(action.poll()).toBe(true)
  expect([durations, acks, errors]).toEqual([[5n], [[960, 7n]], []])
})

test('a failure is acknowledged with -1 before anyone hears of it', () => {
  const cause = new Error('of the service')
  const action = failing(cause)
  isAckSent = false
  expect(action.poll()).toBe(false)
  expect(errors).toEqual([])
  isAckSent = true
  expect(action.poll()).toBe(true)
  expect(acks).toEqual([[960, -1n]])
  const [error] = errors
  if (!isClusterError(error, 'SNAPSHOT_FAILED')) throw error ?? new Error('expected an error')
  expect(error.context).toEqual({ leadershipTermId: 3n, logPosition: 960 })
  expect(error.cause).toBe(cause)
})

test('an archive without storage ends the agent, after the ack', () => {
  const action = failing(
    new ArchiveError('STORAGE_SPACE', 'Cannot record: low storage', { errorCode: 11, correlationId: 1n }),
  )
  expect(() => action.poll()).toThrow(AgentTerminationError)
  expect(acks).toEqual([[960, -1n]])
})

test('an AgentTerminationError of the service, or an error that must end the container, comes after the ack', () => {
  const fatal = new ClusterError('SERVICE_CALLBACK_FAILED', 'x', {
    callback: 'onTakeSnapshot',
    logPosition: 960,
  })
  for (const error of [new AgentTerminationError('enough'), fatal]) {
    expect(() => failing(error).poll()).toThrow(error)
  }
  expect(acks).toEqual([
    [960, -1n],
    [960, -1n],
  ])
})

test('the loss of client or consensus module is not acknowledged: nobody hears it', () => {
  const cause = new ClusterError('AERON_CLOSED', 'x', { serviceId: 0, logPosition: 1 })
  expect(() => failing(new AgentTerminationError('x', { cause })).poll()).toThrow(AgentTerminationError)
  expect(acks).toEqual([])
})

test('a snapshot that fails is measured too', () => {
  const action = actionOf(function* () {
    yield undefined
    throw new Error('archive gone')
  })
  action.poll()
  nowNs = 9n
  expect(action.poll()).toBe(true)
  expect(durations).toEqual([9n])
})
