import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ClientSession } from '@x/cluster'
import {
  guardDeterminism,
  replayRecordedLog,
  TestCluster,
  type LogEntry,
  type Nondeterminism,
  type RecordedLogReplay,
} from '@x/cluster/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FLAG_SERVICE_MESSAGE, FLAG_TIMER, LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'
import { LedgerService } from './support/ledger/ledger-service.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testing-kit-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Replay {
  readonly from?: 'beginning' | 'latest-snapshot'
  readonly onApplied?: (entry: LogEntry) => void
}

/** The log of a member, replayed from its files. A report of the ledger is a file: of a folder of its own, and let through. */
function replay({ member }: LedgerNode, options: Replay = {}): RecordedLogReplay<LedgerService> {
  return replayRecordedLog({
    clusterDirectory: member.clusterDirectory,
    archiveDirectory: member.archiveDirectory,
    createService: () => new LedgerService(),
    determinismGuard: { ignore: ['io'] },
    container: { clusterDirectory: folder },
    ...options,
  })
}

function entriesOf({ state }: LedgerService): string {
  return Buffer.from(state.entries.bytes.subarray(0, state.entriesLength)).toString('hex')
}

test('a log of a real member, replayed from its files, leads to the state of the live service', async () => {
  await using node = await LedgerNode.launch('recorded-log')
  await node.join()
  const client = await node.client()
  client.startLoad(400)
  await client.pollUntil('load', () => client.replies.size > 200)
  expect(await node.snapshot()).toBe(true)
  const atSnapshot = client.replies.size
  await client.pollUntil('load after the snapshot', () => client.replies.size > atSnapshot + 100)
  await client.send({ kind: LedgerKind.ADD, fillerLength: 6_000 })
  await client.stopLoad()
  await node.quietReport()
  const { hash, entryCount } = node.service.state
  expect(replay(node).service.state).toMatchObject({ hash, entryCount })

  // The member is still there: reading its files disturbs nothing. Then a second term, which the files of a member that was killed hold.
  await node.restart('SIGKILL')
  await node.join()
  const again = await node.client()
  for (let i = 0; i < 20; i++) await again.send({ kind: LedgerKind.ADD, fillerLength: 300 })
  const report = await node.report()
  const whole = replay(node)
  expect(whole.service.state).toMatchObject({ hash: report.hash, entryCount: report.entries })
  const rest = replay(node, { from: 'latest-snapshot' })
  expect(rest.service.state).toMatchObject({ hash: report.hash, entryCount: report.entries })
  expect(rest.service.startedWith).toBeGreaterThan(100)
  expect(rest.logPosition).toBe(whole.logPosition)
  expect(rest.entryCount).toBeLessThan(whole.entryCount)
  expect(node.errors).toEqual([])
})

test('a test cluster leads to the state of a real one for the same script', async () => {
  await using node = await LedgerNode.launch('kit-and-real')
  await node.join()
  const client = await node.client()
  for (let i = 0; i < 100; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: i * 31 })
  const withoutTimers = await node.report()
  // One at a time, so that no message can come between a timer, which is late by what the machine takes, and its deadline.
  const { state } = node.service
  for (let count = 1; count <= 5; count++) {
    await client.send({ kind: LedgerKind.ADD, flags: FLAG_TIMER, argument: 20n })
    await client.pollUntil('the timer', () => state.timerCount === count)
    const before = state.entryCount
    await client.send({ kind: LedgerKind.ADD, flags: FLAG_SERVICE_MESSAGE })
    await client.pollUntil("the service's own message", () => state.entryCount === before + 2)
  }
  await node.report()
  const real: LogEntry[] = []
  replay(node, { onApplied: (entry) => real.push(entry) })

  using cluster = new TestCluster({
    createService: () => new LedgerService(),
    startTime: real[0]!.timestamp!,
    determinismGuard: { ignore: ['io'] },
    container: { clusterDirectory: folder },
  })
  const hashes: string[] = []
  const session = cluster.openSession()
  expect(real[1]).toMatchObject({ kind: 'session-open', id: session.id })
  for (const { kind, timestamp, payload } of real) {
    if (kind !== 'session-message') continue
    cluster.advanceTimeTo(timestamp!)
    session.send(payload)
    hashes.push(cluster.service.state.hash)
  }
  expect(hashes[100]).toBe(withoutTimers.hash)
  expect(cluster.service.state.timerCount).toBe(5)
  expect(entriesOf(cluster.service)).toBe(entriesOf(node.service))
  const messagesOf = (log: readonly LogEntry[], kind: string): string[] =>
    log
      .filter((entry) => entry.kind === kind)
      .map(({ id, payload }) => `${id} ${Buffer.from(payload).toString('hex')}`)
  for (const kind of ['service-message', 'timer']) {
    expect(messagesOf(cluster.log, kind)).toEqual(messagesOf(real, kind))
  }
})

test('the guard watches a service in a real container: it finds what the service does, and nothing of the container', async () => {
  await using node = await LedgerNode.launch('guarded')
  const found: Nondeterminism[] = []
  class Service extends LedgerService {
    override onSessionMessage(...values: Parameters<LedgerService['onSessionMessage']>): void {
      // Long enough for the container to do in it all that it does while a callback waits.
      for (let i = 0; i < 20; i++) this.cluster.idleStrategy.idle()
      super.onSessionMessage(...values)
      if (this.state.entryCount === 10) this.#decide(values[0])
    }

    #decide(session: ClientSession | undefined): void {
      if (session !== undefined) this.state.ballastLength = Math.floor(Math.random() * 2)
    }
  }
  const service = new Service()
  const guarded = guardDeterminism(service, { onFound: (one) => found.push(one), ignore: ['io'] })
  await node.join({ clusteredService: guarded }, service)
  const client = await node.client()
  for (let i = 0; i < 20; i++) await client.send({ kind: LedgerKind.ADD, flags: FLAG_SERVICE_MESSAGE })
  await client.pollUntil('all entries', () => service.state.entryCount === 40)
  expect(await node.snapshot()).toBe(true)
  await node.report()
  expect(found.map(({ api, callback }) => [api, callback])).toEqual([['Math.random', 'onSessionMessage']])
  expect(found[0]!.logPosition).toBeGreaterThan(0)
  expect(found[0]!.stack).toContain('#decide')
  expect(node.errors).toEqual([])
  guarded.setGuarding(false)
})

test('what a guarded service prints is not reported, whatever the stream does for it', () => {
  const program = fileURLToPath(new URL('support/printing-program.ts', import.meta.url))
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--conditions=@x/source', program],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('told\n')
  expect(stdout.split('\n').slice(-2)).toEqual(['found Math.random', ''])
})
