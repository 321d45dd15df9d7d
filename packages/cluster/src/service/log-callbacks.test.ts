import type { Aeron } from '@x/client'
import { CloseReason, ClusterAction } from '@x/codecs/cluster'
import { AgentTerminationError } from '@x/idlestrategy'
import { beforeEach, expect, test } from 'vitest'
import { AuctionService } from '../../test/support/auction-service.ts'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { ClusterError, isClusterError } from '../cluster-error.ts'
import { composeVersion } from './app-version.ts'
import { ClientSessions } from './client-sessions.ts'
import { Role, type Cluster } from './cluster.ts'
import type { ContainerClientSession } from './container-client-session.ts'
import { EgressConnector } from './egress-connector.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'
import { LogCallbacks } from './log-callbacks.ts'
import { ServiceCallbacks } from './service-callbacks.ts'
import { ServiceState } from './service-state.ts'
import { SessionEgress } from './session-egress.ts'
import type { SnapshotActionParts } from './snapshot-action.ts'

const DESCRIPTION = {
  id: 1n,
  responseStreamId: 102,
  responseChannel: 'aeron:ipc',
  encodedPrincipal: new Uint8Array(),
}
const ACTION = {
  leadershipTermId: 0n,
  logPosition: 960,
  timestamp: 8n,
  action: ClusterAction.SNAPSHOT,
  flags: 0,
}

let state: ServiceState
let sessions: ClientSessions<ContainerClientSession>
let service: AuctionService
let errors: unknown[]
let acks: unknown[]
let isAckSent: boolean
let answer: () => unknown
let cancelled: bigint[]
let take: SnapshotActionParts['take']

beforeEach(() => {
  state = new ServiceState()
  sessions = new ClientSessions()
  service = new AuctionService()
  errors = []
  acks = []
  isAckSent = true
  answer = () => undefined
  cancelled = []
  take = function* () {
    yield undefined
    return 7n
  }
})

function setUp(
  options: { isRespondingService?: boolean; terminateOnServiceError?: boolean } = {},
): LogCallbacks {
  const { isRespondingService = true, terminateOnServiceError = false } = options
  const guard = new LifecycleGuard()
  const onError = (error: unknown): void => void errors.push(error)
  const callbacks = new ServiceCallbacks(service, guard, state, { onError, terminateOnServiceError })
  callbacks.onStart(
    Object.defineProperties(
      {},
      { logPosition: { get: () => state.logPosition }, time: { get: () => state.clusterTime } },
    ) as Cluster,
    undefined,
  )
  const aeron = {
    asyncAddPublication: () => 77n,
    getPublication: () => answer(),
    asyncRemovePublication: (id: bigint) => cancelled.push(id),
  } as unknown as Aeron
  return new LogCallbacks({
    options: {
      appVersion: composeVersion(1, 2, 3),
      appVersionValidator: (own, ofLog) => ofLog >> 16 === own >> 16 || ofLog === composeVersion(9, 9, 9),
      isRespondingService,
    },
    state,
    sessions,
    egress: new SessionEgress(state, guard, onError),
    connector: new EgressConnector(aeron, { nanoTime: () => 0n }, onError),
    callbacks,
    onError,
    requestClose: () => true,
    snapshots: {
      nanoClock: { nanoTime: () => 0n },
      durations: { onDuration: () => undefined },
      take,
      onError,
      trySendAck: (...args) => {
        if (isAckSent) acks.push(args)
        return isAckSent
      },
    },
  })
}

test('LogCallbacks.onSessionOpen() at a follower opens at once, without egress', () => {
  const log = setUp()
  expect(log.onSessionOpen(256, 7n, DESCRIPTION)).toBe(true)
  expect(service.entries).toEqual(['open 1 at 7 position 256 time 7'])
  expect(sessions.get(1n)?.hasPublication).toBe(false)
})

test('LogCallbacks.onSessionOpen() at the leader waits for the egress before it calls the service', () => {
  const log = setUp()
  state.role = Role.LEADER
  for (let turn = 0; turn < 3; turn++) expect(log.onSessionOpen(256, 7n, DESCRIPTION)).toBe(false)
  expect(service.entries).toEqual([])
  expect(state.logPosition).toBe(-1)
  const fake = new FakePublication()
  answer = () => fake.publication
  expect(log.onSessionOpen(256, 7n, DESCRIPTION)).toBe(true)
  expect(sessions.get(1n)?.hasPublication).toBe(true)
  expect(service.entries).toEqual(['open 1 at 7 position 256 time 7'])
  log.onSessionClose(352, 1n, 8n, CloseReason.TIMEOUT)
  expect(fake.isClosed).toBe(true)
  expect(service.entries.at(-1)).toBe('close 1 at 8 reason 2 position 352 time 8')
})

test('LogCallbacks.onSessionOpen() goes on without egress when the driver refuses it, and reports that', () => {
  const log = setUp()
  state.role = Role.LEADER
  log.onSessionOpen(256, 7n, DESCRIPTION)
  answer = () => {
    throw new Error('unknown host')
  }
  expect(log.onSessionOpen(256, 7n, DESCRIPTION)).toBe(true)
  expect(errors.map((error) => isClusterError(error, 'EGRESS_CONNECT_FAILED'))).toEqual([true])
  expect(sessions.size).toBe(1)
})

