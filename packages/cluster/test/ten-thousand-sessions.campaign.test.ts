import { launchCluster, poll } from '@x/aeron-tooling'
import { Aeron, FragmentAssembler } from '@x/client'
import { EventCode, MessageHeaderDecoder, SessionEventDecoder } from '@x/codecs/cluster'
import { ClusteredServiceContainer } from '@x/cluster'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { encodeSessionConnectRequest } from '../src/client/ingress-requests.ts'
import { CrowdService } from './support/crowd-service.ts'

const SESSION_COUNT = 10_000
/** Requests without an answer at once. */
const WINDOW = 100
const EGRESS_CHANNEL = 'aeron:ipc?term-length=1m'
const EGRESS_STREAM_ID = 102
const INGRESS_STREAM_ID = 101

/** Polls and lets the event loop run until it is true. */
async function until(what: string, isTrue: () => boolean, work: () => number): Promise<void> {
  const deadline = Date.now() + 240_000
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`expected ${what}`)
    work()
    await nextTurn()
  }
}

// Ten thousand sessions share one egress stream, as one gateway with so many users would have them.
test('a snapshot of ten thousand sessions is taken and loaded, with each of them in it', async () => {
  await using nodes = await launchCluster({
    name: 'ten-thousand-sessions',
    properties: {
      'aeron.cluster.max.sessions': String(SESSION_COUNT),
      'aeron.cluster.session.timeout': '900s',
      'aeron.counters.buffer.length': '16m',
    },
  })
  const member = nodes.member(0)
  const { aeronDirectory, clusterDirectory } = member
  const join = async (clusteredService: CrowdService): Promise<ClusteredServiceContainer> =>
    ClusteredServiceContainer.launch({
      clusteredService,
      aeronDirectory,
      clusterDirectory,
      driverTimeoutMs: 2_000,
    })
  const first = new CrowdService()
  const container = await join(first)
  await nodes.awaitLeader()
  // Open until the kill: the cluster closes the sessions of a publication that goes.
  using before = await Aeron.connect({ aeronDirectory, errorHandler: () => undefined })
  const sessionIds = await openSessions(before, nodes.ingressEndpoints)
  expect(sessionIds.size).toBe(SESSION_COUNT)
  await poll(() => first.opened === SESSION_COUNT, { action: 'see all sessions open', timeoutMs: 60_000 })
  expect(first.cluster.clientSessions).toHaveLength(SESSION_COUNT)

  await nodes.clusterTool(member, 'snapshot')
  await poll(() => member.state()?.snapshotCount === 1 && member.state()?.moduleState === 'ACTIVE', {
    action: 'see the snapshot taken',
    timeoutMs: 60_000,
  })
  await member.kill()
  await container.terminated
  await member.restart()

  const second = new CrowdService()
  await using _joined = await join(second)
  expect(second.opened).toBe(0)
  expect(second.sessionsAtStart).toEqual([...sessionIds].toSorted((a, b) => Number(a - b)))
}, 600_000)

function ingressChannel(ingressEndpoints: string): string {
  return `aeron:udp?term-length=1m|endpoint=${ingressEndpoints.split('=')[1]}`
}

/** Opens all sessions, and gives their ids. */
async function openSessions(aeron: Aeron, ingressEndpoints: string): Promise<Set<bigint>> {
  const egress = await aeron.addSubscription(EGRESS_CHANNEL, EGRESS_STREAM_ID)
  const ingress = await aeron.addPublication(ingressChannel(ingressEndpoints), INGRESS_STREAM_ID)
  const ids = new Set<bigint>()
  const messageHeader = new MessageHeaderDecoder()
  const event = new SessionEventDecoder()
  const assembler = new FragmentAssembler((buffer, offset, length) => {
    messageHeader.wrap(buffer, offset)
    if (messageHeader.templateId !== SessionEventDecoder.TEMPLATE_ID) return
    event.wrapAndApplyHeader(buffer, offset, messageHeader, length)
    if (event.code !== EventCode.OK) throw new Error(`expected a session, got ${event.code}: ${event.detail}`)
    ids.add(event.clusterSessionId)
  })
  let sent = 0
  const step = (): number => {
    while (sent < SESSION_COUNT && sent - ids.size < WINDOW) {
      const request = encodeSessionConnectRequest({
        correlationId: aeron.nextCorrelationId(),
        responseStreamId: EGRESS_STREAM_ID,
        responseChannel: EGRESS_CHANNEL,
        encodedCredentials: new Uint8Array(0),
        clientInfo: '',
      })
      if (ingress.offer(request) < 0) break
      sent++
    }
    return egress.poll(assembler.onFragment, 100)
  }
  await until('all sessions to open', () => ids.size === SESSION_COUNT, step)
  return ids
}
