import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  AUCTION_SERVICE_CLASS,
  launchCluster,
  launchMediaDriver,
  type Cluster,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { Aeron, CLOSED, NOT_CONNECTED, ResilientAeron } from '@x/client'
import {
  isClusterError,
  ResilientAeronCluster,
  type ClusterError,
  type Reconnect,
  type ResilientAeronClusterOptions,
} from '@x/cluster'
import { bidOf, pollUntil, Recorder } from './client-test-kit.ts'

const DRIVER_TIMEOUT_MS = 4_000

// One member, and a driver of its own for the clients.
let single: Cluster
let driver: MediaDriverProcess
const resources: AsyncDisposable[] = []

beforeAll(async () => {
  single = await launchCluster({
    name: 'resilient-single',
    serviceClass: AUCTION_SERVICE_CLASS,
    properties: { 'aeron.cluster.session.timeout': '5s' },
  })
  await single.awaitLeader()
  driver = await launchMediaDriver({ name: 'resilient-client', fastTimeouts: true })
})

afterAll(async () => {
  // The last test kills it.
  await single?.close().catch(() => undefined)
  await driver?.close()
})

afterEach(async () => {
  for (const resource of resources.splice(0).toReversed()) await resource[Symbol.asyncDispose]()
})

function kept<T extends AsyncDisposable>(resource: T): T {
  resources.push(resource)
  return resource
}

/** A client, and all that it was told. */
interface Observed {
  readonly cluster: ResilientAeronCluster
  readonly recorder: Recorder
  readonly losses: string[]
  readonly reconnects: Reconnect[]
  readonly retries: Error[]
}

async function connect(
  nodes: Cluster,
  more: Partial<ResilientAeronClusterOptions> & { readonly signal?: AbortSignal },
): Promise<Observed> {
  const recorder = new Recorder()
  const losses: string[] = []
  const reconnects: Reconnect[] = []
  const retries: Error[] = []
  const cluster = kept(
    await ResilientAeronCluster.connect({
      aeronDirectory: driver.aeronDirectory,
      ingressChannel: 'aeron:udp?term-length=64k',
      ingressEndpoints: nodes.ingressEndpoints,
      egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
      egressListener: recorder,
      retryIntervalMs: 50,
      maxRetryIntervalMs: 500,
      messageTimeoutMs: 10_000,
      onDisconnect: (cause) => losses.push((cause as ClusterError).code),
      onReconnect: (reconnect) => reconnects.push(reconnect),
      onRetry: (error) => void retries.push(error),
      ...more,
    }),
  )
  return { cluster, recorder, losses, reconnects, retries }
}

/** Offers a bid that is kept until its answer, and acknowledges that. */
async function bid(
  { cluster, recorder }: Observed,
  correlationId: bigint,
  timeoutMs = 60_000,
): Promise<void> {
  const message = bidOf(correlationId, 7n, correlationId)
  const isAccepted = (): boolean => cluster.offerTracked(correlationId, message) > 0
  await pollUntil('an offer', cluster, () => isAccepted() || undefined, timeoutMs)
  await answer({ cluster, recorder }, correlationId, timeoutMs)
}

async function answer(
  { cluster, recorder }: Pick<Observed, 'cluster' | 'recorder'>,
  correlationId: bigint,
  timeoutMs = 60_000,
): Promise<void> {
  const isAnswered = (): boolean => recorder.results.some((result) => result.correlationId === correlationId)
  await pollUntil(`answer ${correlationId}`, cluster, () => isAnswered() || undefined, timeoutMs)
  expect(cluster.acknowledge(correlationId)).toBe(true)
}

test('a cluster of three that is killed whole and restarted costs a session; what was not answered is sent again', async () => {
  const nodes = kept(
    await launchCluster({
      name: 'resilient-cluster',
      memberCount: 3,
      serviceClass: AUCTION_SERVICE_CLASS,
      fastTimeouts: true,
    }),
  )
  await nodes.awaitElected()
  const asked: string[] = []
  const observed = await connect(nodes, {
    keepAliveIntervalMs: 200,
    shouldResend: ({ correlationId, sendCount }, reason) => {
      asked.push(`${correlationId} ${reason} ${sendCount}`)
      return correlationId !== 3n
    },
  })
  const { cluster, losses, reconnects } = observed
  await bid(observed, 1n)
  const first = cluster.current?.clusterSessionId
  await Promise.all(nodes.members.map((member) => member.kill()))
  // The publication takes it: nobody has told it yet that the leader is gone.
  for (const id of [2n, 3n]) expect(cluster.offerTracked(id, bidOf(id, 7n, id))).toBeGreaterThan(0)
  expect(() => cluster.offerTracked(2n, bidOf(2n, 7n, 2n))).toThrow(RangeError)
  await pollUntil('the loss', cluster, () => (losses.length > 0 ? true : undefined), 60_000)
  expect(losses).toEqual(['NEW_LEADER_TIMEOUT'])
  expect([cluster.offer(bidOf(9n, 7n, 9n)), cluster.isConnected, cluster.current]).toEqual([
    NOT_CONNECTED,
    false,
    undefined,
  ])

  const restarted = Promise.all(nodes.members.map((member) => member.restart()))
  await pollUntil('the next session', cluster, () => reconnects[0], 60_000)
  await restarted
  expect(reconnects[0]).toMatchObject({ previousSessionId: first, current: cluster.current })
  expect(reconnects[0]?.unanswered.map(({ correlationId }) => correlationId)).toEqual([2n, 3n])
  expect(reconnects[0]?.clusterSessionId).not.toBe(first)
  expect(asked).toEqual(['2 NEW_SESSION 1', '3 NEW_SESSION 1'])
  await answer(observed, 2n)
  expect(cluster.unanswered).toEqual([])
  expect(cluster.acknowledge(3n)).toBe(false)
  await bid(observed, 4n)
  expect(cluster.isConnected).toBe(true)
})

