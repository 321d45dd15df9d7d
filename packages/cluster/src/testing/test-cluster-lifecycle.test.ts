import type { AtomicBuffer } from '@x/atomic'
import { isRetryable } from '@x/client'
import { CloseReason } from '@x/codecs/cluster'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuctionService } from '../../test/support/auction-service.ts'
import { CommandService } from '../../test/support/command-service.ts'
import { encodeLedgerMessage, LedgerKind } from '../../test/support/ledger/ledger-message.ts'
import { LedgerService } from '../../test/support/ledger/ledger-service.ts'
import { TallyService } from '../../test/support/tally-service.ts'
import { MOCKED_OFFER } from '../service/client-session.ts'
import { Role, type Cluster } from '../service/cluster.ts'
import { TestCluster } from './test-cluster.ts'

function add(sequence: bigint, flags = 0, argument = 0n, fillerLength = 0): AtomicBuffer {
  return encodeLedgerMessage({ kind: LedgerKind.ADD, sequence, flags, argument, fillerLength })
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('roles', () => {
  test('a follower applies the same and sends nothing', () => {
    const results: number[] = []
    class Service extends TallyService {
      override onSessionMessage(...values: Parameters<TallyService['onSessionMessage']>): void {
        super.onSessionMessage(...values)
        results.push(values[0]!.offer(Buffer.from('y')))
      }
    }
    using cluster = new TestCluster({ createService: () => new Service(), role: Role.FOLLOWER })
    const session = cluster.openSession()
    session.send(Buffer.from([1]))
    expect([cluster.service.total, session.responses.length, results]).toEqual([1, 0, [MOCKED_OFFER]])
    cluster.changeRole(Role.LEADER)
    session.send(Buffer.from([2]))
    expect([cluster.service.total, session.responses.length]).toEqual([3, 2])
    expect(session.responses[0]!.leadershipTermId).toBe(1n)
    cluster.changeRole(Role.FOLLOWER)
    session.send(Buffer.from([3]))
    expect([cluster.service.total, session.responses.length]).toEqual([6, 2])
  })

  test('each change is a leadership term, told to the service with its leader', () => {
    using cluster = new TestCluster({ createService: () => new AuctionService(), memberId: 1 })
    const leaders: number[] = []
    cluster.service.onNewLeadershipTermEvent = ({ leaderMemberId }) => leaders.push(leaderMemberId)
    cluster.changeRole(Role.FOLLOWER)
    cluster.changeRole(Role.LEADER)
    expect(leaders).toEqual([2, 1])
    expect(cluster.service.cluster.memberId).toBe(1)
    expect(cluster.service.lifecycle).toEqual(['start from nothing', 'role 2', 'role 0', 'role 2'])
  })
})

describe('snapshots and restarts', () => {
  test('a member that restarts goes on from its snapshot, with its sessions', () => {
    using cluster = new TestCluster({ createService: () => new LedgerService() })
    const sessions = [cluster.openSession(), cluster.openSession({ principal: 'p'.repeat(3_000) })]
    sessions[0]!.send(add(1n))
    const snapshot = cluster.takeSnapshot()
    expect(snapshot).toMatchObject({ logPosition: cluster.logPosition, leadershipTermId: 0n, timestamp: 0n })
    sessions[1]!.send(add(2n))
    const { hash } = cluster.service.state
    cluster.restart()
    const { service } = cluster
    expect([service.startedWith, service.appliedCount, service.state.hash]).toEqual([1, 1, hash])
    expect(service.sessionsAtStart).toEqual([1n, 2n])
    expect(service.cluster.clientSessions[1]?.encodedPrincipal.length).toBe(3_000)
    sessions[0]!.send(add(3n))
    expect(sessions[0]!.responses.length).toBe(2)
    cluster.restart({ wholeCluster: true })
    expect(sessions.map(({ closeReason }) => closeReason)).toEqual([CloseReason.TIMEOUT, CloseReason.TIMEOUT])
    expect(service.cluster.clientSessions.length).toBe(2)
    expect(cluster.service.cluster.clientSessions).toEqual([])
  })

  test('big snapshots go through back pressure, also of a service that does not idle', () => {
    const LENGTH = 3_000_000
    class Big extends TallyService {
      loaded = 0
      override onStart(...[cluster, image]: Parameters<TallyService['onStart']>): void {
        super.onStart(cluster, undefined)
        while (image !== undefined && !image.isEndOfStream) {
          image.poll((_buffer, _offset, length) => (this.loaded += length), 10)
        }
      }
      override onTakeSnapshot(publication: Parameters<TallyService['onTakeSnapshot']>[0]): void {
        const record = new Uint8Array(100_000)
        for (let at = 0; at < LENGTH; at += record.length) while (isRetryable(publication.offer(record)));
      }
    }
    using cluster = new TestCluster({ createService: () => new Big() })
    cluster.takeSnapshot()
    cluster.restart()
    expect(cluster.service.loaded).toBe(LENGTH)
    cluster.backPressureSnapshot(3)
    cluster.takeSnapshot()
    expect(cluster.snapshots.length).toBe(2)
  })

  test('a snapshot that fails is an error, and the cluster goes on with the one before', () => {
    using cluster = new TestCluster({ createService: () => new TallyService() })
    const session = cluster.openSession()
    session.send(Buffer.from([1]))
    cluster.takeSnapshot()
    cluster.service.onTakeSnapshot = () => {
      throw new Error('no')
    }
    expect(codeOf(() => cluster.takeSnapshot())).toBe('SNAPSHOT_FAILED')
    session.send(Buffer.from([2]))
    cluster.restart()
    expect(cluster.service.total).toBe(3)
    expect(cluster.snapshots.length).toBe(1)
  })

  test('a service that cannot start is an error of the restart', () => {
    let starts = 0
    class Failing extends TallyService {
      override onStart(...values: Parameters<TallyService['onStart']>): void {
        if (starts++ > 0) throw new Error('cannot read it')
        super.onStart(...values)
      }
    }
    using cluster = new TestCluster({ createService: () => new Failing() })
    expect(codeOf(() => cluster.restart())).toBe('SERVICE_START_FAILED')
  })
})

describe('errors', () => {
  test('what a callback throws comes out of the call that led to it, and the entry counts as applied', () => {
    using cluster = new TestCluster({ createService: () => new CommandService() })
    const session = cluster.openSession()
    cluster.service.throwing.add('onTimerEvent')
    session.send(Buffer.from('!schedule 1 10'))
    expect(() => cluster.advanceTime(10)).toThrow('thrown by onTimerEvent')
    expect(cluster.service.cluster.logPosition).toBe(cluster.logPosition)
    cluster.advanceTime(10)
    expect(cluster.errors.length).toBe(1)
  })

  test('a container that ends tells why', () => {
    using cluster = new TestCluster({
      createService: () => new CommandService(),
      container: { terminateOnServiceError: true },
    })
    const session = cluster.openSession()
    expect(codeOf(() => session.send(Buffer.from('!nonsense')))).toBe('SERVICE_CALLBACK_FAILED')
  })
})

test('terminate() is a shutdown of the member, close() one of the process', () => {
  const ends: string[] = []
  class Service extends TallyService {
    onTerminate(cluster: Cluster): void {
      ends.push(`at ${cluster.logPosition}`)
    }
  }
  const cluster = new TestCluster({ createService: () => new Service() })
  cluster.terminate()
  cluster.close()
  new TestCluster({ createService: () => new Service() }).close()
  expect(ends).toEqual(['at 96', 'at 96'])
})

test('doTurns() gives the service its background work', () => {
  let work = 0
  class Service extends TallyService {
    doBackgroundWork(): number {
      return work++
    }
  }
  using cluster = new TestCluster({ createService: () => new Service() })
  const before = work
  cluster.doTurns(5)
  expect(work - before).toBe(5)
})

test('any script leads to the same state after a restart', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      flags: fc.integer({ min: 0, max: 3 }),
      delay: fc.bigInt(0n, 50n),
    }),
    fc.record({ kind: fc.constantFrom('snapshot', 'restart', 'follow', 'lead', 'open', 'close') }),
    fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  )
  let sequence = 0n
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      using cluster = new TestCluster({ createService: () => new LedgerService(), termLength: 64 * 1024 })
      for (const action of steps) {
        const session = cluster.sessions.find(({ isOpen }) => isOpen)
        if ('delay' in action) session?.send(add(++sequence, action.flags, action.delay))
        else if ('ms' in action) cluster.advanceTime(action.ms)
        else if (action.kind === 'snapshot') cluster.takeSnapshot()
        else if (action.kind === 'restart') cluster.restart()
        else if (action.kind === 'follow') cluster.changeRole(Role.FOLLOWER)
        else if (action.kind === 'lead') cluster.changeRole(Role.LEADER)
        else if (action.kind === 'open') cluster.openSession()
        else session?.close()
      }
      const stateOf = ({ state }: LedgerService): unknown => [
        state.hash,
        state.entryCount,
        state.pendingTimers,
      ]
      const [state, timers] = [stateOf(cluster.service), cluster.timers]
      for (const fromSnapshot of [true, false]) {
        cluster.restart({ fromSnapshot })
        expect([stateOf(cluster.service), cluster.timers]).toEqual([state, timers])
      }
    }),
    { numRuns: 30 },
  )
}, 60_000)
