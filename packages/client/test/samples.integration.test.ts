import {
  type JavaProgram,
  launchJava,
  launchMediaDriver,
  type MediaDriverProcess,
  reservePorts,
} from '@x/aeron-tooling'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  Aeron,
  FragmentAssembler,
  ImageFragmentAssembler,
  type Publication,
  type Subscription,
} from '@x/client'
import { eventually } from './support/eventually.ts'

// Programs of Aeron's jar on one side, this client on the other.

// Streams of its own for each test: a publication that was closed lingers, and the samples take the first image there is.
let streamId = 1_000

let driver: MediaDriverProcess
let aeron: Aeron
let udpPort: number
let releasePorts: () => unknown

beforeEach(() => {
  streamId += 10
})

beforeAll(async () => {
  const ports = await reservePorts(1)
  udpPort = ports.ports[0]!
  releasePorts = () => ports.release()
  driver = await launchMediaDriver()
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
  await releasePorts?.()
})

function sample(name: string, properties: Record<string, string | number>): Promise<JavaProgram> {
  const texts = Object.entries(properties).map(([key, value]) => [`aeron.sample.${key}`, String(value)])
  return launchJava(`io.aeron.samples.${name}`, {
    aeronDirectory: driver.aeronDirectory,
    properties: Object.fromEntries(texts) as Record<string, string>,
  })
}

/** Offers until it is taken, letting the event loop run. */
async function offer(publication: Publication, message: Uint8Array): Promise<void> {
  await eventually(() => publication.offer(message) > 0)
}

/** Polls until `done`, as fast as there is something to poll. */
async function pollUntil(done: () => boolean, poll: () => number, timeoutMs = 60_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!done()) {
    if (performance.now() > deadlineMs) throw new Error(`Nothing for ${timeoutMs} ms: ${done.toString()}`)
    for (let i = 0; i < 100 && poll() > 0; i++) {}
    await nextTurn()
  }
}

