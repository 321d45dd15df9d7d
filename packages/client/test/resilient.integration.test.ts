import { launchMediaDriver, reservePorts, type MediaDriverProcess } from '@x/aeron-tooling'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AeronError, CLOSED, NOT_CONNECTED, ResilientAeron } from '@x/client'
import { eventually } from './support/eventually.ts'

/** Longer than a busy machine stands still. */
const DRIVER_TIMEOUT_MS = 4_000

let driver: MediaDriverProcess
let aeron: ResilientAeron
let events: string[]
/** How much more time has passed for the client than has: what it waits for a driver that is gone does not have to pass. */
let passedMs: number

beforeEach(async () => {
  events = []
  passedMs = 0
  driver = await launchMediaDriver({ fastTimeouts: true })
  aeron = await ResilientAeron.connect({
    aeronDirectory: driver.aeronDirectory,
    driverTimeoutMs: DRIVER_TIMEOUT_MS,
    epochClock: { timeMs: () => Date.now() + passedMs },
    retryIntervalMs: 50,
    errorHandler: (error) => events.push(`error ${(error as AeronError).code}`),
    onDisconnect: (cause) => events.push(`lost ${(cause as AeronError).code}`),
    onReconnect: () => events.push('back'),
    onRetry: (error) => events.push(`retry ${(error as AeronError).code}`),
  })
})

afterEach(async () => {
  await aeron?.close()
  await driver?.close()
})

test('a driver that is killed and restarted costs one error; publications and subscriptions go on', async () => {
  const images: string[] = []
  const subscription = await aeron.addSubscription('aeron:ipc', 10, {
    onAvailableImage: () => images.push('+'),
    onUnavailableImage: () => images.push('-'),
  })
  const publication = await aeron.addPublication('aeron:ipc', 10)
  const closedBefore = await aeron.addExclusivePublication('aeron:ipc', 11)
  closedBefore.close()
  const exchange = async (text: string): Promise<void> => {
    await eventually(() => publication.offer(Buffer.from(text)) > 0)
    let heard = ''
    await eventually(() => {
      subscription.poll((buffer, offset, length) => {
        heard = buffer.getStringWithoutLengthUtf8(offset, length)
      }, 1)
      return heard === text
    })
  }
  await exchange('before')
  const first = aeron.current
  await driver.kill('SIGKILL')
  passedMs = DRIVER_TIMEOUT_MS
  await eventually(() => events.length > 1)
  expect(events.slice(0, 2)).toEqual(['error DRIVER_TIMEOUT', 'lost DRIVER_TIMEOUT'])
  expect([publication.offer(Buffer.from('nobody')), subscription.poll(() => {}, 1)]).toEqual([
    NOT_CONNECTED,
    0,
  ])
  await eventually(() => events.includes('retry DRIVER_TIMEOUT'))
  const waiting = aeron.addSubscription('aeron:ipc', 12)
  passedMs = 0
  await driver.restart()
  await eventually(() => events.includes('back'))
  expect(aeron.current).not.toBe(first)
  expect((await waiting).current?.isClosed).toBe(false)
  await exchange('after')
  expect(images).toEqual(['+', '-', '+'])
  expect(events.filter((event) => !event.startsWith('retry'))).toEqual([
    'error DRIVER_TIMEOUT',
    'lost DRIVER_TIMEOUT',
    'back',
  ])
  expect(closedBefore.offer(Buffer.from('x'))).toBe(CLOSED)
  await aeron.close()
  expect(publication.offer(Buffer.from('x'))).toBe(CLOSED)
  await expect(aeron.addPublication('aeron:ipc', 1)).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
})

test('an event loop blocked for longer than the driver waits costs one error, and the client comes back', async () => {
  const publication = await aeron.addPublication('aeron:ipc', 10)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_500)
  await eventually(() => events.includes('back'))
  expect(events).toEqual(['error CONDUCTOR_SERVICE_TIMEOUT', 'lost CONDUCTOR_SERVICE_TIMEOUT', 'back'])
  expect(publication.current?.isClosed).toBe(false)
})

test('close() while there is no driver ends the attempts', async () => {
  await aeron.addPublication('aeron:ipc', 10)
  await driver.kill('SIGKILL')
  passedMs = DRIVER_TIMEOUT_MS
  await eventually(() => events.some((event) => event.startsWith('lost')))
  await aeron.close()
  expect(aeron.isClosed).toBe(true)
  expect(aeron.current).toBeUndefined()
})

test('destinations are added again with the client, those that were removed are not', async () => {
  const ports = await reservePorts(2)
  const [first, second] = ports.ports.map((port) => `aeron:udp?endpoint=127.0.0.1:${port}`) as [
    string,
    string,
  ]
  const publication = await aeron.addPublication('aeron:udp?control-mode=manual', 10)
  const subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', 10)
  await publication.addDestination(first)
  await publication.addDestination(second)
  await publication.removeDestination(second)
  await subscription.addDestination(first)
  await expect(subscription.addDestination('aeron:udp?endpoint=127.0.0.1')).rejects.toMatchObject({
    code: 'REGISTRATION_FAILED',
  })
  await eventually(() => publication.isConnected && subscription.isConnected)
  await driver.kill('SIGKILL')
  passedMs = DRIVER_TIMEOUT_MS
  await eventually(() => events.some((event) => event.startsWith('lost')))
  // Nobody is there to take it: it is added with the next client.
  await subscription.addDestination(second)
  passedMs = 0
  await driver.restart()
  await eventually(() => publication.isConnected && subscription.isConnected)
  expect(
    subscription.current?.localSocketAddresses.map((address) => address.split(':')[1]).toSorted(),
  ).toEqual(ports.ports.map(String).toSorted())
  const counters = aeron.current!.countersReader
  const numberOfDestinations = counters.findCounter((id) =>
    counters.getCounterLabel(id).startsWith('mdc-num-dest'),
  )
  expect(counters.getCounterValue(numberOfDestinations)).toBe(1n)
  subscription.close()
  await expect(subscription.addDestination(first)).rejects.toMatchObject({ code: 'RESOURCE_CLOSED' })
  ports.release()
})
