import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { launchCluster, poll, type Cluster, type ClusterMember } from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer, isClusterError } from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ListService } from './support/list-service.ts'

const SERVICE_IDS = [0, 1, 2]

let nodes: Cluster
let member: ClusterMember
let services: ListService[] = []
let containers: ClusteredServiceContainer[] = []
let client: AeronCluster | undefined

beforeAll(async () => {
  nodes = await launchCluster({ name: 'services-test', fastTimeouts: true, serviceCount: SERVICE_IDS.length })
  member = nodes.member(0)
})

afterAll(async () => {
  client?.close()
  await Promise.all(containers.map((container) => container.close()))
  // A member whose service was made to fail ends with a failure.
  await nodes.close().catch(() => undefined)
})

/** Joins all services; gives what refused to start. */
async function joinAll(): Promise<unknown[]> {
  services = SERVICE_IDS.map(() => new ListService())
  const markFileDirectory = join(member.clusterDirectory, 'mark-files')
  mkdirSync(markFileDirectory, { recursive: true })
  const launches = await Promise.allSettled(
    services.map((clusteredService, serviceId) =>
      ClusteredServiceContainer.launch({
        clusteredService,
        serviceId,
        aeronDirectory: member.aeronDirectory,
        clusterDirectory: member.clusterDirectory,
        // One of them elsewhere, with a link in the cluster's directory.
        ...(serviceId === 1 ? { markFileDirectory } : {}),
      }),
    ),
  )
  containers = launches.flatMap((launch) => (launch.status === 'fulfilled' ? [launch.value] : []))
  return launches.flatMap((launch) => (launch.status === 'rejected' ? [launch.reason as unknown] : []))
}

async function until<T>(action: string, look: () => T | undefined | false): Promise<T> {
  const describe = (): string => services.map(({ entries }) => entries.join(', ')).join('\n')
  return poll(look, { action, timeoutMs: 60_000, describe })
}

async function say(...texts: string[]): Promise<void> {
  client ??= await AeronCluster.connect({
    aeronDirectory: member.aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
  })
  for (const text of texts) await until(`offer ${text}`, () => (client?.offer(Buffer.from(text)) ?? -1) > 0)
}

/** Waits until all services have the same so many entries, and gives them. */
async function entriesOfAll(count: number): Promise<string[]> {
  await until(`see ${count} entries`, () => services.every(({ entries }) => entries.length >= count))
  const [first, ...others] = services.map(({ entries }) => entries)
  for (const other of others) expect(other).toEqual(first)
  expect(first).toHaveLength(count)
  return first ?? []
}

async function snapshotCount(): Promise<number> {
  const before = member.state()?.snapshotCount ?? 0
  await nodes.clusterTool(member, 'snapshot')
  await until('see the member active again', () => member.state()?.moduleState === 'ACTIVE')
  return (member.state()?.snapshotCount ?? 0) - before
}

async function restart(): Promise<void> {
  client?.close()
  client = undefined
  await member.kill('SIGKILL')
  member.announceEnd()
  await Promise.all(containers.map(({ terminated }) => terminated))
  await member.restart()
}

/** The recordings of the latest snapshot, by service id. */
async function snapshotRecordings(): Promise<Map<number, number>> {
  const { output } = await nodes.clusterTool(member, 'recording-log')
  const entries = output.matchAll(/recordingId=(\d+)[^}]*serviceId=(-?\d+)[^}]*type=SNAPSHOT/g)
  return new Map([...entries].map(([, recordingId, serviceId]) => [Number(serviceId), Number(recordingId)]))
}

test('three services of a member see one log, with the messages and timers of each', async () => {
  expect(await joinAll()).toEqual([])
  await nodes.awaitElected()
  await say('one', 'offer', 'timer 7 50', 'two')
  const entries = await entriesOfAll(10)
  for (const serviceId of SERVICE_IDS) {
    expect(entries).toContain(`from service ${serviceId} of a service`)
    expect(entries).toContain(`timer 7 of service ${serviceId}`)
  }
  const { output } = await nodes.clusterTool(member, 'describe')
  const described = [...output.matchAll(/componentType=CONTAINER.*?\|serviceId=(\d)\|/g)].map(([, id]) => id)
  expect(new Set(described)).toEqual(new Set(['0', '1', '2']))
})

test('their snapshot holds a part of each, and all start from it, with timers that are due after the restart', async () => {
  // Nothing but the tool that asks for the snapshot has to end before the second timer is due.
  await say('timer 8 3600000', 'timer 9 7000')
  await entriesOfAll(12)
  expect(await snapshotCount()).toBe(1)
  await say('offer', 'three')
  const before = await entriesOfAll(17)
  await restart()
  expect(new Set((await snapshotRecordings()).keys())).toEqual(new Set([-1, ...SERVICE_IDS]))
  expect(await joinAll()).toEqual([])
  await nodes.awaitElected()
  // Not before: the timer of the snapshot may be due at once.
  const replayed = await entriesOfAll(20)
  expect(services.map(({ startedWith }) => startedWith)).toEqual([12, 12, 12])
  expect(replayed.slice(0, 17)).toEqual(before)
  expect(new Set(replayed.slice(17))).toEqual(new Set(SERVICE_IDS.map((id) => `timer 9 of service ${id}`)))
  // The id may be used again.
  await say('timer 9 1')
  await entriesOfAll(24)
})

test('a snapshot that one of them fails counts for none, and the cluster goes on', async () => {
  const [, second] = services
  if (second === undefined) throw new Error('expected three services')
  second.beforeSnapshot = () => {
    throw new Error('no snapshot today')
  }
  expect(await snapshotCount()).toBe(0)
  second.beforeSnapshot = undefined
  await say('four')
  await entriesOfAll(25)
  expect(await snapshotCount()).toBe(1)
})

test('one invalid snapshot ends the node; invalidated, all start from the one before it', async () => {
  const before = await entriesOfAll(25)
  await restart()
  const recordingId = (await snapshotRecordings()).get(2)
  const file = openSync(join(member.archiveDirectory, `${recordingId}-0.rec`), 'r+')
  // The type of the snapshot, in the BEGIN mark behind frame and message header.
  writeSync(file, Uint8Array.of(1), 0, 1, 32 + 8)
  closeSync(file)
  const refusals = await joinAll()
  expect(refusals.some((error) => isClusterError(error, 'SNAPSHOT_INVALID'))).toBe(true)
  await until('see the module end', () => member.state() === undefined)
  await Promise.all(containers.map(({ terminated }) => terminated))
  expect((await nodes.clusterTool(member, 'invalidate-latest-snapshot')).code).toBe(0)
  await restart()
  expect(await joinAll()).toEqual([])
  await nodes.awaitElected()
  expect(await entriesOfAll(25)).toEqual(before)
  expect(services.map(({ startedWith }) => startedWith)).toEqual([12, 12, 12])
})
