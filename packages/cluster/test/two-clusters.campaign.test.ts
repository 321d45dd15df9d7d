import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchCluster, launchJava, poll, readCounters, reservePorts } from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer } from '@x/cluster'
import { expect, test } from 'vitest'
import { ListService } from './support/list-service.ts'

const CLUSTER_ID = 1
/** Streams of the second cluster: the driver is shared. */
const STREAMS = { service: 204, consensusModule: 205, replay: 203, snapshot: 206, log: 200 }
const IDLE = 'org.agrona.concurrent.SleepingMillisIdleStrategy'
/** Protocol: Aeron's AeronCounters. */
const COMMIT_POSITION_TYPE_ID = 203

async function say(
  aeronDirectory: string,
  ingressEndpoints: string,
  service: ListService,
  text: string,
): Promise<void> {
  using client = await AeronCluster.connect({
    aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 20_000,
  })
  await poll(() => client.offer(Buffer.from(text)) > 0, { action: `offer ${text}`, timeoutMs: 10_000 })
  await poll(() => service.entries.some((entry) => entry.startsWith(`${text} of session`)), {
    action: `see ${text}`,
    timeoutMs: 10_000,
  })
}

test('services of two clusters share a driver and an archive, and take and load their own snapshots', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'second-cluster-'))
  const reservation = await reservePorts(4)
  const [ingress = 0, consensus = 0, log = 0, catchup = 0] = reservation.ports
  await using nodes = await launchCluster({ name: 'two-clusters-test', fastTimeouts: true })
  const member = nodes.member(0)
  const { aeronDirectory } = member
  const endpoints = [ingress, consensus, log, catchup].map((port) => `127.0.0.1:${port}`)
  const launchModule = async (): ReturnType<typeof launchJava> =>
    launchJava('io.aeron.cluster.ConsensusModule', {
      aeronDirectory,
      properties: {
        'aeron.cluster.id': String(CLUSTER_ID),
        'aeron.cluster.dir': folder,
        'aeron.cluster.member.id': '0',
        'aeron.cluster.members': `0,${endpoints.join(',')},${member.endpoints.archive}`,
        'aeron.cluster.ingress.channel': 'aeron:udp?term-length=128k',
        'aeron.cluster.log.channel': 'aeron:udp?term-length=1m',
        'aeron.cluster.log.stream.id': String(STREAMS.log),
        'aeron.cluster.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
        'aeron.cluster.idle.strategy': IDLE,
        'aeron.cluster.service.stream.id': String(STREAMS.service),
        'aeron.cluster.consensus.module.stream.id': String(STREAMS.consensusModule),
        'aeron.cluster.replay.stream.id': String(STREAMS.replay),
        'aeron.cluster.snapshot.stream.id': String(STREAMS.snapshot),
        'aeron.archive.control.channel': 'aeron:ipc?term-length=64k',
        'aeron.archive.control.response.channel': 'aeron:ipc?term-length=64k',
      },
    })
  const options = {
    aeronDirectory,
    clusterDirectory: folder,
    clusterId: CLUSTER_ID,
    serviceStreamId: STREAMS.service,
    consensusModuleStreamId: STREAMS.consensusModule,
    replayStreamId: STREAMS.replay,
    snapshotStreamId: STREAMS.snapshot,
  }
  try {
    const [first, second] = [new ListService(), new ListService()]
    await using _first = await ClusteredServiceContainer.launch({
      clusteredService: first,
      aeronDirectory,
      clusterDirectory: member.clusterDirectory,
    })
    {
      await using module = await launchModule()
      await using _second = await ClusteredServiceContainer.launch({ ...options, clusteredService: second })
      await say(aeronDirectory, nodes.ingressEndpoints, first, 'to the first')
      await say(aeronDirectory, `0=${endpoints[0]}`, second, 'to the second')
      expect(first.entries).toHaveLength(1)
      expect(second.entries).toHaveLength(1)
      await member.clusterTool('snapshot')
      expect((await runTool(folder, aeronDirectory, 'snapshot')).exit?.code, module.output).toBe(0)
      await say(aeronDirectory, `0=${endpoints[0]}`, second, 'behind the snapshot')
    }
    // Without a word to the archive and the driver, which the first cluster goes on with.
    await poll(
      () =>
        readCounters(aeronDirectory).filter(({ typeId }) => typeId === COMMIT_POSITION_TYPE_ID).length === 1,
      { action: 'see the second module go', timeoutMs: 20_000 },
    )
    await say(aeronDirectory, nodes.ingressEndpoints, first, 'alone')
    const again = new ListService()
    await using _module = await launchModule()
    await using _again = await ClusteredServiceContainer.launch({ ...options, clusteredService: again })
    await poll(() => again.entries.length === 2, { action: 'see the second start again', timeoutMs: 20_000 })
    expect(again.startedWith).toBe(1)
    expect(again.entries).toEqual(second.entries)
    expect(first.entries).toHaveLength(2)
  } finally {
    reservation.release()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function runTool(
  clusterDirectory: string,
  aeronDirectory: string,
  command: string,
): ReturnType<typeof launchJava> {
  const tool = await launchJava('io.aeron.cluster.ClusterTool', {
    aeronDirectory,
    args: [clusterDirectory, command],
  })
  await tool.waitForExit()
  await tool.close()
  return tool
}
