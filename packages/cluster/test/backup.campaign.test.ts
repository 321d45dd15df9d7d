import { cpSync, rmSync } from 'node:fs'
import { poll } from '@x/aeron-tooling'
import { expect, test } from 'vitest'
import { ClusterBackup } from './support/cluster-backup.ts'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

test("a service starts alone from Aeron's backup of three members that are lost, with the state that they had", async () => {
  await using cluster = await LedgerCluster.launch('backed-up')
  const { nodes } = cluster
  await using backup = await ClusterBackup.launch(nodes)
  const leader = await cluster.leader()
  await cluster.underLoad(async () => {
    await nodes.clusterTool(leader, 'snapshot')
    await poll(() => nodes.members.every((member) => member.state()?.snapshotCount === 1), {
      action: 'see a snapshot on every member',
      timeoutMs: 20_000,
    })
  })
  const first = await cluster.report()
  await backup.awaitPosition(first.position)

  // It follows the cluster to another leader, whichever member it has the log from.
  await cluster.underLoad(() => cluster.kill(leader))
  await cluster.check()
  await cluster.restart(leader)
  await cluster.underLoad(async () => undefined)
  const last = await cluster.report()
  await backup.awaitPosition(last.position)
  await poll(() => backup.snapshotCount > 0, { action: 'see the snapshot', timeoutMs: 30_000 })
  await backup.stop()
  await cluster.kill(...nodes.members)

  await using node = await LedgerNode.launch('restored')
  await node.member.kill('SIGKILL')
  for (const [to, from] of [
    [node.member.archiveDirectory, backup.archiveDirectory],
    [node.member.clusterDirectory, backup.clusterDirectory],
  ] as const) {
    rmSync(to, { recursive: true })
    cpSync(from, to, { recursive: true })
  }
  await node.restart()
  await node.join()
  expect(node.service.startedWith).toBeGreaterThan(0)
  expect(node.service.startedWith).toBeLessThan(last.entries)
  expect(await node.report()).toMatchObject({ entries: last.entries, timers: last.timers, hash: last.hash })
  const client = await node.client()
  const sequence = await client.send({ kind: LedgerKind.ADD, sequence: 1_000_000n })
  await client.pollUntil('the answer', () => client.replies.get(sequence) === 1)
  expect((await node.report()).entries).toBe(last.entries + 1)
})
