import { poll } from '@x/aeron-tooling'
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
