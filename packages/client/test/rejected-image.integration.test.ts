import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Aeron } from '@x/client'
import { eventually } from './support/eventually.ts'

const IMAGE_LIVENESS_TIMEOUT_MS = 1_500
const STREAM_ID = 10
const WAIT_MS = 60_000

let driver: MediaDriverProcess

beforeAll(async () => {
  driver = await launchMediaDriver({
    properties: { 'aeron.image.liveness.timeout': `${IMAGE_LIVENESS_TIMEOUT_MS}ms` },
  })
})

afterAll(async () => {
  await driver?.close()
})

test('a subscription whose image was rejected gets a new one in the same place, when the driver has cooled down', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using subscription = await aeron.addSubscription('aeron:ipc', STREAM_ID)
  using publication = await aeron.addExclusivePublication('aeron:ipc', STREAM_ID)
  await eventually(() => subscription.isConnected && publication.isConnected)
  await eventually(() => publication.offer(Buffer.from('not read')) > 0)
  const rejected = subscription.images[0]!

  const startMs = performance.now()
  await rejected.reject('not now')
  await eventually(() => rejected.isClosed && subscription.hasNoImages && !publication.isConnected)
  expect(publication.offer(Buffer.from('to nobody'))).toBeLessThan(0)

  await eventually(() => subscription.isConnected && publication.isConnected, WAIT_MS)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(IMAGE_LIVENESS_TIMEOUT_MS)
  const image = subscription.images[0]!
  expect(image).not.toBe(rejected)
  expect(image.joinPosition).toBe(rejected.position)
  await eventually(() => publication.offer(Buffer.from('again')) > 0)
  const texts: string[] = []
  await eventually(() => {
    subscription.poll((buffer, offset, length) => {
      texts.push(buffer.getStringWithoutLengthUtf8(offset, length))
    }, 10)
    return texts.length > 1
  })
  expect(texts).toEqual(['not read', 'again'])
})
