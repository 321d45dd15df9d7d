import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DriverEvent, FakeDriver } from '../../test/support/fake-driver.ts'
import { Aeron } from '../aeron.ts'

const CHANNEL = 'aeron:udp?endpoint=localhost:1'

let driver: FakeDriver
let aeron: Aeron
let errors: Error[]

beforeEach(() => {
  errors = []
  driver = new FakeDriver()
  aeron = Aeron.connectSync({ ...driver.clientOptions, errorHandler: (error) => errors.push(error) })
})

afterEach(() => {
  aeron.close()
  driver.close()
})

function invoke(): void {
  aeron.conductorAgentInvoker?.invoke()
}

test('an event that cannot be read goes to the error handler, not to the event loop, and the client goes on', async () => {
  driver.ring.updateConsumerHeartbeatTime(BigInt(Date.now()))
  const timed = await Aeron.connect({
    aeronDirectory: driver.directory,
    errorHandler: (error) => errors.push(error),
  })
  const uncaught: unknown[] = []
  const onUncaught = (error: unknown): number => uncaught.push(error)
  process.on('uncaughtException', onUncaught)
  try {
    // An error whose text is -1 bytes long.
    driver.sendUnknown(DriverEvent.ON_ERROR)
    for (let turn = 0; turn < 100 && errors.length === 0 && uncaught.length === 0; turn++) await sleep(5)
  } finally {
    process.off('uncaughtException', onUncaught)
  }
  expect(uncaught).toEqual([])
  expect(errors).toMatchObject([{ name: 'RangeError' }])
  expect(timed.isClosed).toBe(false)
  timed.close()
})

test('an error of a channel fails no command that has the number of its status counter for an id', () => {
  const used = aeron.asyncAddSubscription(CHANNEL, 10)
  const statusId = used + 1n
  driver.sendSubscriptionReady(used, Number(statusId))
  invoke()
  const pending = aeron.asyncAddSubscription(CHANNEL, 11)
  expect(pending).toBe(statusId)
  driver.sendError(statusId, 4, 'address in use')
  driver.sendSubscriptionReady(pending, 5)
  invoke()
  expect(errors).toMatchObject([
    { code: 'CHANNEL_ENDPOINT_ERROR', context: { channelStatusId: Number(statusId) } },
  ])
  expect(aeron.getSubscription(pending)?.isClosed).toBe(false)
})

test('a publication of the other kind is refused, not pending for ever', () => {
  const exclusive = aeron.asyncAddExclusivePublication(CHANNEL, 10)
  const concurrent = aeron.asyncAddPublication(CHANNEL, 11)
  for (const id of [exclusive, concurrent]) {
    driver.sendPublicationReady(id, driver.createLog(`${id}`), driver.createCounter('pub-lmt', 1, id))
  }
  invoke()
  expect(() => aeron.getPublication(exclusive)).toThrow(/getExclusivePublication/)
  expect(() => aeron.getExclusivePublication(concurrent)).toThrow(/getPublication/)
  expect(aeron.getExclusivePublication(exclusive)).toBeDefined()
  expect(aeron.getPublication(concurrent)).toBeDefined()
})

test.each([2 ** 32 + 5, 1.5, Number.NaN])('a counter of type %d is refused', (typeId) => {
  expect(() => aeron.asyncAddCounter(typeId, { label: 'x' })).toThrow(RangeError)
  expect(driver.receive()).toEqual([])
})
