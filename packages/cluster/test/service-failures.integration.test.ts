import { launchCluster, poll, type Cluster } from '@x/aeron-tooling'
import { NULL_COUNTER_ID } from '@x/atomic/status'
import { Aeron, isAeronError } from '@x/client'
import { ClusteredServiceContainer, isClusterError, type ContainerOptions } from '@x/cluster'
import { afterEach, expect, test } from 'vitest'
import { AuctionService } from './support/auction-service.ts'

let nodes: Cluster
let service: AuctionService
let options: ContainerOptions

async function launchNodes(serviceCount: number): Promise<void> {
  nodes = await launchCluster({ name: 'service-failures-test', fastTimeouts: true, serviceCount })
  const { aeronDirectory, clusterDirectory } = nodes.member(0)
  service = new AuctionService()
  options = { clusteredService: service, aeronDirectory, clusterDirectory }
}

afterEach(async () => {
  // A member that was made to fail ends with a failure.
  await nodes.close().catch(() => undefined)
})

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('a service that throws in onStart fails the launch, and the consensus module is told', async () => {
  await launchNodes(1)
  service.onStart = () => {
    throw new Error('no state to start from')
  }
  const error = await rejectionOf(ClusteredServiceContainer.launch(options))
  if (!isClusterError(error, 'SERVICE_START_FAILED')) throw error
  expect(error.context).toEqual({ serviceId: 0, logPosition: 0 })
  expect(error.cause).toMatchObject({ message: 'no state to start from' })
  await poll(() => nodes.member(0).state() === undefined, {
    action: 'see the consensus module end',
    timeoutMs: 30_000,
  })
  const { output } = await nodes.clusterTool(0, 'errors')
  expect(output).toContain('service=0 failed to start clustered service')
  expect(output).toContain('no state to start from')
})

test('the loss of the driver ends the container without onTerminate, and its mark file is let go', async () => {
  await launchNodes(1)
  const container = await ClusteredServiceContainer.launch(options)
  await nodes.awaitElected()
  await nodes.member(0).kill('SIGKILL')
  nodes.member(0).announceEnd()
  const termination = await container.terminated
  expect(termination).toMatchObject({ cause: 'AERON_CLOSED', expected: false })
  expect(service.lifecycle).not.toContain('terminate')
  await nodes.member(0).restart()
  await using again = await ClusteredServiceContainer.launch(options)
  expect(again.isActive).toBe(true)
})

test('the loss of the consensus module alone runs the hook, then onTerminate', async () => {
  await launchNodes(2)
  const order: string[] = []
  service.onTerminate = () => void order.push('terminate')
  const container = await ClusteredServiceContainer.launch({
    ...options,
    terminationHook: ({ cause, expected }) => void order.push(`hook ${cause} ${expected}`),
  })
  // The other service of the member fails, which ends the consensus module and leaves the driver.
  const failing = new AuctionService()
  failing.onStart = () => {
    throw new Error('no state to start from')
  }
  await rejectionOf(ClusteredServiceContainer.launch({ ...options, clusteredService: failing, serviceId: 1 }))
  await container.terminated
  expect(order).toEqual(['hook CONSENSUS_MODULE_LOST true', 'terminate'])
})

test('terminateOnServiceError ends the container at the first exception of a callback', async () => {
  await launchNodes(1)
  service.onNewLeadershipTermEvent = () => {
    throw new Error('cannot go on')
  }
  const container = await ClusteredServiceContainer.launch({ ...options, terminateOnServiceError: true })
  const { cause, expected, error, logPosition } = await container.terminated
  expect({ cause, expected, logPosition }).toEqual({ cause: 'ERROR', expected: false, logPosition: 96 })
  if (!isClusterError(error, 'SERVICE_CALLBACK_FAILED')) throw error ?? new Error('expected an error')
  expect(error.context).toEqual({ callback: 'onNewLeadershipTermEvent', logPosition: 96 })
})

test('launchInvoked() is driven by its caller, and a client of the caller stays open', async () => {
  await launchNodes(1)
  const aeron = Aeron.connectSync({
    aeronDirectory: options.aeronDirectory ?? '',
    useConductorAgentInvoker: true,
  })
  const container = ClusteredServiceContainer.launchInvoked({ ...options, aeron })
  const isLeading = (): boolean => {
    container.agentInvoker?.invoke()
    return service.entries.some((entry) => entry.startsWith('term 0'))
  }
  await poll(isLeading, { action: 'see the first term', timeoutMs: 30_000 })
  expect(container.isActive).toBe(true)
  await container.close()
  expect(service.lifecycle.at(-1)).toBe('terminate')
  expect(aeron.isClosed).toBe(false)
  aeron.close()
})

test('a launch that fails leaves nothing in a client of the caller', async () => {
  await launchNodes(1)
  using aeron = Aeron.connectSync({
    aeronDirectory: options.aeronDirectory ?? '',
    useConductorAgentInvoker: true,
  })
  const launching = ClusteredServiceContainer.launch({
    ...options,
    aeron,
    controlChannel: 'aeron:ipc?term-length=3',
  })
  expect(isAeronError(await rejectionOf(launching), 'REGISTRATION_FAILED')).toBe(true)
  const isEmpty = (): boolean => {
    aeron.conductorAgentInvoker?.invoke()
    return (
      aeron.countersReader.findCounter(
        (id) =>
          aeron.countersReader.getCounterOwnerId(id) === aeron.clientId &&
          aeron.countersReader.getCounterTypeId(id) === 215,
      ) === NULL_COUNTER_ID
    )
  }
  await poll(isEmpty, { action: 'see the counters of the container go', timeoutMs: 30_000 })
})
