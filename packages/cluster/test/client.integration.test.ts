import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { AUCTION_SERVICE_CLASS, launchCluster, readCounters, type Cluster } from '@x/aeron-tooling'
import { Action, Aeron, BufferClaim, CLOSED, FragmentAssembler } from '@x/client'
import {
  AdminResponseCode,
  AeronCluster,
  AeronClusterState,
  EgressAdapter,
  EventCode,
  IngressSessionDecorator,
  isClusterError,
  SESSION_HEADER_LENGTH,
  type AdminResponse,
  type AeronClusterOptions,
} from '@x/cluster'
import { bid, bidOf, pollUntil, Recorder } from './client-test-kit.ts'

/** Longer than a busy machine stands still. */
const SESSION_TIMEOUT_MS = 6_000
const SESSION_LIMIT = 10

let nodes: Cluster
let aeronDirectory: string
let ingressEndpoints: string
const opened: { close(): void }[] = []

beforeAll(async () => {
  nodes = await launchCluster({
    name: 'cluster-client-test',
    serviceClass: AUCTION_SERVICE_CLASS,
    properties: {
      'aeron.cluster.session.timeout': `${SESSION_TIMEOUT_MS}ms`,
      'aeron.cluster.max.sessions': String(SESSION_LIMIT),
      'aeron.cluster.ingress.ipc.allowed': 'true',
      'aeron.enable.experimental.features': 'true',
    },
  })
  await nodes.awaitLeader()
  aeronDirectory = nodes.member(0).aeronDirectory
  ingressEndpoints = nodes.ingressEndpoints
})

afterAll(async () => {
  await nodes.close()
})

afterEach(() => {
  for (const resource of opened.splice(0)) resource.close()
})

function options(recorder: Recorder): AeronClusterOptions {
  return {
    aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener: recorder,
    clientName: 'client-test',
  }
}

async function connect(recorder: Recorder, more: Partial<AeronClusterOptions> = {}): Promise<AeronCluster> {
  const cluster = await AeronCluster.connect({ ...options(recorder), ...more })
  opened.push(cluster)
  return cluster
}

test('AeronCluster gets answers from a Java service, by offer and by claim', async () => {
  const recorder = new Recorder()
  const cluster = await connect(recorder)
  expect(cluster.state).toBe(AeronClusterState.CONNECTED)
  expect(cluster.leaderMemberId).toBe(0)
  const first = await bid(cluster, recorder, 1n, 100n)
  expect(first).toEqual({ correlationId: 1n, customerId: 7n, price: 100n, succeeded: true })
  expect((await bid(cluster, recorder, 2n, 50n)).succeeded).toBe(false)

  const claim = new BufferClaim()
  const message = bidOf(3n, 9n, 200n)
  expect(cluster.tryClaim(message.capacity, claim)).toBeGreaterThan(0)
  claim.buffer.putBytes(claim.offset + SESSION_HEADER_LENGTH, message, 0, message.capacity)
  claim.commit()
  await pollUntil('the result', cluster, () => recorder.results.find((each) => each.correlationId === 3n))
  expect(recorder.results.at(-1)).toEqual({
    correlationId: 3n,
    customerId: 9n,
    price: 200n,
    succeeded: true,
  })
  const parts = bidOf(4n, 9n, 300n)
  cluster.offerVectors([
    { buffer: parts, length: 8 },
    { buffer: parts, offset: 8 },
  ])
  await pollUntil('the result', cluster, () => recorder.results.find((each) => each.correlationId === 4n))
  expect(recorder.results.at(-1)?.succeeded).toBe(true)
})

test('the counter of a session carries the name of its client', async () => {
  const name = 'a-name-of-its-own'
  const cluster = await connect(new Recorder(), { clientName: name })
  const labels = (): readonly string[] => readCounters(aeronDirectory).map(({ label }) => label)
  const named = (): readonly string[] =>
    labels().filter((label) => /cluster-session/i.test(label) && label.includes(name))
  await pollUntil('the counter', cluster, () => named().length > 0 || undefined)
  expect(named()).toHaveLength(1)
  cluster.close()
})

