import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { once } from 'node:events'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Aeron, BACK_PRESSURED, offerAsync, type Image } from '@x/client'
import { publicationWritable, subscriptionReadable } from '@x/client/stream'
import { startAeronWorker } from '@x/client/worker'
import { eventually } from './support/eventually.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'
const ECHO = new URL('support/echo-agent.mjs', import.meta.url)

let driver: MediaDriverProcess
let aeron: Aeron
let streamId = 2_000

beforeAll(async () => {
  driver = await launchMediaDriver()
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
})

beforeEach(() => {
  streamId += 10
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
})

test('for await gives whole messages in order, term after term, while timers go on', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, streamId)
  using publication = await aeron.addPublication(CHANNEL, streamId)
  let ticks = 0
  const ticking = setInterval(() => ticks++, 1)
  const sending = (async () => {
    for (let i = 0; i < 500; i++)
      await offerAsync(publication, Buffer.alloc(1 + ((i * 97) % 5_000), i & 0xff))
  })()
  let next = 0
  for await (const message of subscription) {
    expect(message.data).toEqual(Buffer.alloc(1 + ((next * 97) % 5_000), next & 0xff))
    expect([message.sessionId, message.streamId]).toEqual([publication.sessionId, streamId])
    if (++next === 500) break
  }
  await sending
  clearInterval(ticking)
  expect(ticks).toBeGreaterThan(5)
})

test('a loop that does not ask leaves messages in the log, until publishers are back-pressured; the next loop goes on', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, streamId)
  using publication = await aeron.addPublication(CHANNEL, streamId)
  await eventually(() => publication.availableWindow > 0 && subscription.isConnected)
  let sent = 0
  const body = Buffer.alloc(1_000)
  const send = (): number => {
    body.writeInt32LE(sent)
    return publication.offer(body)
  }
  while (send() > 0) sent++
  expect(send()).toBe(BACK_PRESSURED)
  const heard: number[] = []
  for await (const { data } of subscription.messages({ maxBuffered: 4 })) {
    heard.push(data.readInt32LE())
    if (heard.length === 2) break
  }
  expect(subscription.images[0]?.position).toBe(4 * 1_056)
  for await (const { data } of subscription) {
    heard.push(data.readInt32LE())
    if (heard.length === sent) break
  }
  expect(heard).toEqual(Array.from({ length: sent }, (_, i) => i))
})

test('a loop ends when the subscription is closed, and throws when it is aborted', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, streamId)
  const controller = new AbortController()
  const collect = async (signal?: AbortSignal): Promise<string> => {
    for await (const _ of subscription.messages(signal === undefined ? {} : { signal })) return 'message'
    return 'ended'
  }
  const aborted = collect(controller.signal)
  const ended = collect()
  await sleep(5)
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  subscription.close()
  expect(await ended).toBe('ended')
})

test('a subscription and a publication are streams to pipe through', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, streamId)
  using publication = await aeron.addPublication(CHANNEL, streamId)
  const texts = Array.from({ length: 300 }, (_, i) => `line ${i} ${'x'.repeat(i * 10)}`)
  const received: string[] = []
  const reading = subscriptionReadable(subscription, { dataOnly: true })
  const sink = new Writable({
    objectMode: true,
    write(chunk: Buffer, _encoding, callback) {
      received.push(chunk.toString())
      if (received.length === texts.length) subscription.close()
      callback()
    },
  })
  await Promise.all([
    pipeline(Readable.from(texts), publicationWritable(publication, { closesPublication: true })),
    pipeline(reading, sink),
  ])
  expect(received).toEqual(texts)
  expect(publication.isClosed).toBe(true)
  const late = publicationWritable(publication)
  late.write('late')
  const [error] = (await once(late, 'error')) as [unknown]
  expect(error).toMatchObject({ code: 'OFFER_FAILED', context: { resultName: 'CLOSED' } })
})

test('image events are typed, come after the turn, and may send commands', async () => {
  const subscription = await aeron.addSubscription(CHANNEL, streamId)
  const told: string[] = []
  subscription.events.on('availableImage', (image: Image) => {
    told.push(`+${image.sessionId}`)
    void aeron.addCounter(1_001, { label: 'from a listener' }).then((counter) => {
      told.push('counter')
      return counter.close()
    })
  })
  subscription.events.on('unavailableImage', (image) => told.push(`-${image.sessionId}`))
  subscription.events.on('close', (cause) => told.push(`closed ${cause}`))
  const publication = await aeron.addPublication(CHANNEL, streamId)
  await eventually(() => told.length === 2)
  publication.close()
  await eventually(() => told.length === 3)
  subscription.close()
  await eventually(() => told.length === 4)
  const id = publication.sessionId
  expect(told).toEqual([`+${id}`, 'counter', `-${id}`, 'closed undefined'])
})

test('a worker runs an agent with a client of its own, while this thread is blocked', async () => {
  const channel = 'aeron:ipc?alias=worker'
  const options = { aeron: { aeronDirectory: driver.aeronDirectory }, data: { channel } }
  await using worker = await startAeronWorker(ECHO, options)
  using pongs = await aeron.addSubscription(channel, 2)
  using pings = await aeron.addPublication(channel, 1)
  await eventually(() => pings.isConnected && pongs.isConnected)
  let received = 0
  // No turn of this event loop until all is back: the worker needs none of them.
  for (let i = 0; i < 1_000; i++) {
    while (pings.offer(Buffer.from(String(i))) < 0) {}
    while (received <= i) received += pongs.poll(() => {}, 10)
  }
  expect(received).toBe(1_000)
  const messages: unknown[] = []
  worker.worker.on('message', (message) => messages.push(message))
  await worker.close()
  expect(messages).toContain('closed')
  await worker.close()
})

test('what goes wrong in a worker reaches the one who started it', async () => {
  const missing = new URL('support/no-such-agent.mjs', import.meta.url)
  await expect(startAeronWorker(missing)).rejects.toThrow(/no-such-agent/)
  await expect(startAeronWorker(new URL('support/no-agent.mjs', import.meta.url))).rejects.toThrow(
    /must export a function createAgent/,
  )
  const nowhere = { aeronDirectory: '/dev/shm/aeron-nowhere', driverTimeoutMs: 50 }
  await expect(startAeronWorker(ECHO, { aeron: nowhere })).rejects.toThrow(/directory does not exist/)
  await expect(
    startAeronWorker(ECHO, { aeron: { aeronDirectory: driver.aeronDirectory }, idleStrategy: 'fast' }),
  ).rejects.toThrow('name must be one of spin')
  const channel = 'aeron:ipc?alias=failing'
  const worker = await startAeronWorker(ECHO, {
    aeron: { aeronDirectory: driver.aeronDirectory },
    data: { channel, failsAfter: 1 },
  })
  using pings = await aeron.addPublication(channel, 1)
  await offerAsync(pings, Buffer.from('x'))
  await expect(worker.terminated).rejects.toThrow('failed as told')
})
