import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { ClusteredService } from './clustered-service.ts'
import { resolveContainerOptions } from './container-options.ts'

const clusteredService: ClusteredService = {
  onStart() {},
  onSessionOpen() {},
  onSessionClose() {},
  onSessionMessage() {},
  onTimerEvent() {},
  onTakeSnapshot() {},
  onRoleChange() {},
  onTerminate() {},
}

test('resolveContainerOptions() fills in the defaults of the protocol', () => {
  const resolved = resolveContainerOptions({ clusteredService, aeronDirectory: '/dev/shm/aeron-x' })
  expect(resolved).toMatchObject({
    clusterId: 0,
    serviceId: 0,
    serviceName: 'clustered-service-0-0',
    appVersion: 1,
    clusterDirectory: resolve('aeron-cluster'),
    markFileDirectory: resolve('aeron-cluster'),
    controlChannel: 'aeron:ipc?term-length=128k',
    serviceStreamId: 104,
    consensusModuleStreamId: 105,
    isRespondingService: true,
    logFragmentLimit: 50,
    errorBufferLength: 1024 * 1024,
    consensusModuleTimeoutMs: 30_000,
    terminateOnServiceError: false,
  })
  expect(resolved.idleStrategy.alias).toBe('backoff')
})

test('resolveContainerOptions() finds the archive on the same driver, on a response stream of the service alone', () => {
  expect(resolveContainerOptions({ clusteredService, clusterId: 2, serviceId: 3 }).archive).toEqual({
    controlRequestChannel: 'aeron:ipc?term-length=64k',
    controlRequestStreamId: 10,
    controlResponseChannel: 'aeron:ipc?term-length=64k',
    controlResponseStreamId: 324,
    messageTimeoutMs: 10_000,
  })
  const archive = { controlRequestChannel: 'aeron:udp?endpoint=localhost:8010' }
  expect(() => resolveContainerOptions({ clusteredService, archive })).toThrow(
    'archive.controlRequestChannel must be IPC',
  )
})

test('resolveContainerOptions() gives each container an idle strategy of its own', () => {
  const [a, b] = [1, 2].map(() => resolveContainerOptions({ clusteredService }).idleStrategy)
  expect(a).not.toBe(b)
})

test('resolveContainerOptions() makes directories absolute, that of the mark file apart when asked for', () => {
  const resolved = resolveContainerOptions({
    clusteredService,
    clusterDirectory: 'a',
    markFileDirectory: 'b',
  })
  expect(resolved).toMatchObject({ clusterDirectory: resolve('a'), markFileDirectory: resolve('b') })
})

for (const serviceId of [-1, 10, 1.5, Number.NaN]) {
  test(`resolveContainerOptions() refuses serviceId ${serviceId}`, () => {
    expect(() => resolveContainerOptions({ clusteredService, serviceId })).toThrow(
      new RangeError(
        `Cannot launch the service container: serviceId must be an integer from 0 to 9, current value is ${serviceId}`,
      ),
    )
  })
}

test('resolveContainerOptions() refuses an error log that the mark file could not be read with', () => {
  expect(() => resolveContainerOptions({ clusteredService, errorBufferLength: 4096 })).toThrow(RangeError)
})

test('resolveContainerOptions() allows to wait for the consensus module for ever, and not for no time', () => {
  const options = { clusteredService, consensusModuleTimeoutMs: Infinity }
  expect(resolveContainerOptions(options).consensusModuleTimeoutMs).toBe(Infinity)
  expect(() => resolveContainerOptions({ ...options, consensusModuleTimeoutMs: 0 })).toThrow(RangeError)
})

test('resolveContainerOptions() gives the service and cluster id their place in the name', () => {
  const resolved = resolveContainerOptions({ clusteredService, clusterId: 4, serviceId: 2 })
  expect(resolved.serviceName).toBe('clustered-service-4-2')
})

test('resolveContainerOptions() leaves the stall threshold to the driver unless it is given, and Infinity turns it off', () => {
  expect(resolveContainerOptions({ clusteredService }).stallThresholdMs).toBeUndefined()
  for (const stallThresholdMs of [1_500, Infinity]) {
    expect(resolveContainerOptions({ clusteredService, stallThresholdMs }).stallThresholdMs).toBe(
      stallThresholdMs,
    )
  }
  for (const stallThresholdMs of [0, -1, Number.NaN]) {
    expect(() => resolveContainerOptions({ clusteredService, stallThresholdMs })).toThrow(
      `stallThresholdMs must be positive, current value is ${stallThresholdMs}`,
    )
  }
})
