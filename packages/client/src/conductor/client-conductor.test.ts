import { afterEach, beforeEach, expect, test } from 'vitest'
import { Command, DriverEvent, FakeDriver } from '../../test/support/fake-driver.ts'
import { type AeronError, isAeronError } from '../aeron-error.ts'
import { Aeron } from '../aeron.ts'
import type { AeronOptions } from '../aeron-options.ts'
import type { Image } from '../subscription/image.ts'
import { CLOSED } from '../publication/publication-result.ts'

const CHANNEL = 'aeron:ipc'

let driver: FakeDriver
let aeron: Aeron
let errors: Error[]

beforeEach(() => {
  driver = new FakeDriver()
  connect()
})

afterEach(() => {
  aeron.close()
  driver.close()
})

function connect(options: AeronOptions = {}): void {
  errors = []
  aeron?.close()
  aeron = Aeron.connectSync({
    ...driver.clientOptions,
    errorHandler: (error) => errors.push(error),
    ...options,
  })
}

function invoke(): void {
  aeron.conductorAgentInvoker?.invoke()
}

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

/** Adds a publication with the driver's part played. */
function addPublication(): { id: bigint; limitId: number; log: ReturnType<FakeDriver['createLog']> } {
  const id = aeron.asyncAddPublication(CHANNEL, 10)
  driver.receive()
  const log = driver.createLog(`pub-${id}`)
  const limitId = driver.createCounter('pub-lmt', 1, id)
  driver.sendPublicationReady(id, log, limitId)
  invoke()
  return { id, limitId, log }
}

/** Adds a subscription with one image, with the driver's part played. */
function addSubscriptionWithImage(handlers: { onUnavailableImage?: (image: Image) => void } = {}): bigint {
  const id = aeron.asyncAddSubscription(CHANNEL, 10, handlers)
  driver.sendSubscriptionReady(id)
  driver.sendAvailableImage(100n, id, driver.createLog(`image-${id}`), driver.createCounter('sub-pos', 4, id))
  invoke()
  return id
}

test('a publication is there once the driver has answered', () => {
  const id = aeron.asyncAddPublication(CHANNEL, 10)
  const [command] = driver.receive()
  expect(command).toMatchObject({
    typeId: Command.ADD_PUBLICATION,
    clientId: aeron.clientId,
    correlationId: id,
  })
  expect(aeron.getPublication(id)).toBeUndefined()
  driver.sendPublicationReady(id, driver.createLog('a'), driver.createCounter('pub-lmt', 1, id))
  const publication = aeron.getPublication(id)
  expect(publication).toMatchObject({ registrationId: id, sessionId: 7, streamId: 10, isOriginal: true })
  publication?.close()
  expect(publication?.offer(new Uint8Array(8))).toBe(CLOSED)
  expect(driver.receiveRemovals(Command.REMOVE_PUBLICATION)).toEqual([id])
  expect(aeron.getPublication(id)).toBeUndefined()
})

test('events of an unknown type, and of other clients, are ignored', () => {
  const id = aeron.asyncAddPublication(CHANNEL, 10)
  for (const typeId of [0x0f0b, 0x0f0c, 0x0f0d, 0x0fff, 0x7fff_ffff]) driver.sendUnknown(typeId)
  driver.sendError(999n, 1, 'not yours')
  driver.sendPublicationReady(998n, { path: '/nowhere' }, 0)
  driver.sendAvailableImage(997n, 996n, { path: '/nowhere' }, 0)
  driver.sendUnavailableImage(997n, 996n)
  driver.sendClientTimeout(aeron.clientId + 1n)
  driver.sendPublicationReady(id, driver.createLog('a'), driver.createCounter('pub-lmt', 1, id))
  invoke()
  expect(aeron.getPublication(id)).toBeDefined()
  expect(errors).toEqual([])
})

