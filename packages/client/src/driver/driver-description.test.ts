import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeDriver } from '../../test/support/fake-driver.ts'
import { describeDriver } from './driver-description.ts'

let driver: FakeDriver

beforeEach(() => {
  driver = new FakeDriver()
  driver.ring.updateConsumerHeartbeatTime(BigInt(Date.now()))
})

afterEach(() => {
  driver.close()
})

function tellVersion(counterId: number, packed: bigint): void {
  while (driver.counters.allocate({ label: 'system', typeId: 0 }) < counterId) {}
  driver.counters.setCounterRegistrationId(counterId, BigInt(counterId))
  driver.counters.setCounterValue(counterId, packed)
}

test('describeDriver() tells versions, and what can be used with them', () => {
  tellVersion(34, 0x01_2f_01n)
  expect(describeDriver(driver.directory)).toMatchObject({
    cncVersion: '0.2.0',
    driverVersion: '1.47.1',
    controlProtocolVersion: undefined,
    clientLivenessTimeoutMs: 10_000,
    features: {
      staticCounters: true,
      destinationsById: true,
      rejectImages: true,
      rejectIpcImages: false,
      revoke: false,
      responseChannelsOverIpc: false,
      nextSessionId: false,
    },
  })
})

test('describeDriver() of a driver that tells no version trusts it with nothing', () => {
  const { driverVersion, features } = describeDriver(driver.directory)
  expect(driverVersion).toBeUndefined()
  expect(Object.values(features)).not.toContain(true)
})

test('describeDriver() of a driver that is gone says so', () => {
  driver.ring.updateConsumerHeartbeatTime(0n)
  expect(() => describeDriver(driver.directory)).toThrow(expect.objectContaining({ code: 'DRIVER_TIMEOUT' }))
})
