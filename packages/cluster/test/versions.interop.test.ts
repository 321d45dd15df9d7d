import { AERON_ARTIFACT, mavenJar, poll, type MavenArtifact } from '@x/aeron-tooling'
import { queryClusterMembers, readClusterMarkFile, readRecordingLog } from '@x/cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'

interface Release {
  readonly artifact: MavenArtifact
  /** Whether its ClusterTool knows the mark file's present layout, which came with 1.47. */
  readonly readsMarkFile: boolean
}

const AERON = { groupId: 'io.aeron', artifactId: 'aeron-all' }

const RELEASES: readonly Release[] = [
  {
    artifact: {
      ...AERON,
      version: '1.44.1',
      sha256: '3bcd1b5a9ec5ea6461de67b5ce7ce97c57c5129bef3158cbe0fac0b7bfb716ad',
    },
    readsMarkFile: false,
  },
  {
    artifact: {
      ...AERON,
      version: '1.46.0',
      sha256: '9e015e6120c9c71ab16b0b46ac02d9aec8d13bd5a53dd9e174ef4db992a13ebf',
    },
    readsMarkFile: false,
  },
  { artifact: AERON_ARTIFACT, readsMarkFile: true },
]

describe.each(RELEASES)('a consensus module of Aeron $artifact.version', ({ artifact, readsMarkFile }) => {
  let node: LedgerNode

  beforeAll(async () => {
    const jar = await mavenJar(artifact)
    node = await LedgerNode.launch(`cluster-${artifact.version}`, {
      environment: { ...process.env, AERON_JAR: jar },
      // A termination that is not acknowledged takes this long.
      properties: { 'aeron.cluster.termination.timeout': '100s' },
    })
  })

  afterAll(async () => {
    await node[Symbol.asyncDispose]()
  })

  test('is served under load, with timers and messages of the service, snapshots and restarts', async () => {
    await node.join()
    const client = await node.client()
    client.startLoad(300)
    await client.pollUntil('load', () => client.replies.size > 200)
    expect(await node.snapshot()).toBe(true)
    const atSnapshot = client.replies.size
    await client.pollUntil('load after the snapshot', () => client.replies.size > atSnapshot + 100)
    await client.stopLoad()
    await client.pollUntil('all timers', () => node.service.state.pendingTimers.size === 0)
    const before = await node.report()
    expect(before.timers).toBeGreaterThan(10)
    expect([...client.replies.values()].every((count) => count === 1)).toBe(true)

    await node.restart('SIGKILL')
    await node.join()
    expect(node.service.startedWith).toBeGreaterThan(100)
    expect(await node.report()).toMatchObject({
      entries: before.entries,
      timers: before.timers,
      hash: before.hash,
    })
    expect(node.errors).toEqual([])
  })

  test('is described by its files, and tells its members', async () => {
    const { aeronDirectory, clusterDirectory, endpoints, pid } = node.member
    expect(readClusterMarkFile(clusterDirectory)).toMatchObject({
      pid,
      aeronDirectory,
      memberId: 0,
      errors: [],
    })
    expect(readRecordingLog(clusterDirectory).map(({ kind }) => kind)).toContain('snapshot')
    const { activeMembers } = await queryClusterMembers(clusterDirectory)
    expect(activeMembers).toMatchObject([{ memberId: 0, ingressEndpoint: endpoints.ingress }])
  })

  test('keeps on after a snapshot that fails', async () => {
    node.service.beforeSnapshot = () => {
      throw new Error('no snapshot today')
    }
    expect(await node.snapshot()).toBe(false)
    node.service.beforeSnapshot = undefined
    await (await node.client()).send({ kind: LedgerKind.ADD })
    await node.report()
  })

  test.each(['abort', 'shutdown'])('has its %s acknowledged', async (command) => {
    const before = await node.report()
    expect((await node.nodes.clusterTool(node.member, command)).code).toBe(0)
    expect(await node.container?.terminated).toMatchObject({
      cause: 'CONSENSUS_MODULE_REQUEST',
      expected: true,
    })
    const { code } = await poll(() => node.member.exit, { action: 'see the node end', timeoutMs: 50_000 })
    expect(code).toBe(0)
    await node.restart()
    await node.join()
    expect(await node.report()).toMatchObject({ entries: before.entries, hash: before.hash })
  })

  test('sees a service that cannot start', async () => {
    await node.restart('SIGTERM')
    const launching = node.join({ appVersion: 2 << 16 })
    await expect(launching).rejects.toMatchObject({ code: 'APP_VERSION_INCOMPATIBLE' })
    await node.restart('SIGKILL')
    await node.join()
    await node.report()
  })

  test(`its ClusterTool ${readsMarkFile ? 'reads' : 'does not read'} the mark file`, async () => {
    const { output } = await node.nodes.clusterTool(node.member, 'describe')
    expect(output.includes("serviceName='clustered-service-0-0'")).toBe(readsMarkFile)
  })
})
