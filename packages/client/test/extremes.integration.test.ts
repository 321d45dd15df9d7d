import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ADMIN_ACTION,
  Aeron,
  BACK_PRESSURED,
  BufferClaim,
  ExclusivePublication,
  FragmentAssembler,
  MAX_POSITION_EXCEEDED,
  type Publication,
  type Subscription,
} from '@x/client'
import { eventually } from './support/eventually.ts'

const KIB_64 = 65_536
const GIB = 2 ** 30
/** Bytes before the end of a term at which streams start here. */
const LEAD = 256

let driver: MediaDriverProcess
let aeron: Aeron
let errors: Error[]
let streamId = 100

beforeAll(async () => {
  driver = await launchMediaDriver()
})

afterAll(async () => {
  await driver?.close()
})

beforeEach(async () => {
  streamId++
  errors = []
  aeron = await Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    errorHandler: (error) => errors.push(error),
  })
  return () => aeron.close()
})

/** A channel whose stream starts a little before the end of a term. */
function lateChannel(termLength: number, initialTermId: number, termCount: number): string {
  const termId = (initialTermId + termCount) | 0
  return `aeron:ipc?term-length=${termLength}|init-term-id=${initialTermId}|term-id=${termId}|term-offset=${termLength - LEAD}`
}

function message(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff)
}

/** Sends each message once the one before has come, and checks bytes and positions on the way; gives the last position. */
async function exchange(
  publication: Publication,
  subscription: Subscription,
  messages: readonly Uint8Array[],
): Promise<number> {
  let position = publication.position
  const received: Uint8Array[] = []
  const assembler = new FragmentAssembler((buffer, offset, length, header) => {
    expect(header.position).toBe(position)
    received.push(buffer.bytes.slice(offset, offset + length))
  })
  for (const sent of messages) {
    await eventually(() => {
      const result = publication.offer(sent)
      expect(result > 0 || result === ADMIN_ACTION || result === BACK_PRESSURED, `result ${result}`).toBe(
        true,
      )
      if (result > 0) position = result
      return result > 0
    })
    await eventually(() => {
      subscription.poll(assembler.onFragment, 100)
      return received.length > 0
    })
    // Not toEqual(), which takes gigabytes for the longest messages.
    expect(received.splice(0).map((bytes) => Buffer.compare(bytes, sent))).toEqual([0])
  }
  expect(subscription.images[0]?.position).toBe(position)
  expect(publication.position).toBe(position)
  return position
}

const tenOf100 = (): Uint8Array[] => Array.from({ length: 10 }, (_, i) => message(100, i))

