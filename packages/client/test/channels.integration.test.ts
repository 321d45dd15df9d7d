import {
  type JavaProgram,
  launchJava,
  launchMediaDriver,
  type MediaDriverProcess,
  reservePorts,
} from '@x/aeron-tooling'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import { Aeron, channelUri, type Subscription } from '@x/client'
import { eventually } from './support/eventually.ts'

// Programs of Aeron's jar on one side, this client on the other, over channels of several receivers, and through a driver that loses frames.

const LOSS = {
  'aeron.SendChannelEndpoint.supplier': 'io.aeron.driver.ext.DebugSendChannelEndpointSupplier',
  'aeron.ReceiveChannelEndpoint.supplier': 'io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier',
  'aeron.debug.receive.data.loss.rate': '0.1',
  'aeron.debug.receive.data.loss.seed': '7',
  'aeron.debug.send.control.loss.rate': '0.05',
  'aeron.debug.send.control.loss.seed': '11',
}

let driver: MediaDriverProcess
let aeron: Aeron
let ports: readonly number[]
let releasePorts: () => unknown

beforeAll(async () => {
  const reserved = await reservePorts(7)
  ports = reserved.ports
  releasePorts = () => reserved.release()
  driver = await launchMediaDriver({ properties: LOSS })
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
  await releasePorts?.()
})

function sample(name: string, properties: Record<string, string>): Promise<JavaProgram> {
  const texts = Object.entries(properties).map(([key, value]) => [`aeron.sample.${key}`, value])
  return launchJava(`io.aeron.samples.${name}`, {
    aeronDirectory: driver.aeronDirectory,
    properties: Object.fromEntries(texts) as Record<string, string>,
  })
}

function endpoint(index: number): string {
  return `localhost:${ports[index]}`
}

async function hearsHello(subscription: Subscription): Promise<string> {
  let text = ''
  await eventually(() => {
    subscription.poll((buffer, offset, length) => {
      text = buffer.getStringWithoutLengthAscii(offset, length)
    }, 10)
    return text !== ''
  }, 60_000)
  return text
}

test('BasicPublisher on a dynamic multi-destination channel is heard by each of ours, and by a spy', async () => {
  const channel = channelUri({ media: 'udp', control: endpoint(0), controlMode: 'dynamic' })
  const receiver = channelUri({ media: 'udp', endpoint: 'localhost:0', control: endpoint(0) })
  using first = await aeron.addSubscription(receiver, 500)
  using second = await aeron.addSubscription(receiver, 500)
  using spy = await aeron.addSubscription(`aeron-spy:${channel}`, 500)
  await using _publisher = await sample('BasicPublisher', { channel, streamId: '500', messages: '60' })
  const texts = await Promise.all([hearsHello(first), hearsHello(second), hearsHello(spy)])
  for (const text of texts) expect(text).toMatch(/^Hello World! \d+$/)
})

test('BasicSubscribers hear our manual multi-destination publication', async () => {
  using publication = await aeron.addPublication('aeron:udp?control-mode=manual|alias=manual', 510)
  await publication.addDestination(`aeron:udp?endpoint=${endpoint(1)}`)
  await publication.addDestination(`aeron:udp?endpoint=${endpoint(2)}`)
  const channels = [1, 2].map((index) => `aeron:udp?endpoint=${endpoint(index)}`)
  const subscribers = await Promise.all(
    channels.map((channel) => sample('BasicSubscriber', { channel, streamId: '510' })),
  )
  await using first = subscribers[0]!
  await using second = subscribers[1]!
  await Promise.all([first, second].map((program) => program.waitForOutput(/Available image/)))
  await eventually(() => publication.offer(Buffer.from('to all')) > 0)
  const heard = await Promise.all([first, second].map((program) => program.waitForOutput(/<<to all>>/)))
  expect(heard).toHaveLength(2)
})

test('BasicSubscriber as a spy hears our publication, which nobody else is connected to', async () => {
  const channel = `aeron:udp?endpoint=${endpoint(5)}`
  await using spy = await sample('BasicSubscriber', { channel: `aeron-spy:${channel}`, streamId: '540' })
  using publication = await aeron.addPublication(`${channel}|ssc=true`, 540)
  await spy.waitForOutput(/Available image/)
  await eventually(() => publication.offer(Buffer.from('overheard')) > 0)
  expect(await spy.waitForOutput(/<<overheard>>/)).toHaveLength(1)
})

test('StreamingPublisher arrives whole and in order though the driver loses one frame in ten', async () => {
  const channel = `aeron:udp?endpoint=${endpoint(3)}|nak-delay=500us`
  let count = 0
  let isWhole = true
  using subscription = await aeron.addSubscription(channel, 520)
  await using _publishers = await sample('StreamingPublisher', {
    channel: `aeron:udp?endpoint=${endpoint(3)}`,
    streamId: '520',
    messages: '5000',
    messageLength: '1000',
    lingerTimeout: '5000',
  })
  await eventually(() => {
    subscription.poll((buffer, offset, length) => {
      // The program counts its messages in their first eight bytes.
      isWhole &&= length === 1_000 && buffer.getInt64AsNumber(offset) === count
      count++
    }, 100)
    return count >= 5_000
  }, 60_000)
  expect([count, isWhole]).toEqual([5_000, true])
  const naks = aeron.countersReader.getCounterValue(5)
  expect(naks).toBeGreaterThan(10n)
})

test('RateSubscriber gets what we stream through the loss', async () => {
  const channel = `aeron:udp?endpoint=${endpoint(4)}`
  await using subscriber = await sample('RateSubscriber', { channel, streamId: '530' })
  using publication = await aeron.addExclusivePublication(channel, 530)
  await eventually(() => publication.isConnected)
  const body = Buffer.alloc(1_000)
  let sent = 0
  await eventually(() => {
    while (sent < 2_000 && publication.offer(body) > 0) sent++
    return sent === 2_000
  }, 60_000)
  expect(await subscriber.waitForOutput(/totals 2000 messages/, 60_000)).toHaveLength(1)
})

test('a subscription that is not reliable gets what arrives, in order, and goes past what is lost', async () => {
  using subscription = await aeron.addSubscription(`aeron:udp?endpoint=${endpoint(6)}|reliable=false`, 550)
  using publication = await aeron.addExclusivePublication(`aeron:udp?endpoint=${endpoint(6)}`, 550)
  await eventually(() => publication.isConnected && subscription.isConnected)
  const numbers: number[] = []
  const body = AtomicBuffer.allocate(1_000)
  let sent = 0
  await eventually(() => {
    subscription.poll((buffer, offset) => numbers.push(buffer.getInt32(offset)), 100)
    body.putInt32(0, sent)
    while (sent < 2_000 && publication.offer(body) > 0) body.putInt32(0, ++sent)
    return sent === 2_000
  }, 60_000)
  // What was lost last is noticed only by what comes after it.
  await eventually(() => {
    subscription.poll((buffer, offset) => numbers.push(buffer.getInt32(offset)), 100)
    if (publication.position - subscription.images[0]!.position < 10_000) return true
    publication.offer(body)
    return false
  }, 60_000)
  expect(numbers.length).toBeGreaterThan(1_000)
  expect(numbers.length).toBeLessThan(1_990)
  expect(numbers.every((number, i) => i === 0 || number > numbers[i - 1]! || number === 2_000)).toBe(true)
})
