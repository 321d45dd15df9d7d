import type { AtomicBuffer } from '@x/atomic'
import { describe, expect, test } from 'vitest'
import {
  encodeLedgerMessage,
  FLAG_SERVICE_MESSAGE,
  FLAG_TIMER,
  LedgerKind,
} from '../../test/support/ledger/ledger-message.ts'
import { LedgerService } from '../../test/support/ledger/ledger-service.ts'
import { TallyService } from '../../test/support/tally-service.ts'
import { ClusterError, isClusterError } from '../cluster-error.ts'
import { MOCKED_OFFER } from '../service/client-session.ts'
import { Role } from '../service/cluster.ts'
import { checkDeterminism } from './check-determinism.ts'
import type { TestCluster } from './test-cluster.ts'

type OnMessage = Parameters<TallyService['onSessionMessage']>

function divergence(run: () => unknown): ClusterError<'STATE_DIVERGED'> {
  try {
    run()
  } catch (error) {
    if (isClusterError(error, 'STATE_DIVERGED')) return error
    throw error
  }
  throw new Error('expected a divergence')
}

function ledgerScript(cluster: TestCluster<LedgerService>): void {
  const sessions = [cluster.openSession(), cluster.openSession({ principal: 'someone' })]
  for (let sequence = 1n; sequence <= 40n; sequence++) {
    const flags = (sequence % 5n === 0n ? FLAG_TIMER : 0) | (sequence % 7n === 0n ? FLAG_SERVICE_MESSAGE : 0)
    const message = encodeLedgerMessage({ kind: LedgerKind.ADD, sequence, flags, argument: 30n })
    sessions[Number(sequence % 2n)]!.send(message)
    cluster.advanceTime(10)
  }
  sessions[0]!.close()
  cluster.advanceTime(1_000)
}

function send(count: number): (cluster: TestCluster<TallyService>) => void {
  return (cluster) => {
    const session = cluster.openSession()
    for (let i = 1; i <= count; i++) session.send(Buffer.from([i]))
  }
}

const total = ({ total }: TallyService): number => total

describe('a deterministic service', () => {
  test('passes, with a digest of its state after each entry', () => {
    const report = checkDeterminism({
      createService: () => new LedgerService(),
      script: ledgerScript,
      digest: ({ state }) => [state.hash, state.entryCount, state.timerCount, state.pendingTimers],
    })
    expect(report.snapshotCount).toBeGreaterThan(4)
    expect(report.runs.slice(0, 3)).toEqual([
      'a second run, as leader',
      'a run as follower',
      'a run from the snapshot at position 1216',
    ])
    expect(report.runs.length).toBe(2 + report.snapshotCount)
  })

  test('passes, with the bytes of its snapshots, one after each entry', () => {
    const report = checkDeterminism({
      createService: () => new TallyService(),
      script: send(6),
      snapshotInterval: 1,
      maxSnapshotRuns: 3,
    })
    expect(report).toMatchObject({ entryCount: 17, snapshotCount: 9 })
    expect(report.runs.length).toBe(5)
  })

  test('passes where the script restarts the member, changes its role and lets a client not read', () => {
    const { runs } = checkDeterminism({
      createService: () => new TallyService(),
      script: (cluster) => {
        const session = cluster.openSession()
        session.send(Buffer.from([1]))
        cluster.changeRole(Role.FOLLOWER)
        session.send(Buffer.from([2]))
        cluster.restart({ role: Role.LEADER })
        session.backPressure(3)
        session.send(Buffer.from([3]))
      },
      digest: total,
    })
    expect(runs.length).toBe(3)
  })
})

