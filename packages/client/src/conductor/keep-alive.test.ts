import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeDriver } from '../../test/support/fake-driver.ts'
import { Aeron } from '../aeron.ts'
import type { ConductorStall } from './service-interval.ts'

let driver: FakeDriver
let aeron: Aeron
let errors: Error[]

beforeEach(() => {
  errors = []
  driver = new FakeDriver()
  const errorHandler = (error: Error): number => errors.push(error)
  aeron = Aeron.connectSync({ ...driver.clientOptions, clientName: 'me', errorHandler })
})

afterEach(() => {
  aeron.close()
  driver.close()
})

function invoke(): void {
  aeron.conductorAgentInvoker?.invoke()
}

test('a driver that is shut down ends the client at the next keep-alive', () => {
  driver.shutDown()
  driver.clock.advance(600)
  invoke()
  expect(errors).toMatchObject([{ code: 'DRIVER_TIMEOUT' }])
  expect(errors[0]?.message).toContain('has been shut down')
})

test('a conductor that has not run for the liveness timeout ends the client, and says why', () => {
  driver.advance(10_001)
  invoke()
  expect(errors).toMatchObject([
    { code: 'CONDUCTOR_SERVICE_TIMEOUT', context: { intervalMs: 10_001, timeoutMs: 10_000 } },
  ])
  expect(errors[0]?.message).toContain('event loop was blocked')
  expect(aeron.isClosed).toBe(true)
})

test('a conductor that has not run for half of the liveness timeout is told of, in words, before the next pause ends the client', () => {
  const stalls: ConductorStall[] = []
  aeron.close()
  const stallHandler = (stall: ConductorStall): void => {
    stalls.push(stall)
    throw new Error('no log')
  }
  const errorHandler = (error: Error): number => errors.push(error)
  aeron = Aeron.connectSync({ ...driver.clientOptions, stallHandler, errorHandler })
  driver.advance(4_999)
  invoke()
  expect(stalls).toEqual([])
  driver.advance(5_000)
  invoke()
  expect(stalls).toMatchObject([{ intervalMs: 5_000, timeoutMs: 10_000 }])
  expect(stalls[0]?.message).toMatch(/has not run for 5000 ms.*after 10000 ms the driver gives the client up/)
  expect(errors).toEqual([new Error('no log')])
  expect(aeron.isClosed).toBe(false)
  driver.advance(10_001)
  invoke()
  expect([stalls.length, aeron.isClosed]).toEqual([1, true])
})

test('stallThresholdMs sets from when on', () => {
  aeron.close()
  const told: number[] = []
  const stallHandler = ({ intervalMs }: ConductorStall): number => told.push(intervalMs)
  aeron = Aeron.connectSync({ ...driver.clientOptions, stallHandler, stallThresholdMs: 200 })
  for (const pauseMs of [199, 200, 1_000]) {
    driver.advance(pauseMs)
    invoke()
  }
  expect(told).toEqual([200, 1_000])
  expect(() => Aeron.connectSync({ ...driver.clientOptions, stallThresholdMs: 0 })).toThrow(RangeError)
})

test('a client timeout event with its own id ends the client', () => {
  driver.sendClientTimeout(aeron.clientId)
  invoke()
  expect(errors).toMatchObject([{ code: 'CLIENT_TIMEOUT' }])
  expect(aeron.isClosed).toBe(true)
})

test('the heartbeat counter is kept alive and labelled; when the driver takes it, the client ends', () => {
  const heartbeat = driver.createHeartbeat(aeron.clientId)
  for (let i = 0; i < 3; i++) {
    driver.advance(600)
    invoke()
    expect(driver.counters.getCounterValue(heartbeat)).toBe(BigInt(driver.clock.timeMs()))
  }
  expect(driver.counters.getCounterLabel(heartbeat)).toMatch(
    new RegExp(`^client-heartbeat: id=${aeron.clientId} name=me version=\\S+ commit=$`),
  )
  driver.counters.free(heartbeat)
  driver.advance(600)
  invoke()
  expect(errors).toMatchObject([{ code: 'CLIENT_TIMEOUT' }])
})
