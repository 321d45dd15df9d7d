import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCluster, poll, type Cluster } from '@x/aeron-tooling'
import { Aeron } from '@x/client'
import {
  AeronCluster,
  CloseReason,
  ClusteredServiceContainer,
  EventCode,
  isClusterError,
  SESSION_HEADER_LENGTH,
  type AeronClusterOptions,
} from '@x/cluster'
import { pollUntil } from './client-test-kit.ts'
import { Crowd, type CrowdMember } from './support/crowd.ts'
import { CrowdCommand, CrowdService, FLOOD_COUNT, FLOOD_MESSAGE_LENGTH } from './support/crowd-service.ts'

const SESSION_COUNT = 1_000
const GROUP_COUNT = 50
const SESSION_TIMEOUT_MS = 12_000

// One driver for all, one Aeron client for the thousand sessions, the service in this process too.
let nodes: Cluster
let service: CrowdService
let container: ClusteredServiceContainer
let aeron: Aeron
let crowd: Crowd

beforeAll(async () => {
  nodes = await launchCluster({
    name: 'many-sessions',
    properties: {
      'aeron.cluster.max.sessions': String(SESSION_COUNT),
      'aeron.cluster.session.timeout': `${SESSION_TIMEOUT_MS}ms`,
      'aeron.counters.buffer.length': '4m',
    },
  })
  const { aeronDirectory, clusterDirectory } = nodes.member(0)
  service = new CrowdService()
  container = await ClusteredServiceContainer.launch({
    clusteredService: service,
    aeronDirectory,
    clusterDirectory,
  })
  await nodes.awaitLeader()
  aeron = await Aeron.connect({ aeronDirectory })
  const options: AeronClusterOptions = {
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    isIngressExclusive: false,
    egressChannel: 'aeron:ipc?term-length=64k',
    messageTimeoutMs: 60_000,
  }
  crowd = new Crowd(aeron, options)
  await crowd.open(SESSION_COUNT)
})

afterAll(async () => {
  crowd?.close()
  aeron?.close()
  await container?.close()
  await nodes?.close()
})

/** The first members that are still open. */
function openMembers(count: number = SESSION_COUNT): readonly CrowdMember[] {
  return crowd.members.filter(({ cluster }) => !cluster.isClosed).slice(0, count)
}

test('each of a thousand sessions has an id of its own, and gets its own answers', async () => {
  expect(new Set(crowd.members.map(({ cluster }) => cluster.clusterSessionId)).size).toBe(SESSION_COUNT)
  await crowd.until('the service to see all', () => service.opened === SESSION_COUNT)
  expect(service.cluster.clientSessions.length).toBe(SESSION_COUNT)
  await crowd.tell(crowd.members, CrowdCommand.ECHO, 1n)
  await crowd.tell(crowd.members, CrowdCommand.ECHO, 2n)
  await crowd.until('all answers', () => crowd.members.every(({ echoes }) => echoes.length === 2))
  expect(crowd.members.every(({ echoes: [first, second] }) => first === 1n && second === 2n)).toBe(true)
})

test('one session more than the limit is refused, and has a place when another closes', async () => {
  const refusal: unknown = await crowd.connect().catch((error: unknown) => error)
  expect(isClusterError(refusal, 'SESSION_REJECTED') && refusal.context.detail).toBe(
    'concurrent session limit',
  )
  await crowd.leave(openMembers(1))
  await crowd.until('the close', () => service.closed.get(CloseReason.CLIENT_ACTION) === 1)
  crowd.members.push(await crowd.connect())
  expect(openMembers().length).toBe(SESSION_COUNT)
})

test('clients that do not read their egress hold up nobody', async () => {
  const lazy = openMembers(GROUP_COUNT)
  const others = openMembers().slice(GROUP_COUNT)
  for (const member of lazy) member.isPolled = false
  await crowd.tell(lazy, CrowdCommand.FLOOD_ME, 0n)
  await crowd.tell(others, CrowdCommand.ECHO, 3n)
  await crowd.until('all answers', () => others.every(({ echoes }) => echoes.at(-1) === 3n))
  expect(service.backPressured).toBeGreaterThan(0)
  // They are kept alive, so their sessions live, and the egress goes on once they read.
  for (const member of lazy) member.isPolled = true
  const sentLength = (FLOOD_COUNT * GROUP_COUNT - service.backPressured) * FLOOD_MESSAGE_LENGTH
  const receivedLength = (): number =>
    lazy.reduce((sum, member) => sum + member.receivedLength - 9 * member.echoes.length, 0)
  await crowd.until('what was sent', () => receivedLength() >= sentLength)
  expect(receivedLength()).toBe(sentLength)
  await crowd.tell(lazy, CrowdCommand.ECHO, 4n)
  await crowd.until('all answers', () => lazy.every(({ echoes }) => echoes.at(-1) === 4n))
})