test('a refusal rejects with the code and the name of the driver', async () => {
  const promise = aeron.addSubscription('aeron:udp?endpoint=nowhere:1', 10)
  const [command] = driver.receive()
  driver.sendError(command!.correlationId, 9, 'ERROR - unresolved host')
  invoke()
  const error = await promise.catch((rejection: unknown) => rejection)
  if (!isAeronError(error, 'REGISTRATION_FAILED')) throw error
  expect(error.context).toEqual({
    correlationId: command!.correlationId,
    errorCode: 9,
    errorCodeName: 'UNKNOWN_HOST',
  })
  expect(error.message).toContain('UNKNOWN_HOST (9), unresolved host')
})

test('a refusal of a stepwise command is thrown once', () => {
  const id = aeron.asyncAddCounter(1001, { label: 'x' })
  driver.sendError(id, 99, 'no')
  expect(thrownBy(() => aeron.getCounter(id))).toMatchObject({
    code: 'REGISTRATION_FAILED',
    context: { errorCode: 99, errorCodeName: 'UNKNOWN_CODE_VALUE' },
  })
  expect(aeron.getCounter(id)).toBeUndefined()
})

test('an answer that does not come in time fails the command, and one that comes late is undone', () => {
  const publication = aeron.asyncAddPublication(CHANNEL, 10)
  const subscription = aeron.asyncAddSubscription(CHANNEL, 10)
  const counter = aeron.asyncAddCounter(1001, { label: 'x' })
  for (let waitedMs = 0; waitedMs <= 10_000; waitedMs += 500) {
    driver.advance(500)
    invoke()
  }
  for (const get of [
    () => aeron.getPublication(publication),
    () => aeron.getSubscription(subscription),
    () => aeron.getCounter(counter),
  ]) {
    expect(thrownBy(get)).toMatchObject({ code: 'COMMAND_TIMEOUT', context: { driverTimeoutMs: 10_000 } })
    expect(get()).toBeUndefined()
  }
  driver.receive()
  driver.sendPublicationReady(publication, driver.createLog('late'), 0)
  driver.sendSubscriptionReady(subscription)
  driver.sendAvailableImage(100n, subscription, { path: '/nowhere' }, 0)
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, counter, 0)
  invoke()
  expect(driver.receive().map(({ typeId }) => typeId)).toEqual([
    Command.REMOVE_PUBLICATION,
    Command.REMOVE_SUBSCRIPTION,
    Command.REMOVE_COUNTER,
  ])
  expect(errors).toEqual([])
  expect(aeron.isClosed).toBe(false)
})

test('an aborted command rejects with the reason of the signal, and a late answer is undone', async () => {
  const controller = new AbortController()
  const promise = aeron.addPublication(CHANNEL, 10, { signal: controller.signal })
  const [command] = driver.receive()
  const reason = new Error('changed my mind')
  controller.abort(reason)
  await expect(promise).rejects.toBe(reason)
  driver.sendPublicationReady(command!.correlationId, driver.createLog('a'), 0)
  invoke()
  expect(driver.receiveRemovals(Command.REMOVE_PUBLICATION)).toEqual([command!.correlationId])
  await expect(aeron.addPublication(CHANNEL, 10, { signal: controller.signal })).rejects.toBe(reason)
  expect(driver.receive()).toEqual([])
})

test('what is removed before the answer is undone when the answer comes', () => {
  const id = aeron.asyncAddExclusivePublication(CHANNEL, 10)
  aeron.asyncRemovePublication(id)
  expect(aeron.cancelRegistration(id)).toBe(false)
  driver.receive()
  driver.sendPublicationReady(id, driver.createLog('a'), 0)
  invoke()
  expect(driver.receiveRemovals(Command.REMOVE_PUBLICATION)).toEqual([id])
  expect(aeron.getExclusivePublication(id)).toBeUndefined()
})

