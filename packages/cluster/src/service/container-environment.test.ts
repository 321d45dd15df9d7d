import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ListService } from '../../test/support/list-service.ts'
import { resolveContainerOptions } from './container-options.ts'

const clusteredService = new ListService()

test('the environment sets the options that Java has properties for, and an option given wins', () => {
  const environment = {
    AERON_CLUSTER_ID: '3',
    AERON_CLUSTER_SERVICE_ID: '2',
    AERON_CLUSTER_SERVICE_NAME: 'orders',
    AERON_CLUSTER_DIR: 'somewhere',
    AERON_CLUSTER_MARK_FILE_DIR: 'else',
    AERON_CLUSTER_CONTROL_CHANNEL: 'aeron:ipc?term-length=64k',
    AERON_CLUSTER_SERVICE_STREAM_ID: '204',
    AERON_CLUSTER_CONSENSUS_MODULE_STREAM_ID: '205',
    AERON_CLUSTER_REPLAY_CHANNEL: 'aeron:ipc?mtu=8k',
    AERON_CLUSTER_REPLAY_STREAM_ID: '203',
    AERON_CLUSTER_SNAPSHOT_CHANNEL: 'aeron:ipc?alias=own',
    AERON_CLUSTER_SNAPSHOT_STREAM_ID: '206',
    AERON_CLUSTER_SERVICE_RESPONDER: 'false',
    AERON_CLUSTER_LOG_FRAGMENT_LIMIT: '10',
    AERON_CLUSTER_SERVICE_ERROR_BUFFER_LENGTH: '2m',
    AERON_CLUSTER_SERVICE_CYCLE_THRESHOLD: '5ms',
    AERON_CLUSTER_SERVICE_SNAPSHOT_THRESHOLD: '2s',
    AERON_CLUSTER_IDLE_STRATEGY: 'sleep-ms',
  }
  const resolved = resolveContainerOptions({ clusteredService, serviceId: 1 }, environment)
  expect(resolved).toMatchObject({
    clusterId: 3,
    serviceId: 1,
    serviceName: 'orders',
    clusterDirectory: resolve('somewhere'),
    markFileDirectory: resolve('else'),
    controlChannel: 'aeron:ipc?term-length=64k',
    serviceStreamId: 204,
    consensusModuleStreamId: 205,
    replayChannel: 'aeron:ipc?mtu=8k',
    replayStreamId: 203,
    snapshotChannel: 'aeron:ipc?alias=own',
    snapshotStreamId: 206,
    isRespondingService: false,
    logFragmentLimit: 10,
    errorBufferLength: 2 * 1024 * 1024,
    cycleThresholdNs: 5_000_000n,
    snapshotThresholdNs: 2_000_000_000n,
  })
  expect(resolved.idleStrategy.alias).toBe('sleep-ms')
  expect(resolveContainerOptions({ clusteredService }, { AERON_CLUSTER_ID: '' }).clusterId).toBe(0)
})

test.each([
  ['AERON_CLUSTER_SERVICE_ID', 'one'],
  ['AERON_CLUSTER_SERVICE_RESPONDER', 'perhaps'],
  ['AERON_CLUSTER_SERVICE_CYCLE_THRESHOLD', 'soon'],
  ['AERON_CLUSTER_IDLE_STRATEGY', 'lazy'],
])('the environment may not say %s=%s', (variable, value) => {
  expect(() => resolveContainerOptions({ clusteredService }, { [variable]: value })).toThrow(
    `the environment's ${variable} must have a value for`,
  )
})