describe.each(['ipc', 'udp'] as const)('over %s', (media) => {
  const channel = (): string => (media === 'ipc' ? 'aeron:ipc' : `aeron:udp?endpoint=localhost:${udpPort}`)
  const pingPong = (): Record<string, string | number> => ({
    'ping.channel': channel(),
    'pong.channel': channel(),
    'ping.streamId': streamId,
    'pong.streamId': streamId + 1,
  })

  test('BasicPublisher is heard', async () => {
    using subscription = await aeron.addSubscription(channel(), streamId)
    await using publisher = await sample('BasicPublisher', {
      channel: channel(),
      streamId,
      // One a second: those that come before the connection are heard by nobody.
      messages: 60,
      lingerTimeout: 0,
    })
    const texts: string[] = []
    await pollUntil(
      () => texts.length > 0,
      () =>
        subscription.poll((buffer, offset, length) => {
          texts.push(buffer.getStringWithoutLengthAscii(offset, length))
        }, 10),
    )
    expect(texts[0]).toMatch(/^Hello World! \d+$/)
    expect(publisher.output).toContain(`on stream id ${streamId}`)
  })

  test('BasicSubscriber hears messages of no byte, of one frame, and of many', async () => {
    await using subscriber = await sample('BasicSubscriber', { channel: channel(), streamId })
    using publication = await aeron.addPublication(channel(), streamId)
    await eventually(() => publication.isConnected)
    const long = 'fragment '.repeat(1_000)
    for (const text of ['', 'one frame', long]) await offer(publication, Buffer.from(text))
    await subscriber.waitForOutput(/\(0@\d+\) <<>>/)
    await subscriber.waitForOutput(/\(9@\d+\) <<one frame>>/)
    const [assembled] = await subscriber.waitForOutput(/\(9000@\d+\) <<.*>>/)
    expect(assembled).toContain(long)
  })

  test.each([8, 1_376, 5_000])('Ping gets its messages of %i bytes back', async (length) => {
    using pings = await aeron.addSubscription(channel(), streamId)
    using pongs = await aeron.addExclusivePublication(channel(), streamId + 1)
    let count = 0
    const due: Buffer[] = []
    const assembler = new FragmentAssembler((buffer, offset, size) => {
      expect(size).toBe(length)
      due.push(Buffer.from(buffer.bytes.slice(offset, offset + size)))
    })
    const echo = (): number => {
      const fragments = pings.poll(assembler.onFragment, 10)
      for (; due[0] !== undefined && pongs.offer(due[0]) > 0; count++) due.shift()
      return fragments
    }
    await using ping = await sample('Ping', {
      ...pingPong(),
      messages: 50,
      'warmup.messages': 10,
      'warmup.iterations': 1,
      messageLength: length,
    })
    await pollUntil(() => ping.output.includes('Histogram'), echo)
    expect(count).toBe(60)
  })

  test('Pong sends messages of no byte, of one frame, and of many back', async () => {
    await using pong = await sample('Pong', { ...pingPong(), 'exclusive.publications': 'true' })
    await pong.waitForOutput(/Using exclusive/)
    using pongs = await aeron.addSubscription(channel(), streamId + 1)
    using pings = await aeron.addPublication(channel(), streamId)
    await eventually(() => pings.isConnected && pongs.isConnected)
    const received: Buffer[] = []
    const assembler = new ImageFragmentAssembler((buffer, offset, length) => {
      received.push(Buffer.from(buffer.bytes.slice(offset, offset + length)))
    })
    for (const length of [
      0,
      1,
      32,
      pings.maxPayloadLength,
      pings.maxPayloadLength + 1,
      20_000,
      pings.maxMessageLength,
    ]) {
      const message = Buffer.from(Uint8Array.from({ length }, (_, i) => i * 7 + length))
      await offer(pings, message)
      await pollUntil(
        () => received.length > 0,
        () => pongs.images[0]?.poll(assembler.onFragment, 10) ?? 0,
      )
      // Not toEqual(), which holds up the event loop for seconds with the longest.
      expect(Buffer.compare(received.shift()!, message)).toBe(0)
    }
  })

  test('MultiplePublishersWithFragmentation is put together', async () => {
    const counts = new Map<string, number>()
    const countLengths = (subscription: Subscription): (() => number) => {
      const assembler = new FragmentAssembler((_buffer, _offset, length) => {
        const key = `${subscription.streamId}: ${length}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      })
      return () => subscription.poll(assembler.onFragment, 100)
    }
    using first = await aeron.addSubscription(channel(), streamId)
    using second = await aeron.addSubscription(channel(), streamId + 1)
    const [pollFirst, pollSecond] = [countLengths(first), countLengths(second)]
    await using _publishers = await sample('MultiplePublishersWithFragmentation', {
      channel: channel(),
      streamId,
    })
    const total = (): number => [...counts.values()].reduce((sum, count) => sum + count, 0)
    await pollUntil(
      () => total() >= 10_000,
      () => pollFirst() + pollSecond(),
    )
    expect(Object.fromEntries(counts)).toEqual({
      [`${streamId}: 10000`]: 5_000,
      [`${streamId + 1}: 9000`]: 5_000,
    })
  })

  test('MultipleSubscribersWithFragmentAssembly puts ours together', async () => {
    await using subscribers = await sample('MultipleSubscribersWithFragmentAssembly', {
      channel: channel(),
      streamId,
    })
    using first = await aeron.addPublication(channel(), streamId)
    using second = await aeron.addExclusivePublication(channel(), streamId + 1)
    await eventually(() => first.isConnected && second.isConnected)
    for (let i = 0; i < 200; i++) {
      await offer(first, new Uint8Array(10_000))
      await offer(second, new Uint8Array(9_000))
    }
    const messagesOf = (stream: number, length: number): number =>
      subscribers.output.match(new RegExp(`message to stream ${stream} .*\\(${length}@\\d+\\)`, 'g'))
        ?.length ?? 0
    await eventually(() => messagesOf(streamId, 10_000) === 200 && messagesOf(streamId + 1, 9_000) === 200)
    expect(subscribers.output).not.toContain('not assembled properly')
  })
})
