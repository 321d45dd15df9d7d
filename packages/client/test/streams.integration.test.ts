import { launchMediaDriver, type MediaDriverProcess, reservePorts } from '@x/aeron-tooling'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  Aeron,
  BACK_PRESSURED,
  channelUri,
  FragmentAssembler,
  type Image,
  isAeronError,
  NOT_CONNECTED,
  type Publication,
  type Subscription,
} from '@x/client'
import { eventually } from './support/eventually.ts'

// How streams begin, are shared, are held back and end, as Aeron's own system tests see it, with a real driver.

let driver: MediaDriverProcess
let aeron: Aeron
let ports: Awaited<ReturnType<typeof reservePorts>>
const errors: Error[] = []
let streamId = 2_000

beforeAll(async () => {
  ports = await reservePorts(7)
  driver = await launchMediaDriver({
    fastTimeouts: true,
    properties: {
      'aeron.publication.connection.timeout': '1s',
      'aeron.image.liveness.timeout': '1s',
      'aeron.driver.stream.session.limit': '2',
    },
  })
  const errorHandler = (error: Error): number => errors.push(error)
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory, errorHandler })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
  ports?.release()
})

beforeEach(() => {
  streamId += 10
})

const endpoint = (index = 0): string => `localhost:${ports.ports[index]}`
const udp = (index = 0): string => `aeron:udp?endpoint=${endpoint(index)}`

function poll(subscription: Subscription): string[] {
  const texts: string[] = []
  subscription.poll((buffer, offset, length) => {
    texts.push(buffer.getStringWithoutLengthUtf8(offset, length))
  }, 100)
  return texts
}

async function offer(publication: Publication, text: string): Promise<void> {
  await eventually(() => publication.offer(Buffer.from(text)) > 0)
}

/** What a subscription receives, once it is anything. */
async function hear(subscription: Subscription): Promise<string[]> {
  const heard: string[] = []
  await eventually(() => heard.push(...poll(subscription)) > 0)
  return heard
}

function connected(...resources: (Publication | Subscription)[]): Promise<void> {
  return eventually(() => resources.every(({ isConnected }) => isConnected))
}

/** A subscription that has joined at a position; those that come too early go again. */
async function joinAt(position: number, channel: string): Promise<Subscription> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const subscription = await aeron.addSubscription(channel, streamId)
    await connected(subscription)
    if (subscription.images[0]!.joinPosition === position) return subscription
    subscription.close()
  }
  throw new Error(`No subscription has joined at ${position}`)
}

test('a multicast stream is heard', async () => {
  const channel = `aeron:udp?endpoint=224.20.30.39:${ports.ports[5]}|interface=localhost`
  using subscription = await aeron.addSubscription(channel, streamId)
  using publication = await aeron.addPublication(channel, streamId)
  await connected(subscription, publication)
  await offer(publication, 'to the group')
  expect(await hear(subscription)).toEqual(['to the group'])
})

describe.each(['ipc', 'udp'] as const)('over %s', (media) => {
  const channel = (): string => (media === 'ipc' ? 'aeron:ipc' : udp())

  test('the last subscriber that leaves takes the connection with it, the next brings it back', async () => {
    using publication = await aeron.addPublication(channel(), streamId)
    expect(publication.offer(Buffer.from('to nobody'))).toBe(NOT_CONNECTED)
    const first = await aeron.addSubscription(channel(), streamId)
    const second = await aeron.addSubscription(channel(), streamId)
    await connected(publication, first, second)
    first.close()
    await offer(publication, 'to the second')
    expect(await hear(second)).toEqual(['to the second'])
    // The driver has seen that it was heard: otherwise it would begin the next stream before it.
    ;(await joinAt(64, channel())).close()
    second.close()
    await eventually(() => !publication.isConnected)
    expect(publication.offer(Buffer.from('to nobody'))).toBe(NOT_CONNECTED)
    using third = await aeron.addSubscription(channel(), streamId)
    await connected(publication, third)
    await offer(publication, 'to the third')
    expect(await hear(third)).toEqual(['to the third'])
  })

  test('subscriptions share a log and have their own positions; one that comes later joins where the others are', async () => {
    using publication = await aeron.addPublication(channel(), streamId)
    using first = await aeron.addSubscription(channel(), streamId)
    using second = await aeron.addSubscription(channel(), streamId)
    await connected(publication, first, second)
    await offer(publication, 'a')
    expect(await hear(first)).toEqual(['a'])
    expect([first.images[0]!.position, second.images[0]!.position]).toEqual([64, 0])
    expect(first.images[0]!.correlationId).toBe(second.images[0]!.correlationId)
    expect(await hear(second)).toEqual(['a'])
    // The driver looks at the positions of the subscribers now and then.
    const spyChannel = media === 'ipc' ? channel() : `aeron-spy:${channel()}`
    using late = await joinAt(64, channel())
    using spy = await joinAt(64, spyChannel)
    await offer(publication, 'b')
    for (const subscription of [first, second, late, spy]) expect(await hear(subscription)).toEqual(['b'])
  })

  test('a stream ends where its publication was closed: told once, and read to the end', async () => {
    const events: string[] = []
    using subscription = await aeron.addSubscription(channel(), streamId, {
      onAvailableImage: () => events.push('available'),
      onUnavailableImage: (gone) => events.push(`unavailable at ${gone.position}`),
    })
    const publication = await aeron.addExclusivePublication(channel(), streamId)
    await connected(subscription, publication)
    const image: Image = subscription.images[0]!
    await offer(publication, 'last')
    publication.close()
    await eventually(() => image.endOfStreamPosition === 64 || image.isClosed)
    expect([image.isEndOfStream, image.isPublicationRevoked]).toEqual([false, false])
    expect(await hear(subscription)).toEqual(['last'])
    expect(image.isEndOfStream).toBe(true)
    await eventually(() => subscription.hasNoImages)
    expect(events).toEqual(['available', 'unavailable at 64'])
    expect([image.isEndOfStream, image.position]).toEqual([true, 64])
  })

  test('a revoked publication takes its image away at once', async () => {
    using subscription = await aeron.addSubscription(channel(), streamId)
    const publication = await aeron.addExclusivePublication(channel(), streamId)
    await connected(subscription, publication)
    const image = subscription.images[0]!
    await offer(publication, 'never read')
    publication.revoke()
    await eventually(() => subscription.hasNoImages)
    expect([image.isPublicationRevoked, image.position]).toEqual([true, 0])
  })

  test('a channel can be closed and opened again at once, time after time', async () => {
    for (let round = 0; round < 10; round++) {
      using subscription = await aeron.addSubscription(channel(), streamId)
      using publication = await aeron.addExclusivePublication(
        `${channel()}${media === 'ipc' ? '?' : '|'}linger=0`,
        streamId,
      )
      await connected(publication, subscription)
      await offer(publication, `round ${round}`)
      expect(await hear(subscription)).toEqual([`round ${round}`])
    }
  })
})

