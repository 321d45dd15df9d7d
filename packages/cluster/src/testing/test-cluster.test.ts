import type { AtomicBuffer } from '@x/atomic'
import { BACK_PRESSURED, BufferClaim, NOT_CONNECTED } from '@x/client'
import { CloseReason, ClusterTimeUnit } from '@x/codecs/cluster'
import { describe, expect, test } from 'vitest'
import { AuctionService } from '../../test/support/auction-service.ts'
import { CommandService } from '../../test/support/command-service.ts'
import {
  encodeLedgerMessage,
  FLAG_SERVICE_MESSAGE,
  FLAG_TIMER,
  LedgerKind,
} from '../../test/support/ledger/ledger-message.ts'
import { LedgerService } from '../../test/support/ledger/ledger-service.ts'
import { TallyService } from '../../test/support/tally-service.ts'
import { isClusterError } from '../cluster-error.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
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

describe('the log and what the service is told of it', () => {
  test('is that of a real cluster: term, opening, messages, closing, each with its position and time', () => {
    using cluster = new TestCluster({ createService: () => new CommandService(), startTime: 1_000n })
    const session = cluster.openSession({ principal: 'someone', responseChannel: 'aeron:ipc' })
    expect(cluster.service.cluster.getClientSession(1n)).toMatchObject({
      responseChannel: 'aeron:ipc',
      responseStreamId: 102,
      encodedPrincipal: Uint8Array.from(Buffer.from('someone')),
    })
    cluster.advanceTime(5)
    session.send(Buffer.from('!echo 1'))
    session.close()
    const { entries, lifecycle } = cluster.service
    expect(lifecycle).toEqual(['start from nothing', 'role 2'])
    expect(entries).toEqual([
      'term 0 at 1000 unit 0 position 96 time 1000',
      'open 1 at 1000 position 224 time 1000',
      'text !echo 1 of 1 at 1005 position 320',
      'close 1 at 1005 reason 0 position 416 time 1005',
    ])
    expect(session.responses).toEqual([
      { timestamp: 1_005n, leadershipTermId: 0n, payload: Uint8Array.from(Buffer.from('echo 1')) },
    ])
    expect(cluster.log.map(({ kind, position }) => [kind, position])).toEqual([
      ['leadership-term', 96],
      ['session-open', 224],
      ['session-message', 320],
      ['session-close', 416],
    ])
    expect(cluster.logPosition).toBe(416)
    expect([session.isOpen, session.closeReason]).toEqual([false, CloseReason.CLIENT_ACTION])
    expect(() => session.send(Buffer.from('late'))).toThrow('it must be open, and was closed')
  })

  test('goes on over the ends of terms, with messages in fragments', () => {
    using cluster = new TestCluster({ createService: () => new LedgerService(), termLength: 64 * 1024 })
    const session = cluster.openSession()
    for (let sequence = 1n; sequence <= 100n; sequence++) session.send(add(sequence, 0, 0n, 6_000))
    expect(cluster.logPosition).toBeGreaterThan(9 * 64 * 1024)
    expect(session.responses.length).toBe(100)
    const { hash } = cluster.service.state
    cluster.takeSnapshot()
    cluster.restart({ fromSnapshot: false })
    expect(cluster.service.state.hash).toBe(hash)
    expect(() => session.send(new Uint8Array(9_000))).toThrow('longest message')
  })

  test('is the same, byte for byte, for the same calls', () => {
    const run = (): unknown => {
      using cluster = new TestCluster({ createService: () => new LedgerService() })
      const session = cluster.openSession()
      for (let i = 1n; i < 30n; i++) session.send(add(i, FLAG_TIMER | FLAG_SERVICE_MESSAGE, i))
      cluster.advanceTime(15)
      cluster.takeSnapshot()
      return [cluster.framedLog, session.responses, cluster.service.state.hash]
    }
    expect(run()).toEqual(run())
  })

  test('has the time unit that it is given', () => {
    using cluster = new TestCluster({
      createService: () => new AuctionService(),
      timeUnit: ClusterTimeUnit.NANOS,
      startTime: 7n,
    })
    cluster.advanceTime(2)
    cluster.openSession()
    expect(cluster.service.cluster.timeUnit).toBe(ClusterTimeUnit.NANOS)
    expect(cluster.service.cluster.time).toBe(2_000_007n)
  })
})

