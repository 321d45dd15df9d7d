import { launchJava, launchMediaDriver, poll, type JavaProgram } from '@x/aeron-tooling'
import { AeronCluster, type NewLeader } from '@x/cluster'
import { afterEach, expect, test } from 'vitest'
import { pollUntil } from './client-test-kit.ts'

// The sample knows its nodes by fixed ports: a loopback address of our own keeps others away from them.
const HOST =
  process.platform === 'linux'
    ? `127.${1 + (process.pid % 250)}.${1 + ((process.pid >> 8) % 250)}.2`
    : '127.0.0.1'
const NODE_IDS = [0, 1, 2]
/** Between the nodes. Source: `io.aeron.samples.cluster.ClusterConfig`. */
const PORTS_PER_NODE = 100
const INGRESS_PORT = 9_002
const LENGTHS = [0, 1, 31, 32, 33, 1_000, 1_344, 1_345, 5_000, 8_000]

const programs: JavaProgram[] = []

afterEach(async () => {
  for (const program of programs.splice(0)) await program.close()
})

async function launchNode(nodeId: number, aeronDirectory: string): Promise<JavaProgram> {
  const program = await launchJava('io.aeron.samples.cluster.EchoServiceNode', {
    name: `echo-node-${nodeId}`,
    properties: {
      'aeron.dir': aeronDirectory,
      'aeron.cluster.tutorial.nodeId': String(nodeId),
      'aeron.cluster.tutorial.hostnames': NODE_IDS.map(() => HOST).join(','),
      'aeron.cluster.ingress.channel': 'aeron:udp',
    },
    temporaryPaths: [`${aeronDirectory}-${nodeId}-driver`],
  })
  programs.push(program)
  return program
}

test('the TypeScript client gets every answer of three EchoServiceNodes, and follows them to a new leader', async () => {
  await using driver = await launchMediaDriver({ name: 'echo-nodes-client', fastTimeouts: true })
  const nodes = await Promise.all(NODE_IDS.map((id) => launchNode(id, `${driver.aeronDirectory}-echo`)))
  await poll(() => nodes.every(({ output }) => output.includes('Started Cluster Node')), {
    action: 'see all nodes start',
    timeoutMs: 60_000,
    describe: () => nodes.map((node) => node.logTail(20)).join('\n'),
  })
  const endpoints = NODE_IDS.map((id) => `${id}=${HOST}:${INGRESS_PORT + id * PORTS_PER_NODE}`)
  const answers: Uint8Array[] = []
  const newLeaders: NewLeader[] = []
  using cluster = await AeronCluster.connect({
    aeronDirectory: driver.aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: endpoints.join(','),
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0|term-length=64k',
    keepAliveIntervalMs: 500,
    messageTimeoutMs: 60_000,
    egressListener: {
      onMessage: (_id, _timestamp, buffer, offset, length) =>
        void answers.push(buffer.bytes.slice(offset, offset + length)),
      onNewLeader: (event) => newLeaders.push(event),
    },
  })
  const exchange = async (): Promise<void> => {
    for (const length of LENGTHS) {
      const message = Uint8Array.from({ length }, (_, index) => index & 0xff)
      await pollUntil('an offer', cluster, () => cluster.offer(message) > 0 || undefined, 60_000)
      expect(await pollUntil('the answer', cluster, () => answers.pop())).toEqual(message)
    }
  }
  await exchange()
  const oldLeader = cluster.leaderMemberId
  await nodes[oldLeader]?.kill()
  await pollUntil('the new leader', cluster, () => newLeaders[0], 90_000)
  expect(cluster.leaderMemberId).not.toBe(oldLeader)
  await exchange()
})