test('a revoked publication takes its images away from every destination', async () => {
  using publication = await aeron.addExclusivePublication('aeron:udp?control-mode=manual', streamId)
  using first = await aeron.addSubscription(udp(1), streamId)
  using second = await aeron.addSubscription(udp(2), streamId)
  await publication.addDestination(udp(1))
  await publication.addDestination(udp(2))
  await connected(publication, first, second)
  publication.revoke()
  await eventually(() => first.hasNoImages && second.hasNoImages)
  expect(publication.isClosed).toBe(true)
})

test('an untethered subscription that does not rejoin stays away', async () => {
  const events: string[] = []
  const short =
    'untethered-window-limit-timeout=200ms|untethered-linger-timeout=200ms|untethered-resting-timeout=200ms'
  const channel = 'aeron:ipc?term-length=64k'
  using tethered = await aeron.addSubscription(channel, streamId)
  using _untethered = await aeron.addSubscription(`${channel}|tether=false|rejoin=false`, streamId, {
    onAvailableImage: () => events.push('available'),
    onUnavailableImage: () => events.push('unavailable'),
  })
  using publication = await aeron.addPublication(`${channel}|${short}`, streamId)
  await connected(publication, tethered)
  const pump = (): void => {
    publication.offer(new Uint8Array(1_000))
    poll(tethered)
  }
  await eventually(() => (pump(), events.includes('unavailable')))
  // One that rejoined would be back after its rest of 200 ms.
  const endMs = performance.now() + 1_500
  await eventually(() => (pump(), performance.now() > endMs))
  expect(events).toEqual(['available', 'unavailable'])
})

describe('flow control', () => {
  const receiver = { media: 'udp', endpoint: 'localhost:0' } as const
  const control = (): string => endpoint(3)

  test.each([
    ['min', { strategy: 'min', groupSize: 2 }, undefined],
    ['tagged', { strategy: 'tagged', groupTag: 101n, groupSize: 1 }, 101n],
  ] as const)(
    '%s waits for the receivers of its group, and for the slowest of them',
    async (_, flowControl, groupTag) => {
      const channel = channelUri({
        media: 'udp',
        control: control(),
        controlMode: 'dynamic',
        termLength: 65_536,
        // A receiver that a busy machine keeps from telling that it is there is not to be left out.
        flowControl: { ...flowControl, timeoutMs: 10_000 },
      })
      using publication = await aeron.addPublication(channel, streamId)
      using fast = await aeron.addSubscription(channelUri({ ...receiver, control: control() }), streamId)
      await connected(fast)
      expect(publication.isConnected).toBe(false)
      expect(publication.offer(new Uint8Array(8))).toBe(NOT_CONNECTED)
      const tag = groupTag === undefined ? {} : { groupTag }
      using slow = await aeron.addSubscription(
        channelUri({ ...receiver, control: control(), ...tag }),
        streamId,
      )
      await connected(publication, slow)
      await eventually(() => {
        poll(fast)
        return publication.offer(new Uint8Array(1_000)) === BACK_PRESSURED && publication.position > 32_000
      })
      // Whatever the fast one reads does not help.
      for (let turn = 0; turn < 50; turn++) {
        poll(fast)
        expect(publication.offer(new Uint8Array(1_000))).toBe(BACK_PRESSURED)
        await sleep(2)
      }
      await eventually(() => (poll(slow), poll(fast), publication.offer(new Uint8Array(1_000)) > 0))
    },
  )

  test('max goes on with the fastest', async () => {
    const channel = channelUri({
      media: 'udp',
      control: control(),
      controlMode: 'dynamic',
      termLength: 65_536,
      flowControl: { strategy: 'max' },
    })
    using publication = await aeron.addPublication(channel, streamId)
    using fast = await aeron.addSubscription(channelUri({ ...receiver, control: control() }), streamId)
    using slow = await aeron.addSubscription(channelUri({ ...receiver, control: control() }), streamId)
    await connected(publication, fast, slow)
    await eventually(() => {
      poll(fast)
      publication.offer(new Uint8Array(1_000))
      return publication.position > 4 * 65_536
    })
    expect(slow.images[0]?.position ?? 0).toBe(0)
  })
})