test('a session that times out is replaced; the client closes for good only when it is told to', async () => {
  const aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  resources.push({ [Symbol.asyncDispose]: async () => aeron.close() })
  const observed = await connect(single, { aeron })
  const { cluster, losses, reconnects } = observed
  await bid(observed, 1n)
  await pollUntil('two sessions more', cluster, () => reconnects[1], 60_000)
  expect(losses).toEqual(['SESSION_CLOSED', 'SESSION_CLOSED'])
  expect(
    reconnects.map(({ cause, attemptCount }) => [cause.message.includes('TIMEOUT'), attemptCount]),
  ).toEqual([
    [true, 1],
    [true, 1],
  ])
  await bid(observed, 2n)

  // With a plain client there is no other driver to go to.
  aeron.close()
  await pollUntil('the end', cluster, () => cluster.isClosed || undefined)
  expect(losses.at(-1)).toBe('CLIENT_AERON_CLOSED')
  expect(isClusterError(cluster.closeCause, 'CLIENT_AERON_CLOSED')).toBe(true)
  expect([cluster.offer(bidOf(3n, 7n, 3n)), cluster.pollEgress(), cluster.sendKeepAlive()]).toEqual([
    CLOSED,
    0,
    false,
  ])
})

test('a driver that is killed and restarted costs a session, with clients of its own or a ResilientAeron', async () => {
  const { aeronDirectory } = driver
  const errors: Error[] = []
  const errorHandler = (error: Error): void => void errors.push(error)
  const common = { aeronDirectory, driverTimeoutMs: DRIVER_TIMEOUT_MS, errorHandler }
  const aeron = kept(await ResilientAeron.connect({ ...common, retryIntervalMs: 100 }))
  const own = await connect(single, { ...common, keepAliveIntervalMs: 200 })
  const given = await connect(single, { aeron, keepAliveIntervalMs: 200 })
  await bid(own, 1n)
  await bid(given, 2n)
  await driver.kill()
  driver.announceEnd()
  for (const { cluster, losses } of [own, given]) {
    await pollUntil('the loss', cluster, () => losses[0])
    expect(losses).toEqual(['CLIENT_AERON_CLOSED'])
  }
  for (const { cluster, retries } of [own, given]) {
    await pollUntil('a failed attempt', cluster, () => retries[0])
  }
  const early: unknown = await connect(single, { aeron }).catch((error: unknown) => error)
  expect(isClusterError(early, 'CONNECT_FAILED')).toBe(true)
  await driver.restart()
  for (const [id, observed] of [[3n, own] as const, [4n, given] as const]) {
    await pollUntil('the next session', observed.cluster, () => observed.reconnects[0], 60_000)
    await bid(observed, id)
  }
  expect(aeron.isClosed).toBe(false)
})

test('attempts end with false from onRetry, an aborted signal, and close()', async () => {
  const controller = new AbortController()
  const common = { newLeaderTimeoutMs: 1_000, keepAliveIntervalMs: 200, messageTimeoutMs: 3_000 }
  const giving = await connect(single, { ...common, onRetry: (_error, count) => count < 2 })
  const aborted = await connect(single, { ...common, signal: controller.signal })
  const closing = await connect(single, common)
  await single.member(0).kill()
  const hasTried = (): boolean => {
    for (const { cluster } of [aborted, closing]) cluster.pollEgress()
    return giving.cluster.isClosed && aborted.retries.length > 0 && closing.retries.length > 0
  }
  await pollUntil('attempts', giving.cluster, () => hasTried() || undefined, 60_000)
  expect(isClusterError(giving.cluster.closeCause, 'CONNECT_TIMEOUT')).toBe(true)

  const enough = new Error('enough')
  controller.abort(enough)
  aborted.cluster.pollEgress()
  expect([aborted.cluster.isClosed, aborted.cluster.closeCause]).toEqual([true, enough])

  await closing.cluster.close()
  expect([closing.cluster.isClosed, closing.cluster.closeCause]).toEqual([true, undefined])
  expect(closing.reconnects).toEqual([])
  // The first connect does not try again.
  const error: unknown = await connect(single, common).catch((reason: unknown) => reason)
  expect(isClusterError(error, 'CONNECT_TIMEOUT')).toBe(true)
})