describe.each(['concurrent', 'exclusive'] as const)('%s publication', (kind) => {
  async function open(channel: string): Promise<{ publication: Publication; subscription: Subscription }> {
    const publication =
      kind === 'exclusive'
        ? await aeron.addExclusivePublication(channel, streamId)
        : await aeron.addPublication(channel, streamId)
    const subscription = await aeron.addSubscription('aeron:ipc', streamId)
    await eventually(() => publication.isConnected && subscription.isConnected)
    return { publication, subscription }
  }

  test.each([
    ['position 2^31', KIB_64, 0, 2 ** 31 / KIB_64 - 1],
    ['position 2^32', KIB_64, 0, 2 ** 32 / KIB_64 - 1],
    ['position 2^40', KIB_64, -7, 2 ** 40 / KIB_64 - 1],
    ['the wrap of the term id', KIB_64, 2 ** 31 - 3, 2],
    ['the wrap of the term id to 0', KIB_64, -5, 4],
    ['a term of 1 GiB, and position 2^32', GIB, 2 ** 31 - 2, 3],
  ])('goes past %s', async (_, termLength, initialTermId, termCount) => {
    const { publication, subscription } = await open(lateChannel(termLength, initialTermId, termCount))
    const end = (termCount + 1) * termLength
    expect([publication.initialTermId, publication.position]).toEqual([initialTermId, end - LEAD])
    expect(subscription.images[0]?.joinPosition).toBe(end - LEAD)
    const position = await exchange(publication, subscription, tenOf100())
    // One message of 160 bytes before the end, nine behind it.
    expect(position).toBe(end + 9 * 160)
    // A reader that comes now joins where the driver has seen the last one.
    subscription.close()
    await eventually(() => !publication.isConnected)
    using next = await aeron.addSubscription('aeron:ipc', streamId)
    await eventually(() => next.isConnected && publication.isConnected)
    expect(next.images[0]?.joinPosition).toBeGreaterThanOrEqual(end - LEAD)
    await eventually(() => {
      next.poll(() => {}, 10)
      return next.images[0]?.position === position
    })
    await exchange(publication, next, tenOf100())
    publication.close()
    expect(errors).toEqual([])
  })

  test('gives MAX_POSITION_EXCEEDED at the end of the last term, for good', async () => {
    const { publication, subscription } = await open(lateChannel(KIB_64, 5, 2 ** 31 - 1))
    const end = 2 ** 31 * KIB_64
    expect(publication.maxPossiblePosition).toBe(end)
    expect(await exchange(publication, subscription, [message(100, 1)])).toBe(end - 96)
    const claim = new BufferClaim()
    const attempts = [
      () => publication.offer(message(100, 2)),
      () => publication.tryClaim(100, claim),
      () => publication.offer(message(0, 2)),
      () => publication.offer(message(3_000, 2)),
      () =>
        publication instanceof ExclusivePublication ? publication.appendPadding(100) : MAX_POSITION_EXCEEDED,
    ]
    for (const attempt of [...attempts, ...attempts]) expect(attempt()).toBe(MAX_POSITION_EXCEEDED)
    expect(claim.isOpen).toBe(false)
    expect(publication.position).toBe(end)
    // The reader gets past the padding that ends the term, to the very end.
    await eventually(() => {
      subscription.poll(() => {}, 10)
      return subscription.images[0]?.position === end
    })
    expect(subscription.poll(() => {}, 10)).toBe(0)
    expect(publication.offer(message(100, 2))).toBe(MAX_POSITION_EXCEEDED)
    publication.close()
    await eventually(() => subscription.hasNoImages)
    expect(errors).toEqual([])
  })

  test.each([
    ['smallest', 64, KIB_64],
    ['largest', 65_504, 2 ** 20],
  ])('carries every length with the %s MTU of %i', async (_, mtu, termLength) => {
    const { publication, subscription } = await open(`aeron:ipc?mtu=${mtu}|term-length=${termLength}`)
    const { maxPayloadLength, maxMessageLength } = publication
    expect([maxPayloadLength, maxMessageLength]).toEqual([mtu - 32, termLength / 8])
    const lengths = [0, 1, 31, 32, 33, maxPayloadLength - 1, maxPayloadLength, maxPayloadLength + 1]
    lengths.push(2 * maxPayloadLength, maxMessageLength - 1, maxMessageLength)
    for (let round = 0; round < 3; round++) {
      const messages = lengths.filter((length) => length <= maxMessageLength)
      await exchange(
        publication,
        subscription,
        messages.map((length) => message(length, round)),
      )
    }
    expect(publication.position).toBeGreaterThan(termLength / 4)
    expect(() => publication.offer(message(maxMessageLength + 1, 1))).toThrow(RangeError)
    expect(() => publication.tryClaim(maxPayloadLength + 1, new BufferClaim())).toThrow(RangeError)
    publication.close()
  })

  test('carries the longest message there is, 16 MiB, through terms of 1 GiB, in little memory', async () => {
    const { publication, subscription } = await open(lateChannel(GIB, 0, 0))
    const { maxMessageLength } = publication
    expect(maxMessageLength).toBe(16 * 2 ** 20)
    const before = residentBytes()
    await exchange(publication, subscription, [message(maxMessageLength, 1), message(0, 1)])
    // The message itself, four times: sent, in the log, assembled, received.
    expect(residentBytes() - before).toBeLessThan(6 * maxMessageLength)
    publication.close()
  })

  test('is refused, in words, where positions are no longer exact', async () => {
    const channel = lateChannel(GIB, 0, 2 ** 23)
    const adding =
      kind === 'exclusive'
        ? aeron.addExclusivePublication(channel, streamId)
        : aeron.addPublication(channel, streamId)
    await expect(adding).rejects.toThrow(/safe integer/)
    // The client goes on.
    const { publication, subscription } = await open('aeron:ipc?term-length=64k')
    await exchange(publication, subscription, tenOf100())
  })
})

function residentBytes(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
}

test('a subscriber is told of an image at a position that is no longer exact, and goes on', async () => {
  // An image is announced to the subscription, whose position a number cannot hold.
  using subscription = await aeron.addSubscription('aeron:ipc', streamId)
  await aeron.addPublication(lateChannel(GIB, 0, 2 ** 23), streamId).catch(() => {})
  await eventually(() => errors.length > 0)
  expect(errors[0]?.message).toMatch(/safe integer/)
  expect(subscription.images).toEqual([])
  await nextTurn()
  expect(aeron.isClosed).toBe(false)
})