describe('a service that is not deterministic is caught, with the entry after which it shows', () => {
  test('by a second run: state that is not of the service', () => {
    let shared = 0
    class Shared extends TallyService {
      override onSessionMessage(...values: OnMessage): void {
        super.onSessionMessage(...values)
        if (this.total === 6) this.total += ++shared
      }
    }
    const error = divergence(() =>
      checkDeterminism({ createService: () => new Shared(), script: send(5), digest: total }),
    )
    // Term, opening, then the third message.
    expect(error.context).toEqual({ run: 'a second run, as leader', entryIndex: 4, position: 512 })
    expect(error.message).toContain('message of session 1 (1 bytes) that ends at position 512')
    expect(error.message).toContain('its state is\n8\nand that of the first run is\n7')
  })

  test('by a run in another role: state that depends on what an offer gave', () => {
    class RoleDependent extends TallyService {
      override onSessionMessage(...values: OnMessage): void {
        super.onSessionMessage(...values)
        if (values[0]!.offer(Buffer.from('x')) === MOCKED_OFFER) this.total++
      }
    }
    const error = divergence(() =>
      checkDeterminism({ createService: () => new RoleDependent(), script: send(2), digest: total }),
    )
    expect(error.context).toMatchObject({ run: 'a run as follower', entryIndex: 2 })
  })

  test('by a run from a snapshot: state that is not in it', () => {
    class Forgetful extends TallyService {
      count = 0
      override onSessionMessage(...values: OnMessage): void {
        super.onSessionMessage(...values)
        this.count++
      }
    }
    const error = divergence(() =>
      checkDeterminism({
        createService: () => new Forgetful(),
        script: send(3),
        digest: ({ total, count }) => ({ total, count }),
      }),
    )
    expect(error.context).toMatchObject({ run: 'a run from the snapshot at position 608', entryIndex: 5 })
    expect(error.message).toContain('{ total: 6, count: 0 }')
  })

  test('by what it asks for, though its digest does not tell: timers, and responses', () => {
    let runs = 0
    class Timed extends TallyService {
      readonly run = ++runs
      override onSessionMessage(...values: OnMessage): void {
        super.onSessionMessage(...values)
        this.cluster.scheduleTimer(1n, values[1] + BigInt(this.run))
      }
    }
    const timed = divergence(() =>
      checkDeterminism({ createService: () => new Timed(), script: send(2), digest: total }),
    )
    expect(timed.message).toContain('it asks for timer 1 for 2, and the first run for timer 1 for 1')

    class Chatty extends TallyService {
      readonly run = ++runs
      override onSessionMessage(...values: OnMessage): void {
        super.onSessionMessage(...values)
        values[0]!.offer(Buffer.from([this.run]))
      }
    }
    runs = 0
    const chatty = divergence(() =>
      checkDeterminism({ createService: () => new Chatty(), script: send(2), digest: total }),
    )
    expect(chatty.message).toContain('it asks for response to session 1 02 (1 bytes), and the first run for')
  })

  test('by the guard: a clock that happens to say the same', () => {
    class Clocked extends TallyService {
      override onSessionMessage(...values: OnMessage): void {
        super.onSessionMessage(...values)
        this.total += Date.now() > 0 ? 1 : 0
      }
    }
    expect(() => checkDeterminism({ createService: () => new Clocked(), script: send(1) })).toThrow(
      'used Date.now',
    )
    checkDeterminism({
      createService: () => new Clocked(),
      script: send(1),
      determinismGuard: { ignore: ['clock'] },
    })
  })

  test('by what it throws', () => {
    class Throwing extends TallyService {
      override onSessionMessage(...[session, timestamp, buffer, offset, length]: OnMessage): void {
        if ((buffer as AtomicBuffer).getUint8(offset) === 2) throw new Error('two')
        super.onSessionMessage(session, timestamp, buffer, offset, length)
      }
    }
    expect(() => checkDeterminism({ createService: () => new Throwing(), script: send(3) })).toThrow('two')
  })
})

test('a digest that tells nothing is refused, and so is an interval that is none', () => {
  for (const nothing of [undefined, () => 1, new TallyService()]) {
    expect(() =>
      checkDeterminism({ createService: () => new TallyService(), script: send(1), digest: () => nothing }),
    ).toThrow('Cannot compare states: digest must give a value')
  }
  expect(() =>
    checkDeterminism({ createService: () => new TallyService(), script: send(1), snapshotInterval: 0 }),
  ).toThrow(RangeError)
})
