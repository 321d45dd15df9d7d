import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DriverEvent, FakeDriver } from '../../test/support/fake-driver.ts'
import { Aeron } from '../aeron.ts'
import { CLOSED } from '../publication/publication-result.ts'

const CHANNEL = 'aeron:ipc'

let driver: FakeDriver
let aeron: Aeron
let told: string[]
let uncaught: unknown[]

function fail(what: string): never {
  told.push(what)
  throw new Error(what)
}

/** Runs what was left to the event loop, and keeps what it throws. */
function runMicrotask(task: () => void): void {
  try {
    task()
  } catch (error) {
    uncaught.push(error)
  }
}

beforeEach(() => {
  told = []
  uncaught = []
  vi.stubGlobal('queueMicrotask', runMicrotask)
  driver = new FakeDriver()
  aeron = Aeron.connectSync({
    ...driver.clientOptions,
    errorHandler: (error) => {
      throw error
    },
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  aeron.close()
  driver.close()
})

test('a client whose error handler throws closes all that it has', () => {
  const publicationId = aeron.asyncAddPublication(CHANNEL, 10)
  const log = driver.createLog('a')
  driver.sendPublicationReady(publicationId, log, driver.createCounter('pub-lmt', 1, publicationId))
  const subscriptionId = aeron.asyncAddSubscription(CHANNEL, 10, {
    onUnavailableImage: () => fail('unavailable'),
  })
  driver.sendSubscriptionReady(subscriptionId)
  driver.sendAvailableImage(publicationId, subscriptionId, log, driver.createCounter('sub-pos', 4, 1n))
  aeron.conductorAgentInvoker?.invoke()
  const publication = aeron.getPublication(publicationId)
  aeron.addCloseHandler(() => fail('first close handler'))
  aeron.addCloseHandler(() => fail('second close handler'))
  driver.receive()

  aeron.close()
  expect(publication?.offer(new Uint8Array(1))).toBe(CLOSED)
  expect(told).toEqual(['unavailable', 'first close handler', 'second close handler'])
  expect(uncaught).toMatchObject(told.map((message) => ({ message })))
  expect(driver.receive()).toHaveLength(1)
})

test('a callback that throws, and an error handler that does, keep no other callback from an event', () => {
  aeron.addAvailableCounterHandler(() => fail('first'))
  aeron.addAvailableCounterHandler(() => told.push('second'))
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 55n, 1)
  aeron.conductorAgentInvoker?.invoke()
  expect(told).toEqual(['first', 'second'])
  expect(uncaught).toMatchObject([{ message: 'first' }])
})