describe('timers', () => {
  function commands(): { cluster: TestCluster<CommandService>; send: (text: string) => void } {
    const cluster = new TestCluster({ createService: () => new CommandService() })
    const session = cluster.openSession()
    return { cluster, send: (text) => session.send(Buffer.from(text)) }
  }

  function fired(cluster: TestCluster<CommandService>): string[] {
    return cluster.service.entries.filter((entry) => entry.startsWith('timer'))
  }

  test('fire at their deadline, in the order of deadlines, then of scheduling', () => {
    const { cluster, send } = commands()
    using _ = cluster
    send('!schedule 1 300')
    send('!schedule 2 100')
    send('!schedule 3 300')
    send('!schedule 4 200')
    send('!schedule 1 300')
    send('!cancel 4')
    expect(cluster.timers.map(({ correlationId, deadline }) => [correlationId, deadline])).toEqual([
      [2n, 100n],
      [3n, 300n],
      [1n, 300n],
    ])
    cluster.advanceTime(99)
    expect(fired(cluster)).toEqual([])
    cluster.advanceTime(1_000)
    expect(fired(cluster).map((entry) => entry.split(' position')[0])).toEqual([
      'timer 2 at 100',
      'timer 3 at 300',
      'timer 1 at 300',
    ])
    expect([cluster.time, cluster.timers]).toEqual([1_099n, []])
  })

  test('that are due already fire at once, and are kept over restarts, with and without snapshot', () => {
    const { cluster, send } = commands()
    using _ = cluster
    send('!schedule 1 0')
    expect(fired(cluster).length).toBe(1)
    send('!schedule 2 500')
    cluster.takeSnapshot()
    send('!schedule 3 600')
    cluster.restart()
    expect(cluster.timers.map(({ correlationId }) => correlationId)).toEqual([2n, 3n])
    cluster.restart({ fromSnapshot: false })
    expect(cluster.timers.map(({ correlationId }) => correlationId)).toEqual([2n, 3n])
    cluster.advanceTime(1_000)
    expect(fired(cluster).length).toBe(3)
  })

  test('that are scheduled again and again without end are a mistake that is told', () => {
    const { cluster, send } = commands()
    using _ = cluster
    const { service } = cluster
    service.onTimerEvent = (correlationId, timestamp) => {
      while (!service.cluster.scheduleTimer(correlationId, timestamp)) service.cluster.idleStrategy.idle()
    }
    expect(codeOf(() => send('!schedule 1 0'))).toBe('TEST_STALLED')
  }, 60_000)

  test('the time does not go back, and is counted in whole milliseconds', () => {
    using cluster = new TestCluster({ createService: () => new TallyService(), startTime: 5n })
    expect(() => cluster.advanceTimeTo(4n)).toThrow(RangeError)
    expect(() => cluster.advanceTime(-1)).toThrow(RangeError)
    expect(() => cluster.advanceTime(0.5)).toThrow(RangeError)
  })
})

