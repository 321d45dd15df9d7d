import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { launchCluster, poll, type Cluster, type ClusterMember } from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer, isClusterError, type ServiceWorker } from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'

const SERVICE = new URL('support/liveness/liveness-service.mjs', import.meta.url)

let nodes: Cluster
let member: ClusterMember
let worker: ServiceWorker
let errors: Error[] = []
let said: unknown[] = []

beforeAll(async () => {
  nodes = await launchCluster({ name: 'service-worker-test', fastTimeouts: true })
  member = nodes.member(0)
})

afterAll(async () => {
  await worker.close()
  await nodes.close().catch(() => undefined)
})

async function launch(): Promise<void> {
  errors = []
  said = []
  const { aeronDirectory, clusterDirectory } = member
  worker = await ClusteredServiceContainer.launchInWorker(SERVICE, {
    aeronDirectory,
    clusterDirectory,
    idleStrategy: 'sleep-ms',
    data: 42,
    errorHandler: (error) => {
      errors.push(error)
      throw new Error('thrown by the handler')
    },
  })
  worker.worker.on('message', (message) => said.push(message))
  await nodes.awaitElected()
}

async function until<T>(action: string, look: () => T | undefined | false): Promise<T> {
  return poll(look, { action, timeoutMs: 30_000, describe: () => JSON.stringify(said) })
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('expected a rejection'),
    (error: unknown) => error,
  )
}

test('launchInWorker() rejects with what module, service and container refuse, as it was thrown', async () => {
  const { aeronDirectory, clusterDirectory } = member
  const options = { aeronDirectory, clusterDirectory }
  const missing = new URL('support/no-such-service.mjs', import.meta.url)
  expect(await rejectionOf(ClusteredServiceContainer.launchInWorker(missing, options))).toMatchObject({
    message: expect.stringMatching(/no-such-service/),
  })
  const refused = await rejectionOf(
    ClusteredServiceContainer.launchInWorker(SERVICE, { ...options, data: 'refuse' }),
  )
  expect(refused).toBeInstanceOf(TypeError)
  expect(refused).toMatchObject({ message: 'the module refuses' })
  const outOfRange = await rejectionOf(
    ClusteredServiceContainer.launchInWorker(SERVICE, { ...options, serviceId: 10 }),
  )
  expect(outOfRange).toBeInstanceOf(RangeError)
  const absent = await rejectionOf(
    ClusteredServiceContainer.launchInWorker(SERVICE, {
      ...options,
      clusterId: 77,
      serviceId: 7,
      consensusModuleTimeoutMs: 100,
    }),
  )
  if (!isClusterError(absent, 'CONSENSUS_MODULE_NOT_FOUND')) throw absent
  expect(absent.context).toMatchObject({ clusterId: 77, awaited: 'commit position counter' })
  const controller = new AbortController()
  const reason = new Error('changed my mind')
  const launching = ClusteredServiceContainer.launchInWorker(SERVICE, {
    ...options,
    clusterId: 77,
    serviceId: 7,
    signal: controller.signal,
  })
  setTimeout(() => controller.abort(reason), 500)
  expect(await rejectionOf(launching)).toBe(reason)
  // It says for ever that its start has failed, and Java's tool ends at such a file, before or after those of other services.
  rmSync(join(clusterDirectory, 'cluster-mark-service-7.dat'))
})

test('a service in a worker serves, whatever the main thread does, and its errors cross over', async () => {
  await launch()
  const heard: string[] = []
  using client = await AeronCluster.connect({
    aeronDirectory: member.aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener: {
      onMessage: (_id, _timestamp, buffer, offset, length) =>
        void heard.push(buffer.getStringWithoutLengthAscii(offset, length)),
    },
  })
  await until('offer', () => client.offer(Buffer.from('throw')) > 0)
  await until('hear of the error', () => errors.length > 0)
  expect(errors[0]).toBeInstanceOf(RangeError)
  expect(errors[0]).toMatchObject({ message: 'thrown by the service' })
  expect(errors[0]?.stack).toContain('liveness-service.mjs')
  // What the handler throws stops nothing, on neither thread, and an operator can see it.
  expect((await nodes.clusterTool(member, 'errors')).output).toContain('thrown by the handler')
  await until('offer', () => client.offer(Buffer.from('echo')) > 0)
  await until('hear the echo', () => {
    client.pollEgress()
    return heard.includes('echo')
  })
  client.close()

  // Longer than the driver waits for a client.
  const end = Date.now() + 4_500
  while (Date.now() < end) Math.sqrt(end)
  expect(member.state()?.moduleState).toBe('ACTIVE')
  expect(worker.isClosed).toBe(false)
  expect(errors).toHaveLength(1)

  const second = await rejectionOf(
    ClusteredServiceContainer.launchInWorker(SERVICE, {
      aeronDirectory: member.aeronDirectory,
      clusterDirectory: member.clusterDirectory,
    }),
  )
  expect(isClusterError(second, 'ACTIVE_MARK_FILE')).toBe(true)
})

test('a worker ends by close(), with its member, and when its thread is terminated', async () => {
  await worker.close()
  await worker.close()
  expect(await worker.terminated).toMatchObject({ cause: 'CLOSED', expected: true, error: undefined })
  expect(said.at(-1)).toBe('terminate')
  await member.exited
  await member.restart()

  await launch()
  expect((await nodes.clusterTool(member, 'shutdown')).code).toBe(0)
  expect(await worker.terminated).toMatchObject({ cause: 'CONSENSUS_MODULE_REQUEST', expected: true })
  await member.exited
  await member.restart()

  await launch()
  await worker.worker.terminate()
  expect(await worker.terminated).toMatchObject({ cause: 'THREAD_ENDED', expected: false })
  // The next one may take its place at once: there is only no module yet that waits for it, or, on a busy machine, no member any more.
  const { aeronDirectory, clusterDirectory } = member
  const next = await rejectionOf(
    ClusteredServiceContainer.launchInWorker(SERVICE, {
      aeronDirectory,
      clusterDirectory,
      consensusModuleTimeoutMs: 100,
    }),
  )
  expect(['CONSENSUS_MODULE_NOT_FOUND', 'DRIVER_TIMEOUT']).toContain((next as { code?: string }).code)
})
