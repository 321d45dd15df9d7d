import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FakeDriver } from '../test/support/fake-driver.ts'
import { Aeron } from './aeron.ts'
import type { Counter } from './counter.ts'
import type { Image } from './subscription/image.ts'
import { BufferClaim } from './logbuffer/buffer-claim.ts'
import { Action } from './logbuffer/fragment-handler.ts'
import type { Header } from './logbuffer/header.ts'
import type { Publication } from './publication/publication.ts'
import type { Subscription } from './subscription/subscription.ts'

const ROUNDS = 60

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** All that an application can hold on to. */
interface Held {
  readonly aeron: Aeron
  readonly publications: readonly Publication[]
  readonly subscription: Subscription
  readonly image: Image
  readonly counter: Counter
  readonly settled: BufferClaim
  readonly open: BufferClaim
  header?: Header
}

function hold(driver: FakeDriver): Held {
  const aeron = Aeron.connectSync(driver.clientOptions)
  const ids = [
    aeron.asyncAddPublication('aeron:ipc', 10),
    aeron.asyncAddExclusivePublication('aeron:ipc', 10),
  ]
  const subscriptionId = aeron.asyncAddSubscription('aeron:ipc', 10)
  const counterId = aeron.asyncAddCounter(1001, { label: 'x' })
  const logs = ids.map((id) => {
    const log = driver.createLog(`log-${id}`)
    log.isConnected = true
    const limit = driver.createCounter('pub-lmt', 1, id)
    driver.setCounter(limit, 1_000_000n)
    driver.sendPublicationReady(id, log, limit)
    return log
  })
  driver.sendSubscriptionReady(subscriptionId)
  const position = driver.createCounter('sub-pos', 4, subscriptionId)
  driver.sendAvailableImage(ids[0]!, subscriptionId, logs[0]!, position)
  driver.sendCounter(0x0f08, counterId, driver.createCounter('x', 1001, counterId))
  aeron.conductorAgentInvoker?.invoke()
  const publications = [aeron.getPublication(ids[0]!)!, aeron.getExclusivePublication(ids[1]!)!]
  const subscription = aeron.getSubscription(subscriptionId)!
  const held: Held = {
    aeron,
    publications,
    subscription,
    image: subscription.images[0]!,
    counter: aeron.getCounter(counterId)!,
    settled: new BufferClaim(),
    open: new BufferClaim(),
  }
  publications[0]!.offer(new Uint8Array(100))
  publications[0]!.tryClaim(8, held.settled)
  held.settled.commit()
  subscription.poll((_buffer, _offset, _length, header) => (held.header = header), 1)
  publications[1]!.tryClaim(8, held.open)
  return held
}

/** Touches everything, in every way there is. */
function touch({ aeron, publications, subscription, image, counter, settled, open, header }: Held): void {
  const bytes = new Uint8Array(8)
  const properties = (thing: object): unknown[] => {
    const members = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(thing)))
    return members.filter(([, member]) => 'get' in member).map(([name]) => Reflect.get(thing, name))
  }
  for (const publication of publications) {
    properties(publication)
    void [
      publication.isConnected,
      publication.positionLimit,
      publication.availableWindow,
      publication.channelStatus,
    ]
    expect(publication.offer(bytes)).toBe(-4)
    expect(publication.offerParts(bytes, 0, 4, bytes, 4, 4)).toBe(-4)
    expect(publication.tryClaim(8, new BufferClaim())).toBe(-4)
    publication.close()
  }
  properties(subscription)
  expect(subscription.poll(() => {}, 10)).toBe(0)
  expect(subscription.controlledPoll(() => Action.CONTINUE, 10)).toBe(0)
  properties(image)
  expect(image.poll(() => {}, 10)).toBe(0)
  expect(image.boundedControlledPoll(() => Action.CONTINUE, 1_000, 10)).toBe(0)
  properties(counter)
  counter.set(counter.get() + counter.increment())
  if (header !== undefined) {
    properties(header)
    header.buffer.getBytes(0, new Uint8Array(4096), 0, 4096)
  }
  for (const claim of [settled, open]) {
    properties(claim)
    claim.buffer.putInt64(claim.offset, 1n)
    claim.reservedValue = 1n
    claim.commit()
    claim.buffer.putInt64(claim.offset, 1n)
    claim.abort()
  }
  aeron.countersReader.forEach(() => {})
  for (let id = 0; id <= aeron.countersReader.maxCounterId; id++) aeron.countersReader.getCounterValue(id)
  properties(aeron.countersReader)
  subscription.close()
  counter.close()
}

test('everything can be touched after it was closed, its mappings collected', async () => {
  const survivors: Held[] = []
  for (let round = 0; round < ROUNDS; round++) {
    using driver = new FakeDriver()
    const held = hold(driver)
    if (round % 3 === 0) {
      for (const publication of held.publications) publication.close()
      held.subscription.close()
      held.counter.close()
      touch(held)
      // Past the linger of the logs, which unmaps them while the client is open.
      for (let i = 0; i < 4; i++) {
        driver.advance(1_000)
        held.aeron.conductorAgentInvoker?.invoke()
      }
      collectGarbage()
      touch(held)
    }
    held.aeron.close()
    touch(held)
    survivors.push(held)
    if (round % 10 === 9) {
      collectGarbage()
      await nextTurn()
      for (const survivor of survivors) touch(survivor)
    }
  }
  survivors.splice(0, ROUNDS - 5)
  collectGarbage()
  await nextTurn()
  for (const survivor of survivors) {
    touch(survivor)
    expect(survivor.aeron.isClosed).toBe(true)
  }
}, 60_000)