test('a log that cannot be mapped fails its command only', () => {
  const id = aeron.asyncAddPublication(CHANNEL, 10)
  driver.receive()
  driver.sendPublicationReady(id, { path: `${driver.directory}/gone.logbuffer` }, 0)
  expect(thrownBy(() => aeron.getPublication(id))).toMatchObject({ code: 'LOG_BUFFER_UNUSABLE' })
  expect(driver.receiveRemovals(Command.REMOVE_PUBLICATION)).toEqual([id])
  const subscription = aeron.asyncAddSubscription(CHANNEL, 10)
  driver.sendSubscriptionReady(subscription)
  driver.sendAvailableImage(5n, subscription, { path: `${driver.directory}/gone.logbuffer` }, 0)
  invoke()
  expect(errors).toMatchObject([{ code: 'LOG_BUFFER_UNUSABLE' }])
  expect(aeron.getSubscription(subscription)?.hasNoImages).toBe(true)
  expect(addPublication().id).toBeGreaterThan(id)
})

test('images come and go with their events, each told once', () => {
  const told: string[] = []
  const id = aeron.asyncAddSubscription(CHANNEL, 10, {
    onAvailableImage: (image) => told.push(`+${image.correlationId} ${image.subscription.isConnected}`),
    onUnavailableImage: (image) => told.push(`-${image.correlationId} ${image.isClosed}`),
  })
  driver.sendSubscriptionReady(id)
  const log = driver.createLog('i')
  for (const imageId of [100n, 101n]) {
    driver.sendAvailableImage(imageId, id, log, driver.createCounter('sub-pos', 4, id))
  }
  driver.sendUnavailableImage(100n, id)
  driver.sendUnavailableImage(100n, id)
  invoke()
  const subscription = aeron.getSubscription(id)
  expect(subscription?.images.map((image) => image.correlationId)).toEqual([101n])
  subscription?.close()
  expect(told).toEqual(['+100 true', '+101 true', '-100 true', '-101 true'])
})

test('a command inside a callback is refused', () => {
  const refused: unknown[] = []
  aeron.addAvailableCounterHandler(() => {
    refused.push(thrownBy(() => aeron.asyncAddPublication(CHANNEL, 1)))
    refused.push(thrownBy(() => aeron.addCounterSync(1001, { label: 'x' })))
  })
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 55n, 1)
  invoke()
  expect(refused).toMatchObject([{ code: 'REENTRANT_CALL' }, { code: 'REENTRANT_CALL' }])
  expect(errors).toEqual([])
})

test('what a callback throws goes to the error handler, and the conductor goes on', () => {
  const told: bigint[] = []
  aeron.addAvailableCounterHandler(() => {
    throw new Error('mine')
  })
  const handler = (_reader: unknown, registrationId: bigint): number => told.push(registrationId)
  aeron.addAvailableCounterHandler(handler)
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 55n, 1)
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 56n, 2)
  invoke()
  expect(errors.map(({ message }) => message)).toEqual(['mine', 'mine'])
  expect(told).toEqual([55n, 56n])
  expect(aeron.removeAvailableCounterHandler(handler)).toBe(true)
  expect(aeron.removeAvailableCounterHandler(handler)).toBe(false)
})

test('without an error handler, the next call throws what a callback threw, once', () => {
  aeron.close()
  aeron = Aeron.connectSync(driver.clientOptions)
  aeron.addAvailableCounterHandler(() => {
    throw new Error('mine')
  })
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 55n, 1)
  invoke()
  expect(thrownBy(() => aeron.asyncAddPublication(CHANNEL, 1))).toMatchObject({
    code: 'UNHANDLED_ERROR',
    cause: { message: 'mine' },
  })
  expect(aeron.asyncAddPublication(CHANNEL, 1)).toBeGreaterThan(0n)
})

test('a failed channel is reported to the clients that use it', () => {
  const id = aeron.asyncAddSubscription('aeron:udp?endpoint=localhost:1', 10)
  driver.sendSubscriptionReady(id, 3)
  driver.sendError(3n, 4, 'address in use')
  driver.sendError(4n, 4, 'address in use')
  invoke()
  expect(errors).toMatchObject([{ code: 'CHANNEL_ENDPOINT_ERROR', context: { channelStatusId: 3 } }])
})