test('IngressSessionDecorator sends as a session on a publication of its own', async () => {
  const recorder = new Recorder()
  const cluster = await connect(recorder)
  using aeron = await Aeron.connect({ aeronDirectory })
  const [, endpoint] = ingressEndpoints.split('=')
  using publication = await aeron.addPublication(`aeron:udp?term-length=64k|endpoint=${endpoint}`, 101)
  const decorator = new IngressSessionDecorator(cluster.clusterSessionId, cluster.leadershipTermId)
  const message = bidOf(61n, 7n, 1n)
  await pollUntil('an offer', cluster, () => decorator.offer(publication, message) > 0 || undefined)
  await pollUntil('the result', cluster, () => recorder.results[0])
  expect(recorder.results[0]?.correlationId).toBe(61n)
})

test('AeronCluster.offer() sends messages of many fragments, and refuses one that is too long', async () => {
  const recorder = new Recorder()
  const cluster = await connect(recorder)
  const maxMessageLength = cluster.ingressPublication?.maxMessageLength ?? 0
  const message = new Uint8Array(maxMessageLength - SESSION_HEADER_LENGTH)
  message.set(bidOf(1n, 7n, 1n).bytes)
  await pollUntil('an offer', cluster, () => (cluster.offer(message) > 0 ? true : undefined))
  await pollUntil('the result', cluster, () => recorder.results[0])
  expect(() => cluster.offer(new Uint8Array(message.length + 1))).toThrow(RangeError)
  expect(cluster.state).toBe(AeronClusterState.CONNECTED)
})

