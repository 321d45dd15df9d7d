import { afterEach, beforeEach, expect, test } from 'vitest'
import { Command, DriverEvent, FakeDriver } from '../../test/support/fake-driver.ts'
import { AtomicBuffer } from '@x/atomic'
import { Aeron } from '../aeron.ts'
import { DestinationByIdMessageFlyweight } from '../command/destination-by-id-message-flyweight.ts'
import { PublicationErrorFlyweight } from '../command/publication-error-flyweight.ts'
import type { Image } from '../subscription/image.ts'
import type { PublicationErrorFrame } from '../publication-error-frame.ts'
import type { Publication } from '../publication/publication.ts'

let driver: FakeDriver
let aeron: Aeron
let errors: Error[]
let frames: PublicationErrorFrame[]

beforeEach(() => {
  errors = []
  frames = []
  driver = new FakeDriver()
  aeron = Aeron.connectSync({
    ...driver.clientOptions,
    errorHandler: (error) => errors.push(error),
    publicationErrorFrameHandler: (frame) => frames.push(frame),
  })
})

afterEach(() => {
  aeron.close()
  driver.close()
})

/** Makes the system counters as far as the one that holds the version of the control protocol. */
function tellVersion(packed: bigint, controlProtocol = 0n): void {
  for (let id = 0; id <= 43; id++) driver.createCounter(`system ${id}`, 0, BigInt(id))
  driver.setCounter(34, packed)
  driver.setCounter(43, controlProtocol)
}

function addPublication(): Publication {
  const id = aeron.asyncAddPublication('aeron:udp?control-mode=manual', 10)
  driver.sendPublicationReady(id, driver.createLog('a'), driver.createCounter('pub-lmt', 1, id), 77n)
  const publication = aeron.getPublication(id)
  if (publication === undefined) throw new Error('The publication must be there')
  driver.receive()
  return publication
}

function addImage(channel: string): Image {
  const id = aeron.asyncAddSubscription(channel, 10)
  driver.sendSubscriptionReady(id)
  driver.sendAvailableImage(100n, id, driver.createLog('i'), driver.createCounter('sub-pos', 4, id))
  const image = aeron.getSubscription(id)?.images[0]
  if (image === undefined) throw new Error('The image must be there')
  driver.receive()
  return image
}

test.each([
  [0x01_2e_01n, 0x10],
  [0x01_2e_09n, 0x10],
  [0x01_2f_00n, 0x11],
  [0x01_33_00n, 0x11],
])('a driver of version %s is told by command %i to remove a destination by its id', (version, typeId) => {
  tellVersion(version)
  addPublication().asyncRemoveDestination(5n)
  const [command] = driver.receive()
  expect(command?.typeId).toBe(typeId)
  // The id of the publication is the one that the driver knows: the original.
  expect(new DestinationByIdMessageFlyweight().wrap(command!.body, 0)).toMatchObject({
    registrationId: 77n,
    destinationRegistrationId: 5n,
  })
})

test('what a driver is too old for is refused, and nothing is sent', () => {
  tellVersion(0x01_2c_00n)
  const tooOld = expect.objectContaining({ code: 'DRIVER_TOO_OLD' }) as Error
  const publication = addPublication()
  const image = addImage('aeron:udp?endpoint=localhost:1')
  expect(() => publication.asyncRemoveDestination(5n)).toThrow(tooOld)
  expect(() => image.asyncReject('no')).toThrow(tooOld)
  expect(() => aeron.asyncAddStaticCounter(1_001, 1n, { label: 'x' })).toThrow(tooOld)
  expect(driver.receive()).toEqual([])
})

test('a driver of 1.46 is never sent a rejection: it would remove a destination', () => {
  tellVersion(0x01_2e_09n)
  const image = addImage('aeron:udp?endpoint=localhost:1')
  expect(() => image.asyncReject('no')).toThrow(/must be Aeron 1.47.0 or newer/)
  expect(driver.receive()).toEqual([])
})

test('a rejection of an IPC image needs 1.48', () => {
  tellVersion(0x01_2f_00n)
  expect(() => addImage('aeron:ipc').asyncReject('no')).toThrow(/must be Aeron 1.48.0 or newer/)
})

test('without the command, a session id is a random one outside of those that are reserved', () => {
  tellVersion(0x01_2f_00n)
  const sessionIds = Array.from({ length: 50 }, () => aeron.nextSessionIdSync(10))
  expect(driver.receive()).toEqual([])
  expect(sessionIds.every((id) => (id < -1 || id > 1_000) && (id | 0) === id)).toBe(true)
  expect(new Set(sessionIds).size).toBeGreaterThan(40)
})

test('an operation that is not answered fails with its deadline, and tells the error handler when nobody waits', async () => {
  tellVersion(0x01_33_00n)
  const publication = addPublication()
  const awaited = publication.addDestination('aeron:udp?endpoint=localhost:1')
  const id = publication.asyncAddDestination('aeron:udp?endpoint=localhost:2')
  expect(aeron.isCommandActive(id)).toBe(true)
  expect(aeron.hasActiveCommands).toBe(true)
  for (let waitedMs = 0; waitedMs <= 10_000; waitedMs += 500) {
    driver.advance(500)
    aeron.conductorAgentInvoker?.invoke()
  }
  await expect(awaited).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' })
  expect(errors).toMatchObject([{ code: 'COMMAND_TIMEOUT', context: { correlationId: id } }])
  expect(aeron.isCommandActive(id)).toBe(false)
  expect(aeron.hasActiveCommands).toBe(false)
})

test('an aborted operation rejects with the reason of the signal', async () => {
  const publication = addPublication()
  const controller = new AbortController()
  const { signal } = controller
  const promise = publication.addDestination('aeron:udp?endpoint=localhost:1', { signal })
  controller.abort(new Error('changed my mind'))
  await expect(promise).rejects.toThrow('changed my mind')
  expect(aeron.hasActiveCommands).toBe(false)
})

test.each([
  [[10, 0, 0, 1], '10.0.0.1:40123'],
  [[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], '[fe80:0:0:0:0:0:0:1]:40123'],
])('an error frame from %j reaches the handler of its publication alone', (address, text) => {
  addPublication()
  const scratch = AtomicBuffer.allocate(256)
  const event = new PublicationErrorFlyweight().wrap(scratch, 0)
  for (const registrationId of [76n, 77n]) {
    Object.assign(event, {
      registrationId,
      destinationRegistrationId: -1n,
      sessionId: 7,
      streamId: 10,
      receiverId: 9n,
      groupTag: -1n,
      errorCode: 13,
      errorMessage: 'why',
    })
    event.putSourceAddress(Uint8Array.from(address), 40_123)
    driver.sendRaw(DriverEvent.ON_PUBLICATION_ERROR, scratch.bytes.subarray(0, event.length))
  }
  aeron.conductorAgentInvoker?.invoke()
  expect(frames).toEqual([
    {
      registrationId: 77n,
      destinationRegistrationId: undefined,
      sessionId: 7,
      streamId: 10,
      receiverId: 9n,
      groupTag: undefined,
      sourceAddress: text,
      errorCode: 13,
      errorCodeName: 'IMAGE_REJECTED',
      errorMessage: 'why',
    },
  ])
})

test('commands have their own type each', () => {
  expect(new Set(Object.values(Command)).size).toBe(Object.keys(Command).length)
})