test('LogCallbacks.onSessionOpen() of a service that does not respond never connects', () => {
  const log = setUp({ isRespondingService: false })
  state.role = Role.LEADER
  expect(log.onSessionOpen(256, 7n, DESCRIPTION)).toBe(true)
})

test('LogCallbacks.onSessionOpen() refuses an id that is open', () => {
  const log = setUp()
  log.onSessionOpen(256, 7n, DESCRIPTION)
  expect(() => log.onSessionOpen(512, 8n, DESCRIPTION)).toThrow(RangeError)
})

test('LogCallbacks.disconnectAll() gives up what is being connected', () => {
  const log = setUp()
  state.role = Role.LEADER
  log.onSessionOpen(256, 7n, DESCRIPTION)
  log.disconnectAll()
  expect(cancelled).toEqual([77n])
})

test('LogCallbacks.onSessionClose() of an unknown session is reported only', () => {
  const log = setUp()
  log.onSessionClose(352, 9n, 8n, CloseReason.CLIENT_ACTION)
  expect(errors.map((error) => isClusterError(error, 'UNKNOWN_SESSION'))).toEqual([true])
  expect(service.entries).toEqual([])
  expect(state.logPosition).toBe(352)
})

test('LogCallbacks.onServiceAction() keeps the entry in the log until the snapshot was acknowledged', () => {
  const log = setUp()
  isAckSent = false
  expect(log.onServiceAction(ACTION)).toBe(false)
  expect(log.onServiceAction(ACTION)).toBe(false)
  expect([state.logPosition, log.isTakingSnapshot]).toEqual([960, true])
  isAckSent = true
  expect(log.onServiceAction(ACTION)).toBe(true)
  expect(acks).toEqual([[960, 7n]])
  expect(log.isTakingSnapshot).toBe(false)
})

test('LogCallbacks.finishSnapshot() goes on when the log has gone; abandonSnapshot() cleans up without an ack', () => {
  const log = setUp()
  expect(log.finishSnapshot()).toBe(true)
  log.onServiceAction(ACTION)
  expect(log.finishSnapshot()).toBe(true)
  expect(acks).toEqual([[960, 7n]])
  let isCleanedUp = false
  take = function* () {
    try {
      for (;;) yield undefined
    } finally {
      isCleanedUp = true
    }
  }
  const other = setUp()
  expect(other.onServiceAction(ACTION)).toBe(false)
  other.abandonSnapshot()
  expect([isCleanedUp, other.isTakingSnapshot, acks.length]).toEqual([true, false, 1])
})

test('LogCallbacks.onServiceAction() leaves snapshots of standbys to standbys', () => {
  const log = setUp()
  expect(log.onServiceAction({ ...ACTION, flags: 1 })).toBe(true)
  expect(log.onServiceAction({ ...ACTION, action: ClusterAction.SUSPEND })).toBe(true)
  expect(acks).toEqual([])
  state.isStandby = true
  log.onServiceAction({ ...ACTION, flags: 1 })
  log.finishSnapshot()
  expect(acks).toEqual([[960, 7n]])
})

const TERM = {
  leadershipTermId: 4n,
  logPosition: 96,
  timestamp: 5n,
  termBaseLogPosition: 0,
  leaderMemberId: 0,
  logSessionId: 1,
  timeUnit: 2,
  appVersion: composeVersion(1, 0, 0),
} as const

test('LogCallbacks.onNewLeadershipTerm() sets term and time unit before the service hears of it', () => {
  const log = setUp()
  log.onNewLeadershipTerm(TERM)
  expect(service.entries).toEqual(['term 4 at 5 unit 2 position 96 time 5'])
  expect(state.timeUnit).toBe(2)
  expect(state.header.buffer.getInt64(8)).toBe(4n)
})

test('LogCallbacks.onNewLeadershipTerm() asks the validator whether the log of another version can be applied', () => {
  const log = setUp()
  let thrown: unknown
  try {
    log.onNewLeadershipTerm({ ...TERM, appVersion: composeVersion(2, 0, 0) })
  } catch (error) {
    thrown = error
  }
  expect(isClusterError(thrown, 'APP_VERSION_INCOMPATIBLE')).toBe(true)
  expect(state.logPosition).toBe(-1)
  log.onNewLeadershipTerm({ ...TERM, appVersion: composeVersion(9, 9, 9) })
  expect(state.logPosition).toBe(TERM.logPosition)
})

test('an exception of a callback is reported, and the entry counts as applied', () => {
  const failure = new Error('of the service')
  service.onTimerEvent = () => {
    throw failure
  }
  setUp().onTimerEvent(64, 1n, 3n)
  expect(errors).toEqual([failure])
  expect(state.logPosition).toBe(64)
})

test('an exception of a callback ends the agent when that is asked for, and an AgentTerminationError always', () => {
  service.onTimerEvent = () => {
    throw new Error('of the service')
  }
  expect(() => setUp({ terminateOnServiceError: true }).onTimerEvent(64, 1n, 3n)).toThrow(ClusterError)
  service.onTimerEvent = () => {
    throw new AgentTerminationError()
  }
  expect(() => setUp().onTimerEvent(64, 1n, 3n)).toThrow(AgentTerminationError)
  expect(errors).toEqual([])
})
