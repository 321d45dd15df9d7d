import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchJava, poll, readCounters, reservePorts } from '@x/aeron-tooling'
import { expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

/** Position up to which a backup has the log. Protocol: Aeron's AeronCounters. */
const BACKUP_LIVE_LOG_POSITION_TYPE_ID = 209
const IDLE = 'org.agrona.concurrent.SleepingMillisIdleStrategy'

async function addSome(node: LedgerNode, count: number): Promise<void> {
  const client = await node.client()
  for (let i = 0; i < count; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: i % 40 })
}

test("Aeron's backup of a cluster holds the snapshot of a TypeScript service and the log behind it, and a member starts from them", async () => {
  await using node = await LedgerNode.launch('backup-test')
  const folder = mkdtempSync(join(tmpdir(), 'cluster-backup-'))
  const [archiveDirectory, clusterDirectory] = ['archive', 'cluster'].map((name) => join(folder, name))
  const reservation = await reservePorts(3)
  const [control = 0, consensus = 0, catchup = 0] = reservation.ports
  const aeronDirectory = `${node.member.aeronDirectory}-backup`
  try {
    await node.join()
    await addSome(node, 40)
    expect(await node.snapshot()).toBe(true)
    await addSome(node, 20)
    const before = await node.report()
    {
      await using backup = await launchJava('io.aeron.cluster.ClusterBackupMediaDriver', {
        aeronDirectory,
        temporaryPaths: [aeronDirectory],
        properties: {
          'aeron.threading.mode': 'SHARED',
          'aeron.shared.idle.strategy': IDLE,
          'aeron.counters.buffer.length': '1m',
          'aeron.archive.dir': archiveDirectory ?? '',
          'aeron.archive.threading.mode': 'SHARED',
          'aeron.archive.idle.strategy': IDLE,
          'aeron.archive.control.channel': `aeron:udp?endpoint=127.0.0.1:${control}`,
          'aeron.archive.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
          'aeron.archive.segment.file.length': '4m',
          'aeron.archive.low.storage.space.threshold': '16m',
          'aeron.cluster.dir': clusterDirectory ?? '',
          'aeron.cluster.idle.strategy': IDLE,
          'aeron.cluster.consensus.channel': `aeron:udp?endpoint=127.0.0.1:${consensus}`,
          'aeron.cluster.consensus.endpoints': node.member.endpoints.consensus,
          'aeron.cluster.backup.catchup.endpoint': `127.0.0.1:${catchup}`,
        },
      })
      const liveLogPosition = (): number =>
        Number(
          readCounters(aeronDirectory).find(({ typeId }) => typeId === BACKUP_LIVE_LOG_POSITION_TYPE_ID)
            ?.value ?? -1n,
        )
      await poll(() => liveLogPosition() >= before.position, {
        action: 'see the backup catch up',
        timeoutMs: 60_000,
        describe: () => `${liveLogPosition()} of ${before.position}\n${backup.logTail(20)}`,
      })
    }
    await node.member.kill('SIGKILL')
    for (const [to, from] of [
      [node.member.archiveDirectory, archiveDirectory],
      [node.member.clusterDirectory, clusterDirectory],
    ] as const) {
      rmSync(to, { recursive: true })
      cpSync(from ?? '', to, { recursive: true })
    }
    await node.restart()
    await node.join()
    expect(node.service.startedWith).toBe(40)
    expect(await node.report()).toMatchObject({ entries: before.entries, hash: before.hash })
    await addSome(node, 5)
    expect((await node.report()).entries).toBe(before.entries + 5)
  } finally {
    reservation.release()
    rmSync(folder, { recursive: true, force: true })
  }
})
