// What a message costs as there are more streams, or more images of one stream: each round sends one message on each publication and
// polls until all have come. Parameters: dir, channel, stream (the first), kind (streams, images), counts (comma separated, growing), messages.
import { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Subscription } from '@x/client'
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const FRAGMENT_LIMIT = 256
/** Asked for at a time: the driver takes a millisecond for one command, and little more for many. */
const BATCH = 100

class Receiver {
  messages = 0

  readonly onFragment = (): void => {
    this.messages++
  }
}

using client = new SpinningClient()
const { aeron } = client
const channel = params.text('channel')
const first = params.number('stream')
const areStreams = params.text('kind') === 'streams'
const publications: ExclusivePublication[] = []
const subscriptions: Subscription[] = []
const receiver = new Receiver()
const buffer = AtomicBuffer.allocate(32)
let rounds = 0

function grow(count: number): void {
  while (publications.length < count) {
    const length = Math.min(BATCH, count - publications.length)
    const streams = Array.from({ length }, (_, i) => (areStreams ? first + publications.length + i : first))
    const own = areStreams ? streams : streams.slice(0, subscriptions.length === 0 ? 1 : 0)
    const subscriptionIds = own.map((stream) => aeron.asyncAddSubscription(channel, stream))
    const publicationIds = streams.map((stream) => aeron.asyncAddExclusivePublication(channel, stream))
    subscriptions.push(...subscriptionIds.map((id) => client.get(() => aeron.getSubscription(id))))
    publications.push(...publicationIds.map((id) => client.get(() => aeron.getExclusivePublication(id))))
  }
  client.await(() => subscriptions.reduce((sum, { imageCount }) => sum + imageCount, 0) === count)
  client.await(() => publications.every((publication) => publication.isConnected))
}

function round(): void {
  for (const publication of publications) {
    while (publication.offer(buffer, 0, 32) < 0) client.invoke()
  }
  const target = receiver.messages + publications.length
  while (receiver.messages < target) {
    for (const subscription of subscriptions) subscription.poll(receiver.onFragment, FRAGMENT_LIMIT)
  }
  // The conductor has hardly ever something to do.
  if (++rounds % 64 === 0) client.invoke()
}

/** Nanoseconds of one message. */
function measure(messages: number): number {
  const count = Math.ceil(messages / publications.length)
  const start = performance.now()
  for (let i = 0; i < count; i++) round()
  return ((performance.now() - start) * 1e6) / (count * publications.length)
}

const messages = params.number('messages')
const values: Record<string, number> = {}
for (const count of params.text('counts').split(',').map(Number)) {
  grow(count)
  measure(messages)
  values[`ns${count}`] = measure(messages)
}
printSample(values)