test('a stream takes as many sessions as the driver allows, and the next when one has gone', async () => {
  using subscription = await aeron.addSubscription(udp(), streamId)
  const [first, second, third] = await Promise.all(
    [1, 2, 3].map(() => aeron.addExclusivePublication(`${udp()}|linger=0`, streamId)),
  )
  const publications = [first!, second!, third!]
  const connections = (): number => publications.filter(({ isConnected }) => isConnected).length
  await eventually(() => connections() === 2)
  expect(subscription.imageCount).toBe(2)
  publications.find(({ isConnected }) => isConnected)!.close()
  await eventually(() => connections() === 2, 60_000)
  for (const publication of publications) publication.close()
})

test('timestamps of sending and receiving are where they are asked for, and leave fragments whole', async () => {
  using subscription = await aeron.addSubscription(`${udp(6)}|channel-rcv-ts-offset=0`, streamId)
  using publication = await aeron.addPublication(`${udp(6)}|channel-snd-ts-offset=8`, streamId)
  await connected(subscription, publication)
  const message = new Uint8Array(5_000).fill(7)
  await eventually(() => publication.offer(message) > 0)
  let received: Buffer | undefined
  const assembler = new FragmentAssembler((buffer, offset, length) => {
    received = Buffer.from(buffer.bytes.slice(offset, offset + length))
  })
  await eventually(() => (subscription.poll(assembler.onFragment, 10), received !== undefined))
  expect(received).toHaveLength(5_000)
  const [receiveNs, sendNs] = [received!.readBigInt64LE(0), received!.readBigInt64LE(8)]
  const nowNs = BigInt(Date.now()) * 1_000_000n
  for (const timestampNs of [receiveNs, sendNs]) {
    expect(timestampNs).toBeGreaterThan(nowNs - 60_000_000_000n)
    expect(timestampNs).toBeLessThan(nowNs + 60_000_000_000n)
  }
  expect(receiveNs).toBeGreaterThanOrEqual(sendNs)
  expect(received!.subarray(16, publication.maxPayloadLength).every((byte) => byte === 7)).toBe(true)
})

test('an address in use is an error, and free again it is not', async () => {
  const socket = createSocket('udp4')
  socket.bind(ports.ports[4], '127.0.0.1')
  await once(socket, 'listening')
  const channel = `aeron:udp?endpoint=127.0.0.1:${ports.ports[4]}`
  const error = await aeron.addSubscription(channel, streamId).catch((rejection: unknown) => rejection)
  if (!isAeronError(error, 'REGISTRATION_FAILED')) throw error
  expect(error.message).toMatch(/Address already in use|BindException/)
  socket.close()
  await once(socket, 'close')
  using subscription = await aeron.addSubscription(channel, streamId)
  await eventually(() => subscription.channelStatus === 1)
  expect(subscription.localSocketAddresses).toEqual([`127.0.0.1:${ports.ports[4]}`])
})

test('what shares a tag must share the channel', async () => {
  using _tagged = await aeron.addPublication(`${udp(1)}|tags=4001`, streamId)
  using same = await aeron.addPublication('aeron:udp?tags=4001', streamId + 1)
  expect(same.isClosed).toBe(false)
  const error = await aeron
    .addPublication(`${udp(2)}|tags=4001`, streamId + 2)
    .catch((reason: unknown) => reason)
  if (!isAeronError(error, 'REGISTRATION_FAILED')) throw error
  expect(error.message).toMatch(/matching tag/)
})

test('correlation ids of two clients never meet', async () => {
  using other = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const ids = Array.from({ length: 1_000 }, () => [
    aeron.nextCorrelationId(),
    other.nextCorrelationId(),
  ]).flat()
  expect(new Set(ids).size).toBe(2_000)
})