describe('what the service asks of the cluster', () => {
  test('its own messages come back out of the log, and are not sent twice by a replay', () => {
    using cluster = new TestCluster({ createService: () => new CommandService() })
    const session = cluster.openSession()
    session.send(Buffer.from('!offer 1'))
    session.send(Buffer.from('!claim 2'))
    const texts = (): string[] =>
      cluster.service.entries
        .filter((entry) => entry.includes('a service'))
        .map((entry) => entry.split(' at ')[0]!)
    expect(texts()).toEqual(['text !offered 1 of a service', 'text !claimed 2 of a service'])
    cluster.restart()
    session.send(Buffer.from('!offer 3'))
    expect(texts()).toEqual([
      'text !offered 1 of a service',
      'text !claimed 2 of a service',
      'text !offered 3 of a service',
    ])
  })

  test('a session that it closes is closed by the log', () => {
    using cluster = new TestCluster({ createService: () => new CommandService() })
    const session = cluster.openSession()
    session.send(Buffer.from('!close'))
    expect(cluster.service.entries.slice(-2)).toEqual([
      'closing true',
      'close 1 at 0 reason 1 position 416 time 0',
    ])
    expect(session.closeReason).toBe(CloseReason.SERVICE_ACTION)
  })

  test('back pressure of the consensus module is what a test orders', () => {
    using cluster = new TestCluster({ createService: () => new CommandService() })
    const session = cluster.openSession()
    const { service } = cluster
    const results: boolean[] = []
    service.onSessionMessage = () => {
      for (let i = 0; i < 3; i++) results.push(service.cluster.scheduleTimer(1n, 50n))
    }
    cluster.backPressure(2)
    session.send(Buffer.from('x'))
    expect(results).toEqual([false, false, true])
  })

  test('a callback that idles for ever is a mistake that is told', () => {
    using cluster = new TestCluster({ createService: () => new TallyService() })
    const session = cluster.openSession()
    session.backPressure(Infinity)
    expect(codeOf(() => session.send(Buffer.from('x')))).toBe('TEST_STALLED')
  }, 60_000)

  test('calls that are not allowed are refused as in the container', () => {
    using cluster = new TestCluster({ createService: () => new CommandService() })
    expect(cluster.service.refusals.length).toBe(1)
    expect(cluster.service.refusals[0]).toContain('onRoleChange is not driven by the log')
    expect(() => cluster.service.cluster.aeron.nextCorrelationId()).toThrow('there is no media driver')
  })
})

describe('sessions', () => {
  test('back pressure of a client, and a client that cannot be reached', () => {
    using cluster = new TestCluster({ createService: () => new AuctionService(), collectErrors: true })
    const results: number[] = []
    const { service } = cluster
    service.onSessionMessage = (session) => {
      for (let i = 0; i < 3; i++) results.push(session!.offer(Buffer.from([i])))
    }
    const [near, far] = [cluster.openSession(), cluster.openSession({ isReachable: false })]
    near.backPressure(1)
    near.send(Buffer.from('x'))
    far.send(Buffer.from('x'))
    expect(results[0]).toBe(BACK_PRESSURED)
    expect(results.slice(1, 3).every((result) => result > 0)).toBe(true)
    expect(results.slice(3)).toEqual([NOT_CONNECTED, NOT_CONNECTED, NOT_CONNECTED])
    expect(near.payloads.map((payload) => payload[0])).toEqual([1, 2])
    expect(near.takeResponses().length).toBe(2)
    expect(near.responses).toEqual([])
    expect(cluster.errors.map((error) => isClusterError(error, 'EGRESS_CONNECT_FAILED'))).toEqual([true])
    expect(() => near.backPressure(-1)).toThrow(RangeError)
    expect(() => near.backPressure(1, 4_096)).toThrow(RangeError)
  })

  test('time out when a test asks for it, and after the timeout that it has set', () => {
    using cluster = new TestCluster({ createService: () => new AuctionService(), sessionTimeoutMs: 1_000 })
    const [one, two, three] = [cluster.openSession(), cluster.openSession(), cluster.openSession()]
    three.timeOut()
    cluster.advanceTime(600)
    one.keepAlive()
    cluster.advanceTime(600)
    expect([one, two, three].map(({ closeReason }) => closeReason)).toEqual([
      undefined,
      CloseReason.TIMEOUT,
      CloseReason.TIMEOUT,
    ])
    expect(cluster.service.entries.slice(-2).map((entry) => entry.split(' position')[0])).toEqual([
      'close 3 at 0 reason 2',
      'close 2 at 1000 reason 2',
    ])
  })

  test('a claim is sent with its commit', () => {
    using cluster = new TestCluster({ createService: () => new AuctionService() })
    const claim = new BufferClaim()
    cluster.service.onSessionMessage = (session) => {
      expect(session!.tryClaim(4, claim)).toBeGreaterThan(0)
      claim.buffer.putInt32(claim.offset + SESSION_HEADER_LENGTH, 42)
      claim.commit()
    }
    const session = cluster.openSession()
    session.send(Buffer.from('x'))
    expect(session.payloads.map((payload) => Buffer.from(payload).readInt32LE())).toEqual([42])
  })
})
