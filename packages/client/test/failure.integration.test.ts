import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Aeron, type AeronError, CLOSED, isAeronError, NOT_CONNECTED } from '@x/client'
import { eventually } from './support/eventually.ts'

let driver: MediaDriverProcess
let aeron: Aeron
let events: string[]

beforeEach(async () => {
  events = []
  driver = await launchMediaDriver({ fastTimeouts: true })
  aeron = await Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    driverTimeoutMs: 5_000,
    errorHandler: (error) => events.push((error as AeronError).code),
    closeHandler: () => events.push('closed'),
  })
})

afterEach(async () => {
  aeron?.close()
  await driver?.close()
})

test('a channel that the driver rejects gives its error, and the client goes on', async () => {
  for (const [channel, errorCodeName] of [
    ['aeron:ipc?', 'INVALID_CHANNEL'],
    ['nonsense', 'INVALID_CHANNEL'],
    ['aeron:udp?endpoint=localhost', 'INVALID_CHANNEL'],
    ['aeron:udp?endpoint=no-such-host.invalid:40456', 'INVALID_CHANNEL'],
    ['aeron:ipc?term-length=1000', 'GENERIC_ERROR'],
  ] as const) {
    const error = await aeron.addPublication(channel, 1).catch((rejection: unknown) => rejection)
    if (!isAeronError(error, 'REGISTRATION_FAILED')) throw error
    expect([channel, error.context.errorCodeName]).toEqual([channel, errorCodeName])
    expect(() => aeron.addExclusivePublicationSync(channel, 1)).toThrow(/the driver says/)
  }
  using publication = await aeron.addPublication('aeron:ipc', 1)
  expect(publication.offer(new Uint8Array(1))).toBe(NOT_CONNECTED)
  expect(events).toEqual([])
})

test('the death of the driver closes the client: one error, then the close handler', async () => {
  const subscription = await aeron.addSubscription('aeron:ipc', 1, {
    onUnavailableImage: () => events.push('unavailable'),
  })
  const publication = await aeron.addPublication('aeron:ipc', 1)
  await eventually(() => publication.isConnected && subscription.isConnected)
  await driver.kill('SIGKILL')
  await eventually(() => aeron.isClosed)
  expect(events).toEqual(['unavailable', 'DRIVER_TIMEOUT', 'closed'])
  expect(publication.offer(new Uint8Array(1))).toBe(CLOSED)
  expect(subscription.poll(() => {}, 1)).toBe(0)
  await expect(aeron.addPublication('aeron:ipc', 1)).rejects.toMatchObject({
    code: 'CLIENT_CLOSED',
    cause: { code: 'DRIVER_TIMEOUT' },
  })
})

test('an event loop blocked for half as long as the driver waits is told of, and costs nothing', async () => {
  const stalls: string[] = []
  // The other half is for a machine that is busy with others.
  await using patient = await launchMediaDriver({ properties: { 'aeron.client.liveness.timeout': '8s' } })
  using watched = await Aeron.connect({
    aeronDirectory: patient.aeronDirectory,
    stallHandler: ({ message }) => stalls.push(message),
  })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_100)
  await eventually(() => stalls.length > 0)
  expect(stalls[0]).toMatch(/has not run for [4-7]\d{3} ms.*after 8000 ms the driver gives the client up/)
  using publication = await watched.addPublication('aeron:ipc', 1)
  expect(publication.isClosed).toBe(false)
})

test('an event loop blocked for longer than the driver waits closes the client, and says so', async () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_500)
  await eventually(() => aeron.isClosed)
  expect(events).toEqual(['CONDUCTOR_SERVICE_TIMEOUT', 'closed'])
  using next = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  expect(next.isClosed).toBe(false)
})

test('an endpoint with port 0 can be resolved', async () => {
  using subscription = await aeron.addSubscription('aeron:udp?endpoint=127.0.0.1:0|alias=x', 1)
  await eventually(() => subscription.tryResolveChannelEndpointPort() !== undefined)
  const channel = subscription.tryResolveChannelEndpointPort()
  expect(channel).toMatch(/^aeron:udp\?endpoint=127\.0\.0\.1:[1-9]\d+\|alias=x$/)
  expect(subscription.channelStatus).toBe(1)
  using publication = await aeron.addPublication(channel!, 1)
  await eventually(() => publication.isConnected)
  expect(publication.channelStatus).toBe(1)
})

test('two clients of one driver share a concurrent publication, and have exclusive ones of their own', async () => {
  using other = Aeron.connectSync({ aeronDirectory: driver.aeronDirectory, useConductorAgentInvoker: true })
  using mine = await aeron.addPublication('aeron:ipc', 5)
  using theirs = other.addPublicationSync('aeron:ipc', 5)
  expect(theirs.sessionId).toBe(mine.sessionId)
  expect([mine.isOriginal, theirs.isOriginal]).toEqual([true, false])
  using exclusive = await aeron.addExclusivePublication('aeron:ipc', 5)
  expect(exclusive.sessionId).not.toBe(mine.sessionId)
  using subscription = other.addSubscriptionSync('aeron:ipc', 5)
  await eventually(() => {
    other.conductorAgentInvoker?.invoke()
    return subscription.imageCount === 2
  })
  for (const publication of [mine, theirs, exclusive])
    await eventually(() => publication.offer(new Uint8Array(4)) > 0)
  let received = 0
  await eventually(() => (received += subscription.poll(() => {}, 10)) === 3)
})