test('thousands of bids in flight are all answered, once and in order', async () => {
  const recorder = new Recorder()
  const cluster = await connect(recorder)
  const count = 5_000
  const message = bidOf(0n, 7n, 1n)
  for (let index = 0; index < count; index++) {
    message.putInt64(0, BigInt(index))
    for (let turn = 0; cluster.offer(message) < 0; turn++) {
      cluster.pollEgress()
      if (turn > 100) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  await pollUntil('all answers', cluster, () => (recorder.results.length >= count ? true : undefined), 60_000)
  const ids = recorder.results.map((result) => Number(result.correlationId))
  expect(ids).toEqual(Array.from({ length: count }, (_, index) => index))
})

test('several sessions on one Aeron client each get their own answers', async () => {
  const aeron = await Aeron.connect({ aeronDirectory })
  opened.push(aeron)
  const recorders = [new Recorder(), new Recorder(), new Recorder()]
  const clusters = await Promise.all(recorders.map(async (recorder) => connect(recorder, { aeron })))
  expect(new Set(clusters.map((each) => each.clusterSessionId)).size).toBe(3)
  for (const [index, cluster] of clusters.entries()) {
    await bid(cluster, recorders[index] ?? new Recorder(), BigInt(index), 1n)
  }
  expect(recorders.map((each) => each.results.length)).toEqual([1, 1, 1])
  for (const cluster of clusters) cluster.close()
  expect(aeron.isClosed).toBe(false)
})

test('AeronCluster.controlledPollEgress() gives a message again that was aborted', async () => {
  const seen: bigint[] = []
  const cluster = await connect(new Recorder(), {
    controlledEgressListener: {
      onMessage: (_session, _timestamp, buffer, offset) => {
        seen.push(buffer.getInt64(offset))
        return seen.length === 1 ? Action.ABORT : Action.COMMIT
      },
    },
  })
  expect(cluster.offer(bidOf(5n, 1n, 1n))).toBeGreaterThan(0)
  const deadline = Date.now() + 30_000
  while (seen.length < 2 && Date.now() < deadline) {
    cluster.controlledPollEgress()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(seen).toEqual([5n, 5n])
})

test('IPC ingress and egress work where the cluster allows it', async () => {
  const recorder = new Recorder()
  const { ingressEndpoints: _, ...rest } = options(recorder)
  const cluster = await AeronCluster.connect({
    ...rest,
    ingressChannel: 'aeron:ipc?term-length=128k',
    egressChannel: 'aeron:ipc?term-length=128k',
    isIngressExclusive: false,
  })
  opened.push(cluster)
  expect((await bid(cluster, recorder, 11n, 1n)).correlationId).toBe(11n)
})

test('an agent drives the client without the event loop', () => {
  const recorder = new Recorder()
  using cluster = AeronCluster.connectSync(options(recorder))
  while (cluster.offer(bidOf(21n, 7n, 1n)) < 0) cluster.pollEgress()
  const deadline = Date.now() + 30_000
  while (recorder.results.length === 0 && Date.now() < deadline) cluster.pollEgress()
  expect(recorder.results[0]?.correlationId).toBe(21n)
})

test('AeronCluster.asyncConnect() gives up in each of its states without a leak', async () => {
  const aeron = await Aeron.connect({ aeronDirectory })
  opened.push(aeron)
  const seen = new Set<string>()
  let connected: AeronCluster | undefined
  while (connected === undefined) {
    // Each gets one state further than the one before.
    using connecting = AeronCluster.asyncConnect({ ...options(new Recorder()), aeron })
    while (seen.has(connecting.state) && connected === undefined) {
      connected = connecting.poll()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    if (connected === undefined) seen.add(connecting.state)
  }
  connected.close()
  expect([...seen]).toEqual([
    'CREATE_EGRESS_SUBSCRIPTION',
    'CREATE_INGRESS_PUBLICATIONS',
    'AWAIT_PUBLICATION_CONNECTED',
    'SEND_MESSAGE',
    'POLL_RESPONSE',
    'CONCLUDE_CONNECT',
  ])
})

// All at once: each waits for a timeout.
describe.concurrent('timeouts', () => {
  test('an application that reads the egress by itself hands the events of the session on', async () => {
    using cluster = await AeronCluster.connect(options(new Recorder()))
    const seen: bigint[] = []
    const adapter = new EgressAdapter(cluster.clusterSessionId, {
      onSessionMessage: (_id, _timestamp, buffer, offset) => {
        seen.push(buffer.getInt64(offset))
        return Action.CONTINUE
      },
      onSessionEvent: (event) => cluster.onSessionEvent(event),
      onNewLeader: (event, header) => cluster.onNewLeader(event, header),
      onAdminResponse: () => undefined,
      onOtherSchema: () => undefined,
    })
    const assembler = new FragmentAssembler((buffer, offset, length, header) => {
      adapter.onMessage(buffer, offset, length, header)
    })
    const publication = cluster.ingressPublication
    const decorator = new IngressSessionDecorator(cluster.clusterSessionId, cluster.leadershipTermId)
    expect(
      publication && cluster.trackIngressResult(decorator.offer(publication, bidOf(71n, 7n, 1n))),
    ).toBeGreaterThan(0)
    const deadline = Date.now() + 5 * SESSION_TIMEOUT_MS
    while (!cluster.isClosed && Date.now() < deadline) {
      cluster.egressSubscription.poll(assembler.onFragment, 10)
      cluster.pollStateChanges()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(seen).toEqual([71n])
    expect(isClusterError(cluster.closeCause, 'SESSION_CLOSED')).toBe(true)
  })

  test('a silent session is closed by the cluster, and the client closes itself and says why', async () => {
    const recorder = new Recorder()
    using cluster = await AeronCluster.connect(options(recorder))
    await pollUntil('the close', cluster, () => (cluster.isClosed ? true : undefined), 5 * SESSION_TIMEOUT_MS)
    expect(recorder.sessionEvents.map((event) => [event.code, event.detail])).toEqual([
      [EventCode.CLOSED, 'TIMEOUT'],
    ])
    expect(isClusterError(cluster.closeCause, 'SESSION_CLOSED') && cluster.closeCause.context.detail).toBe(
      'TIMEOUT',
    )
    expect(cluster.offer(bidOf(1n, 1n, 1n))).toBe(CLOSED)
    expect(cluster.sendKeepAlive()).toBe(false)
    expect(cluster.pollEgress()).toBe(0)
  })

  for (const [name, more, keepAlive] of [
    ['sendKeepAlive()', {}, (cluster: AeronCluster) => cluster.sendKeepAlive()],
    ['keepAliveIntervalMs', { keepAliveIntervalMs: 300 }, () => true],
  ] as const) {
    test(`${name} keeps a session open for longer than the session timeout`, async () => {
      const recorder = new Recorder()
      using cluster = await AeronCluster.connect({ ...options(recorder), ...more })
      const sent: boolean[] = []
      for (const end = Date.now() + 2 * SESSION_TIMEOUT_MS; Date.now() < end;) {
        sent.push(keepAlive(cluster))
        for (const next = Date.now() + 300; Date.now() < next;) {
          cluster.pollEgress()
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      }
      expect(new Set(sent)).toEqual(new Set([true]))
      await bid(cluster, recorder, 77n, 1n)
      expect(cluster.state).toBe(AeronClusterState.CONNECTED)
    })
  }

  test('endpoints where no cluster listens are a CONNECT_TIMEOUT that names the state', async () => {
    const error: unknown = await AeronCluster.connect({
      ...options(new Recorder()),
      ingressEndpoints: '0=127.0.0.1:1,1=127.0.0.1:2',
      messageTimeoutMs: 4_000,
    }).catch((reason: unknown) => reason)
    if (!isClusterError(error, 'CONNECT_TIMEOUT')) throw error
    expect(error.context).toMatchObject({ state: 'AWAIT_PUBLICATION_CONNECTED', messageTimeoutMs: 4_000 })
    expect(String(error)).toContain('127.0.0.1:1')
  })
})

test('an endpoint whose name nobody knows is left out, and alone it is a CONNECT_FAILED that says so', async () => {
  const unknown = '7=no.such.host.invalid:1'
  const error: unknown = await connect(new Recorder(), { ingressEndpoints: unknown }).catch(
    (reason: unknown) => reason,
  )
  expect(isClusterError(error, 'CONNECT_FAILED')).toBe(true)
  expect(String(error)).toContain('no.such.host.invalid')
  const recorder = new Recorder()
  const cluster = await connect(recorder, { ingressEndpoints: `${unknown},${ingressEndpoints}` })
  expect((await bid(cluster, recorder, 31n, 1n)).correlationId).toBe(31n)
})

test('an aborted signal ends a connect', async () => {
  const reason = new Error('enough')
  const signal = AbortSignal.abort(reason)
  await expect(AeronCluster.connect({ ...options(new Recorder()), signal })).rejects.toBe(reason)
  const later = new AbortController()
  const connecting = AeronCluster.connect({
    ...options(new Recorder()),
    ingressEndpoints: '0=127.0.0.1:1',
    signal: later.signal,
  })
  setTimeout(() => later.abort(reason), 100)
  await expect(connecting).rejects.toBe(reason)
})

test('a snapshot request is answered, by refusal where the cluster does not allow it', async () => {
  const recorder = new Recorder()
  const responses: AdminResponse[] = []
  const cluster = await connect(recorder, {
    egressListener: {
      onMessage: () => undefined,
      onAdminResponse: (response) => responses.push(response),
    },
  })
  expect(cluster.sendAdminRequestToTakeASnapshot(42n)).toBe(true)
  const response = await pollUntil('the answer', cluster, () => responses[0])
  expect(response).toMatchObject({
    correlationId: 42n,
    responseCode: AdminResponseCode.UNAUTHORISED_ACCESS,
    clusterSessionId: cluster.clusterSessionId,
  })
  expect(response.message).not.toBe('')
})

test('an administrative request is answered to the controlled listener too', async () => {
  const responses: AdminResponse[] = []
  const cluster = await connect(new Recorder(), {
    controlledEgressListener: {
      onMessage: () => Action.CONTINUE,
      onAdminResponse: (response) => responses.push(response),
    },
  })
  expect(cluster.sendAdminRequestToTakeASnapshot(43n)).toBe(true)
  const deadline = Date.now() + 30_000
  while (responses.length === 0 && Date.now() < deadline) {
    cluster.controlledPollEgress()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(responses.map(({ correlationId }) => correlationId)).toEqual([43n])
})

test('AeronCluster.connect() fails with SESSION_REJECTED when the cluster has enough sessions', async () => {
  const aeron = await Aeron.connect({ aeronDirectory })
  opened.push(aeron)
  const connects = Array.from({ length: SESSION_LIMIT + 2 }, async () => connect(new Recorder(), { aeron }))
  const results = await Promise.allSettled(connects)
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )
  expect(refused.length).toBeGreaterThanOrEqual(2)
  expect(refused.every((error) => isClusterError(error, 'SESSION_REJECTED'))).toBe(true)
})
