import { readdirSync } from 'node:fs'
import { poll } from '@x/aeron-tooling'
import { AeronArchive, segmentFileBasePosition } from '@x/archive'
import { expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

async function addSome(node: LedgerNode, count: number): Promise<void> {
  const client = await node.client()
  for (let i = 0; i < count; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: i % 40 })
}

test('from an earlier snapshot, from a log that begins with one, after a shutdown whose snapshot failed', async () => {
  await using node = await LedgerNode.launch('snapshot-recovery-test')
  await node.join()
  await addSome(node, 10)
  expect(await node.snapshot()).toBe(true)
  await addSome(node, 10)
  expect(await node.snapshot()).toBe(true)
  await addSome(node, 10)
  const before = await node.report()
  expect(before.entries).toBe(30)

  // The latest is not to be used: the one before it, and a longer replay.
  await node.restart('SIGTERM')
  expect((await node.nodes.clusterTool(node.member, 'invalidate-latest-snapshot')).code).toBe(0)
  await node.restart('SIGKILL')
  await node.join()
  expect(node.service.startedWith).toBe(10)
  expect(await node.report()).toMatchObject({ entries: 30, hash: before.hash })

  // A suspended cluster takes no snapshot, and resumes.
  expect((await node.nodes.clusterTool(node.member, 'suspend')).code).toBe(0)
  await poll(() => node.member.state()?.moduleState === 'SUSPENDED', {
    action: 'see it suspended',
    timeoutMs: 10_000,
  })
  const snapshots = node.member.state()?.snapshotCount
  await node.nodes.clusterTool(node.member, 'snapshot')
  expect(node.member.state()).toMatchObject({ moduleState: 'SUSPENDED', snapshotCount: snapshots })
  expect((await node.nodes.clusterTool(node.member, 'resume')).code).toBe(0)
  await poll(() => node.member.state()?.moduleState === 'ACTIVE', {
    action: 'see it resume',
    timeoutMs: 10_000,
  })
  await addSome(node, 5)

  // A shutdown goes on though its snapshot fails.
  node.service.beforeSnapshot = () => {
    throw new Error('no snapshot today')
  }
  const last = await node.report()
  expect(last.entries).toBe(35)
  expect((await node.nodes.clusterTool(node.member, 'shutdown')).code).toBe(0)
  expect(await node.container?.terminated).toMatchObject({ cause: 'CONSENSUS_MODULE_REQUEST' })
  await node.member.exited
  await node.restart()
  await node.join()
  expect(await node.report()).toMatchObject({ entries: 35, hash: last.hash })

  // A recording log that was seeded from the latest snapshot: the log before it is not needed any more.
  expect(await node.snapshot()).toBe(true)
  await node.restart('SIGTERM')
  await node.member.kill('SIGKILL')
  expect((await node.nodes.clusterTool(node.member, 'seed-recording-log-from-snapshot')).code).toBe(0)
  await node.restart()
  await node.join()
  expect(node.service.startedWith).toBe(35)
  await addSome(node, 5)
  expect(await node.report()).toMatchObject({ entries: 40 })
})

test('from a snapshot, when the log before it has been purged', async () => {
  const segmentLength = 1024 * 1024
  await using node = await LedgerNode.launch('trimmed-log-test', {
    properties: { 'aeron.archive.segment.file.length': String(segmentLength) },
  })
  await node.join()
  const client = await node.client()
  for (let i = 0; i < 400; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: 7_000 })
  expect(await node.snapshot()).toBe(true)
  await addSome(node, 20)
  const before = await node.report()

  const { output } = await node.nodes.clusterTool(node.member, 'recording-log')
  const recordingId = BigInt(/recordingId=(\d+)[^}]*type=TERM/.exec(output)?.[1] ?? -1n)
  const segments = (): number[] =>
    readdirSync(node.member.archiveDirectory)
      .map((name) => Number(new RegExp(`^${recordingId}-(\\d+)\\.rec$`).exec(name)?.[1] ?? -1))
      .filter((position) => position >= 0)
  expect(segments()).toContain(0)
  const snapshotPosition = Number(/logPosition=(\d+)[^}]*type=SNAPSHOT/.exec(output)?.[1])
  const termLength = segmentLength
  const firstNeeded = segmentFileBasePosition(0, snapshotPosition, termLength, segmentLength)
  expect(firstNeeded).toBeGreaterThan(segmentLength)
  {
    using archive = await AeronArchive.connect({
      aeronDirectory: node.member.aeronDirectory,
      controlRequestChannel: 'aeron:ipc?term-length=64k',
      controlResponseChannel: 'aeron:ipc?term-length=64k',
    })
    expect(await archive.purgeSegments(recordingId, firstNeeded)).toBe(BigInt(firstNeeded / segmentLength))
  }
  await poll(() => Math.min(...segments()) === firstNeeded, {
    action: 'see the files gone',
    timeoutMs: 10_000,
    describe: () => segments().join(),
  })

  await node.restart('SIGKILL')
  await node.join()
  expect(node.service.startedWith).toBe(400)
  expect(node.service.appliedCount).toBe(20)
  expect(await node.report()).toMatchObject({ entries: before.entries, hash: before.hash })
  await addSome(node, 5)
  expect(await node.snapshot()).toBe(true)
})