test('sessions close from either side, and by silence; each side is told why', async () => {
  const before = service.closed.get(CloseReason.CLIENT_ACTION) ?? 0
  const byClient = openMembers(GROUP_COUNT)
  await crowd.leave(byClient)
  const closedByClient = (): boolean => service.closed.get(CloseReason.CLIENT_ACTION) === before + GROUP_COUNT
  await crowd.until('the closes by clients', closedByClient)

  const byService = openMembers(GROUP_COUNT)
  await crowd.tell(byService, CrowdCommand.CLOSE_ME, 0n)
  await crowd.until('the closes by the service', () => byService.every(({ cluster }) => cluster.isClosed))
  // The consensus module tells the client before the service gets to the entry.
  await poll(() => service.closed.get(CloseReason.SERVICE_ACTION) === GROUP_COUNT, {
    action: 'see all closes by the service in the log',
    timeoutMs: 20_000,
    describe: () => JSON.stringify([...service.closed]),
  })
  expect(byService.map(reasonOf)).toEqual(Array.from(byService, () => 'SERVICE_ACTION'))

  const silent = openMembers(GROUP_COUNT)
  for (const member of silent) member.isKeptAlive = false
  await crowd.until('the closes by time out', () => silent.every(({ cluster }) => cluster.isClosed))
  await poll(() => service.closed.get(CloseReason.TIMEOUT) === GROUP_COUNT, {
    action: 'see all time outs in the log',
    timeoutMs: 20_000,
    describe: () => JSON.stringify([...service.closed]),
  })
  expect(silent.map(reasonOf)).toEqual(Array.from(silent, () => 'TIMEOUT'))
  expect(service.cluster.clientSessions.length).toBe(SESSION_COUNT - 3 * GROUP_COUNT)

  const rest = openMembers()
  expect(rest.length).toBe(SESSION_COUNT - 3 * GROUP_COUNT)
  await crowd.tell(rest, CrowdCommand.ECHO, 5n)
  await crowd.until('all answers', () => rest.every(({ echoes }) => echoes.at(-1) === 5n))
})

test('messages of any length come back byte for byte, up to the longest', async () => {
  const received: Uint8Array[] = []
  using cluster = await AeronCluster.connect({
    aeron,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0|term-length=64k',
    egressListener: {
      onMessage: (_id, _timestamp, buffer, offset, length) =>
        void received.push(buffer.bytes.slice(offset, offset + length)),
    },
  })
  const { maxMessageLength = 0, maxPayloadLength = 0 } = cluster.ingressPublication ?? {}
  const longest = maxMessageLength - SESSION_HEADER_LENGTH
  const oneFragment = maxPayloadLength - SESSION_HEADER_LENGTH
  const lengths = [0, 1, 31, 32, 33, oneFragment, oneFragment + 1, 3 * oneFragment, longest - 1, longest]
  for (const length of lengths) {
    const message = Uint8Array.from({ length }, (_, index) =>
      index === 0 ? CrowdCommand.ECHO : index & 0xff,
    )
    await pollUntil('the offer', cluster, () => cluster.offer(message) > 0 || undefined)
    const answer = await pollUntil('the answer', cluster, () => received.pop())
    expect(answer).toEqual(message)
  }
  expect(() => cluster.offer(new Uint8Array(longest + 1))).toThrow(RangeError)
})

function reasonOf({ cluster, events }: CrowdMember): string | undefined {
  const [event] = events
  if (event?.code !== EventCode.CLOSED || !isClusterError(cluster.closeCause, 'SESSION_CLOSED'))
    return undefined
  return cluster.closeCause.context.detail
}
