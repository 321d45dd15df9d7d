import { expect, test } from 'vitest'
import { AUCTION_SERVICE_CLASS, launchCluster, launchMediaDriver } from '@x/aeron-tooling'
import { Aeron, CLOSED } from '@x/client'
import { AeronCluster, isClusterError } from '@x/cluster'
import { bid, bidOf, pollUntil, Recorder } from './client-test-kit.ts'

const DRIVER_TIMEOUT_MS = 4_000

test('AeronCluster closes itself when its media driver is killed, and says so', async () => {
  await using nodes = await launchCluster({
    name: 'cluster-driver-loss',
    serviceClass: AUCTION_SERVICE_CLASS,
  })
  await nodes.awaitLeader()
  await using driver = await launchMediaDriver({ name: 'cluster-driver-loss-client' })
  const errors: Error[] = []
  using aeron = await Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    driverTimeoutMs: DRIVER_TIMEOUT_MS,
    errorHandler: (error) => errors.push(error),
  })
  const recorder = new Recorder()
  using cluster = await AeronCluster.connect({
    aeron,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener: recorder,
  })
  await bid(cluster, recorder, 1n, 1n)
  await driver.kill()
  await pollUntil('the close', cluster, () => (cluster.isClosed ? true : undefined), 10 * DRIVER_TIMEOUT_MS)
  expect(isClusterError(cluster.closeCause, 'CLIENT_AERON_CLOSED')).toBe(true)
  expect(cluster.offer(bidOf(2n, 1n, 1n))).toBe(CLOSED)
  expect(errors.length).toBeGreaterThan(0)
})
