import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { AtomicBuffer } from '@x/atomic'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Aeron, BufferClaim, FragmentAssembler, type Publication, type Subscription } from '@x/client'
import { eventually } from './support/eventually.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'

let driver: MediaDriverProcess
let aeron: Aeron

beforeAll(async () => {
  driver = await launchMediaDriver()
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory, clientName: 'ipc-test' })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
})

/** Every length that behaves in a way of its own: empty, one frame, the last that fits one, the first that does not, the longest. */
function lengthsFor(publication: Publication): number[] {
  const { maxPayloadLength, maxMessageLength } = publication
  return [
    0,
    1,
    31,
    32,
    33,
    maxPayloadLength - 1,
    maxPayloadLength,
    maxPayloadLength + 1,
    2 * maxPayloadLength,
    maxMessageLength,
  ]
}

function message(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff)
}

/** Publishes each message and reads it back before the next, `rounds` times, so that terms come and go. */
async function exchange(publication: Publication, subscription: Subscription, rounds: number): Promise<void> {
  const received: Uint8Array[] = []
  const assembler = new FragmentAssembler((buffer, offset, length, header) => {
    expect(header.position).toBe(expectedPosition)
    expect(header.flags & 0xc0).toBe(0xc0)
    expect(header.frameLength).toBe(length + 32)
    received.push(buffer.bytes.slice(offset, offset + length))
  })
  let expectedPosition = 0
  for (let round = 0; round < rounds; round++) {
    for (const length of lengthsFor(publication)) {
      const sent = message(length, round)
      await eventually(() => {
        expectedPosition = publication.offer(sent)
        return expectedPosition > 0
      })
      await eventually(() => {
        subscription.poll(assembler.onFragment, 10)
        return received.length > 0
      })
      expect(received.shift()).toEqual(sent)
      expect(received).toEqual([])
    }
  }
}

for (const kind of ['concurrent', 'exclusive'] as const) {
  test(`messages of every length go over IPC through a ${kind} publication, term after term`, async () => {
    using subscription = await aeron.addSubscription(CHANNEL, 10)
    using publication =
      kind === 'exclusive'
        ? await aeron.addExclusivePublication(CHANNEL, 10)
        : await aeron.addPublication(CHANNEL, 10)
    await eventually(() => publication.isConnected && subscription.isConnected)
    await exchange(publication, subscription, 25)
    expect(publication.position).toBe(subscription.images[0]?.position)
    expect(publication.position).toBeGreaterThan(4 * publication.termBufferLength)
  })
}

test('tryClaim() publishes what was written in place, and skips what was aborted', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, 11)
  using publication = await aeron.addPublication(CHANNEL, 11)
  await eventually(() => publication.availableWindow > 0 && subscription.isConnected)
  const claim = new BufferClaim()
  expect(publication.tryClaim(8, claim)).toBe(64)
  claim.buffer.putInt64(claim.offset, 1n)
  claim.abort()
  expect(publication.tryClaim(8, claim)).toBe(128)
  claim.buffer.putInt64(claim.offset, 2n)
  claim.reservedValue = 77n
  claim.commit()
  const values: bigint[] = []
  await eventually(() => {
    subscription.poll(
      (buffer, offset, _, header) => values.push(buffer.getInt64(offset), header.reservedValue),
      10,
    )
    return values.length > 0
  })
  expect(values).toEqual([2n, 77n])
})

test('counters are seen by name, type and key, and go when they are closed', async () => {
  const key = AtomicBuffer.allocate(8)
  key.putInt64(0, 42n)
  const counter = await aeron.addCounter(1001, { key, label: 'my counter' })
  counter.set(5n)
  expect(counter.getAndAdd(2n)).toBe(5n)
  expect([counter.increment(), counter.decrement(), counter.get()]).toEqual([7n, 8n, 7n])
  const { countersReader } = aeron
  expect(countersReader.getCounterValue(counter.id)).toBe(7n)
  expect(countersReader.getCounterLabel(counter.id)).toBe('my counter')
  expect(countersReader.getCounterTypeId(counter.id)).toBe(1001)
  expect(countersReader.getCounterKey(counter.id).getInt64(0)).toBe(42n)
  expect(countersReader.getCounterRegistrationId(counter.id)).toBe(counter.registrationId)
  expect(countersReader.getCounterOwnerId(counter.id)).toBe(aeron.clientId)
  counter.close()
  await eventually(() => countersReader.findByTypeIdAndRegistrationId(1001, counter.registrationId) === -1)
})

test("the driver's counter of a subscriber's position refers to its image, and is owned by its client", async () => {
  using subscription = await aeron.addSubscription(CHANNEL, 15)
  using publication = await aeron.addPublication(CHANNEL, 15)
  await eventually(() => subscription.isConnected && publication.isConnected)
  const { countersReader, clientId } = aeron
  const image = subscription.images[0]!
  const id = image.subscriberPositionId
  expect(countersReader.getCounterReferenceId(id)).toBe(image.correlationId)
  expect(countersReader.getCounterRegistrationId(id)).toBe(subscription.registrationId)
  expect(countersReader.getCounterOwnerId(id)).toBe(clientId)
})

test('the heartbeat counter of the client carries its name', async () => {
  const { countersReader, clientId } = aeron
  const label = (): string => {
    const id = countersReader.findByTypeIdAndRegistrationId(11, clientId)
    return id < 0 ? '' : countersReader.getCounterLabel(id)
  }
  await expect.poll(label, { timeout: 30_000 }).toContain('name=ipc-test version=')
})

test('revoke() takes the image away from subscribers that have not read to the end', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, 12)
  const publication = await aeron.addExclusivePublication(CHANNEL, 12)
  await eventually(() => publication.availableWindow > 0 && subscription.isConnected)
  expect(publication.offer(new Uint8Array(8))).toBe(64)
  const image = subscription.images[0]
  publication.revoke()
  await eventually(() => subscription.hasNoImages)
  expect([image?.isClosed, image?.position]).toEqual([true, 0])
})