test('a driver that falls silent ends the client, once, with all that it had', () => {
  const order: string[] = []
  connect({
    errorHandler: (error) => order.push((error as AeronError).code),
    closeHandler: () => order.push('closed'),
  })
  const { id } = addPublication()
  const publication = aeron.getPublication(id)
  const subscription = aeron.getSubscription(
    addSubscriptionWithImage({ onUnavailableImage: () => order.push('unavailable') }),
  )
  const image = subscription?.images[0]
  const pending = aeron.addPublication(CHANNEL, 11)
  for (let waitedMs = 0; waitedMs < 12_000; waitedMs += 1_000) {
    driver.clock.advance(1_000)
    invoke()
  }
  expect(order).toEqual(['unavailable', 'DRIVER_TIMEOUT', 'closed'])
  expect(aeron.isClosed).toBe(true)
  expect(publication?.offer(new Uint8Array(1))).toBe(CLOSED)
  expect(subscription?.isClosed).toBe(true)
  expect(image?.poll(() => {}, 1)).toBe(0)
  expect(thrownBy(() => aeron.asyncAddPublication(CHANNEL, 1))).toMatchObject({
    code: 'CLIENT_CLOSED',
    cause: { code: 'DRIVER_TIMEOUT' },
  })
  return expect(pending).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
})

test('events overwritten before they were read end the client', () => {
  for (let i = 0; i < 3_000; i++) driver.sendUnknown(0x0fff)
  invoke()
  expect(errors).toMatchObject([{ code: 'DRIVER_EVENTS_LAPPED' }])
  expect(aeron.isClosed).toBe(true)
})

test('a full command buffer delays commands, in their order, and loses none', () => {
  const ids = Array.from({ length: 300 }, (_, i) => aeron.asyncAddPublication(CHANNEL, i))
  const received: bigint[] = []
  for (let turn = 0; turn < 10 && received.length < ids.length; turn++) {
    received.push(...driver.receive().map(({ correlationId }) => correlationId))
    invoke()
  }
  expect(received).toEqual(ids)
})

test('close() sends one close command, no removals, and runs the close handlers once', () => {
  let closed = 0
  aeron.addCloseHandler(() => closed++)
  const removed = (): number => closed++
  aeron.addCloseHandler(removed)
  expect(aeron.removeCloseHandler(removed)).toBe(true)
  addPublication()
  aeron.close()
  aeron.close()
  expect(driver.receive().map(({ typeId }) => typeId)).toEqual([Command.CLIENT_CLOSE])
  expect(closed).toBe(1)
  expect(thrownBy(() => aeron.nextCorrelationId())).toMatchObject({ code: 'CLIENT_CLOSED' })
})

test('close() inside a callback takes effect when the turn is over', () => {
  const seen: boolean[] = []
  aeron.addAvailableCounterHandler(() => {
    aeron.close()
    seen.push(aeron.isClosed)
  })
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 55n, 1)
  driver.sendCounter(DriverEvent.ON_COUNTER_READY, 56n, 1)
  invoke()
  expect(seen).toEqual([false, false])
  expect(aeron.isClosed).toBe(true)
})

test('a blocking call runs the conductor, and ends with the deadline of its command', () => {
  const realTime = {
    epochClock: driver.clock,
    useConductorAgentInvoker: true,
    driverTimeoutMs: 50,
    keepAliveIntervalMs: 40,
  }
  aeron.close()
  aeron = Aeron.connectSync({ aeronDirectory: driver.directory, ...realTime })
  expect(thrownBy(() => aeron.addPublicationSync(CHANNEL, 1))).toMatchObject({ code: 'COMMAND_TIMEOUT' })
  expect(aeron.isClosed).toBe(false)
})

test('arguments that no driver would take are refused at once', () => {
  expect(() => aeron.asyncAddPublication('x'.repeat(4096), 1)).toThrow(RangeError)
  expect(() => aeron.asyncAddPublication('aeron:ipc?alias=ü', 1)).toThrow(RangeError)
  expect(() => aeron.asyncAddPublication(CHANNEL, 1.5)).toThrow(RangeError)
  expect(() => aeron.asyncAddCounter(1, { label: 'x'.repeat(381) })).toThrow(RangeError)
  expect(() => aeron.asyncAddCounter(1, { key: new Uint8Array(113), label: '' })).toThrow(RangeError)
  expect(driver.receive()).toEqual([])
})
