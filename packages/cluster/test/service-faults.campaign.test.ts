import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchCluster, launchJava, launchMediaDriver, poll, reservePorts } from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer } from '@x/cluster'
import { expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'
import { LedgerService } from './support/ledger/ledger-service.ts'

const PROGRAM = fileURLToPath(new URL('support/liveness/liveness-member.ts', import.meta.url))
const WORKER_PROGRAM = fileURLToPath(new URL('support/liveness/liveness-worker.ts', import.meta.url))

test('a node that is killed while its service writes a snapshot has none of it, and replays the whole log', async () => {
  await using node = await LedgerNode.launch('killed-snapshot-test')
  await node.join()
  const client = await node.client()
  for (let i = 0; i < 50; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: i })
  const before = await node.report()
  node.service.beforeSnapshot = () => {
    node.member.signal('SIGKILL')
    // Ends with the loss of the driver.
    for (;;) node.service.cluster.idleStrategy.idle()
  }
  // The tool may lose its driver too.
  await node.nodes.clusterTool(node.member, 'snapshot').catch(() => undefined)
  expect(await node.container?.terminated).toMatchObject({ cause: 'AERON_CLOSED' })
  await node.member.exited
  await node.restart()
  expect((await node.nodes.clusterTool(node.member, 'recording-log')).output).not.toContain('type=SNAPSHOT')
  await node.join()
  expect(node.service.startedWith).toBeUndefined()
  expect(await node.report()).toMatchObject({ entries: before.entries, hash: before.hash })
  expect(await node.snapshot()).toBe(true)
})

test('a service that runs out of memory ends its process and its member, and starts again', async () => {
  await using nodes = await launchCluster({ name: 'out-of-memory-test', fastTimeouts: true })
  const member = nodes.member(0)
  const { aeronDirectory, clusterDirectory } = member
  let output = ''
  const args = ['--max-old-space-size=64', '--import', 'tsx', '--conditions=@x/source', PROGRAM]
  const start = async (): Promise<ReturnType<typeof spawn>> => {
    output = ''
    const child = spawn(process.execPath, [...args, aeronDirectory, clusterDirectory, '1000'])
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    }
    await poll(() => /^active$/m.test(output), {
      action: 'see the service active',
      timeoutMs: 60_000,
      describe: () => output,
    })
    await nodes.awaitElected()
    return child
  }
  const first = await start()
  const client = await AeronCluster.connect({
    aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener: { onMessage: () => undefined },
  })
  await poll(() => client.offer(Buffer.from('leak')) > 0, { action: 'offer', timeoutMs: 10_000 })
  const [, signal] = (await once(first, 'exit')) as [number | null, NodeJS.Signals | null]
  expect(signal).toBe('SIGABRT')
  expect(output).toContain('heap out of memory')
  client.close()
  await member.exited
  await member.restart()
  // The mark file of a process that died without a word counts as active for 10 s.
  await new Promise((resolve) => setTimeout(resolve, 10_500))
  const second = await start()
  expect(member.state()?.moduleState).toBe('ACTIVE')
  second.kill('SIGTERM')
  await once(second, 'exit')
})

test('a worker that runs out of memory leaves its process alive, and its place to the next one', async () => {
  await using nodes = await launchCluster({ name: 'worker-memory-test', fastTimeouts: true })
  const { aeronDirectory, clusterDirectory } = nodes.member(0)
  let output = ''
  const args = ['--max-old-space-size=64', '--import', 'tsx', '--conditions=@x/source', WORKER_PROGRAM]
  const child = spawn(process.execPath, [...args, aeronDirectory, clusterDirectory])
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  const until = (pattern: RegExp): Promise<unknown> =>
    poll(() => pattern.test(output), { action: `read ${pattern}`, timeoutMs: 60_000, describe: () => output })
  try {
    await until(/^active$/m)
    await nodes.awaitElected()
    const client = await AeronCluster.connect({
      aeronDirectory,
      ingressChannel: 'aeron:udp?term-length=64k',
      ingressEndpoints: nodes.ingressEndpoints,
      egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
      egressListener: { onMessage: () => undefined },
    })
    await poll(() => client.offer(Buffer.from('leak')) > 0, { action: 'offer', timeoutMs: 10_000 })
    await until(/^terminated THREAD_ENDED: .*memory/m)
    await until(/^may start$/m)
    client.close()
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
    await nodes.member(0).exited
  } finally {
    child.kill('SIGKILL')
    // Its service is gone: so is the member, with a failure.
    await nodes.close().catch(() => undefined)
  }
})

test('the loss of the archive alone ends the consensus module, which ends its service', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lost-archive-'))
  const reservation = await reservePorts(5)
  const [ingress, consensus, log, catchup, control] = reservation.ports.map((port) => `127.0.0.1:${port}`)
  await using driver = await launchMediaDriver({ name: 'lost-archive-test', fastTimeouts: true })
  const { aeronDirectory } = driver
  const idle = 'org.agrona.concurrent.SleepingMillisIdleStrategy'
  const localControl = 'aeron:ipc?term-length=64k'
  try {
    await using archive = await launchJava('io.aeron.archive.Archive', {
      aeronDirectory,
      properties: {
        'aeron.archive.dir': join(folder, 'archive'),
        'aeron.archive.threading.mode': 'SHARED',
        'aeron.archive.idle.strategy': idle,
        'aeron.archive.control.channel': `aeron:udp?endpoint=${control}`,
        'aeron.archive.local.control.channel': localControl,
        'aeron.archive.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
        'aeron.archive.segment.file.length': '4m',
        'aeron.archive.low.storage.space.threshold': '16m',
      },
    })
    const clusterDirectory = join(folder, 'cluster')
    await using module = await launchJava('io.aeron.cluster.ConsensusModule', {
      aeronDirectory,
      properties: {
        'aeron.cluster.dir': clusterDirectory,
        'aeron.cluster.members': `0,${[ingress, consensus, log, catchup, control].join(',')}`,
        'aeron.cluster.ingress.channel': 'aeron:udp?term-length=128k',
        'aeron.cluster.log.channel': 'aeron:udp?term-length=1m',
        'aeron.cluster.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
        'aeron.cluster.idle.strategy': idle,
        'aeron.archive.control.channel': localControl,
        'aeron.archive.control.response.channel': localControl,
      },
    })
    const container = await ClusteredServiceContainer.launch({
      clusteredService: new LedgerService(),
      aeronDirectory,
      clusterDirectory,
      consensusModuleTimeoutMs: 30_000,
    })
    const client = await AeronCluster.connect({
      aeronDirectory,
      ingressChannel: 'aeron:udp?term-length=64k',
      ingressEndpoints: `0=${ingress}`,
      egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
      egressListener: { onMessage: () => undefined },
    })
    client.close()
    await archive.kill()
    const termination = await container.terminated
    expect(termination, module.output).toMatchObject({
      cause: 'CONSENSUS_MODULE_REQUEST',
      expected: false,
    })
    expect(container.isClosed).toBe(true)
  } finally {
    reservation.release()
    rmSync(folder, { recursive: true, force: true })
  }
})
