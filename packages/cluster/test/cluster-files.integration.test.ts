import { launchMediaDriver } from '@x/aeron-tooling'
import { Aeron } from '@x/client'
import {
  ClusterComponentType,
  queryClusterMembers,
  readClusterMarkFile,
  readRecordingLog,
  readServiceMarkFiles,
  type RecordingLogEntry,
} from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LedgerNode } from './support/ledger/ledger-node.ts'

let node: LedgerNode
let clusterDirectory: string

beforeAll(async () => {
  node = await LedgerNode.launch('cluster-files-test')
  clusterDirectory = node.member.clusterDirectory
  await node.join()
})

afterAll(async () => {
  await node?.[Symbol.asyncDispose]()
})

async function clusterTool(command: string): Promise<string> {
  return (await node.nodes.clusterTool(node.member, command)).output
}

/** An entry as Java's `RecordingLog.Entry` prints itself, up to its index. */
function entryText(entry: RecordingLogEntry): string {
  const { recordingId, leadershipTermId, termBaseLogPosition, logPosition, timestamp, serviceId } = entry
  const type = entry.kind.toUpperCase().replace('-', '_')
  return (
    `recordingId=${recordingId}, leadershipTermId=${leadershipTermId}, termBaseLogPosition=${termBaseLogPosition}, ` +
    `logPosition=${logPosition}, timestamp=${timestamp}, serviceId=${serviceId}, type=${type}, isValid=${entry.isValid}`
  )
}

async function javaEntries(): Promise<string[]> {
  return [...(await clusterTool('recording-log')).matchAll(/Entry\{(.*?), entryIndex/g)].map(
    ([, text]) => text!,
  )
}

test('the recording log is the one that ClusterTool prints, with a snapshot, and when that does not count any more', async () => {
  expect(await node.snapshot()).toBe(true)
  const entries = readRecordingLog(clusterDirectory)
  expect(entries.map(({ kind, serviceId }) => [kind, serviceId])).toEqual([
    ['term', -1],
    ['snapshot', 0],
    ['snapshot', -1],
  ])
  expect(entries.map(entryText)).toEqual(await javaEntries())

  await clusterTool('invalidate-latest-snapshot')
  const later = readRecordingLog(clusterDirectory)
  expect(later.map(({ isValid }) => isValid)).toEqual([true, false, false])
  expect(later.map(entryText)).toEqual(await javaEntries())
  expect(() => readRecordingLog('/nowhere')).toThrow(/ENOENT.*recording\.log/)
})

test('mark files say what ClusterTool says of consensus module and service', async () => {
  const described = await clusterTool('describe')
  const [ofModule, ofService] = [...described.matchAll(/^\[MarkFileHeader\].*$/gm)].map(([line]) => line)
  const module = readClusterMarkFile(clusterDirectory)
  const services = readServiceMarkFiles(clusterDirectory)
  expect(module).toMatchObject({
    componentType: ClusterComponentType.CONSENSUS_MODULE,
    pid: node.member.pid,
    memberId: 0,
    serviceId: -1,
    aeronDirectory: node.member.aeronDirectory,
    errors: [],
  })
  expect(services).toMatchObject([
    {
      componentType: ClusterComponentType.CONTAINER,
      pid: process.pid,
      memberId: 0,
      serviceId: 0,
      errors: [],
    },
  ])
  for (const [line, markFile] of [
    [ofModule, module],
    [ofService, services[0]],
  ] as const) {
    expect(line).toContain(`startTimestamp=${markFile?.startTimestamp}|pid=${markFile?.pid}`)
    expect(line).toContain(
      `archiveStreamId=${markFile?.archiveStreamId}|serviceStreamId=${markFile?.serviceStreamId}` +
        `|consensusModuleStreamId=${markFile?.consensusModuleStreamId}|ingressStreamId=${markFile?.ingressStreamId}`,
    )
    expect(line).toContain(
      `controlChannel='${markFile?.controlChannel}'|ingressChannel='${markFile?.ingressChannel}'|serviceName='${markFile?.serviceName}'` +
        `|authenticator='${markFile?.authenticator}'|servicesClusterDir='${markFile?.servicesClusterDirectory}'`,
    )
  }
  expect(() => readClusterMarkFile('/nowhere')).toThrow(/ENOENT.*cluster-mark\.dat/)
})

test('a member answers who is in its cluster, and an answer that does not come is told', async () => {
  const membership = await queryClusterMembers(clusterDirectory)
  const { endpoints } = node.member
  expect(membership).toMatchObject({ leaderMemberId: 0, memberId: 0 })
  expect(membership.activeMembers).toMatchObject([
    {
      memberId: 0,
      leadershipTermId: 0n,
      ingressEndpoint: endpoints.ingress,
      consensusEndpoint: endpoints.consensus,
      logEndpoint: endpoints.log,
      archiveEndpoint: endpoints.archive,
    },
  ])
  expect(await clusterTool('list-members')).toContain(
    `catchupEndpoint='${membership.activeMembers[0]?.catchupEndpoint}'`,
  )
  // The service goes on: what was asked on its stream was none of its business.
  expect(node.errors).toEqual([])

  await using elsewhere = await launchMediaDriver()
  using aeron = await Aeron.connect({ aeronDirectory: elsewhere.aeronDirectory })
  const asked = queryClusterMembers(clusterDirectory, { aeron, timeoutMs: 100 })
  await expect(asked).rejects.toMatchObject({
    code: 'CLUSTER_QUERY_TIMEOUT',
    context: { clusterDirectory, timeoutMs: 100, awaited: 'connection' },
  })
  const aborted = queryClusterMembers(clusterDirectory, { aeron, signal: AbortSignal.timeout(50) })
  await expect(aborted).rejects.toThrow(/abort/)
  expect(aeron.isClosed).toBe(false)
})
