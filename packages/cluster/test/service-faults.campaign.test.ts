import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { launchCluster, poll } from '@x/aeron-tooling'
import { AeronCluster } from '@x/cluster'
import { expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

const PROGRAM = fileURLToPath(new URL('support/liveness/liveness-member.ts', import.meta.url))

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
