// Counts the messages of a stream for some time, after some time of warm-up, both from the first message on.
// Parameters: dir, channel, stream, publishers (images to wait for), assemble, warmupMs, measureMs.
import type { AtomicBuffer } from '@x/atomic'
import { FragmentAssembler } from '@x/client'
import type { FragmentHandler, Subscription } from '@x/client'
import { BusySpinIdleStrategy } from '@x/idlestrategy'
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const FRAGMENT_LIMIT = 256
/** Polls between two looks at the clock. */
const BATCH = 256
const idle = new BusySpinIdleStrategy()

/** Counts messages, and looks at each. */
class Receiver {
  messages = 0
  checksum = 0

  readonly onFragment = (buffer: AtomicBuffer, offset: number): void => {
    this.messages++
    this.checksum ^= buffer.getInt32(offset)
  }
}

function pollBatch(subscription: Subscription, handler: FragmentHandler): void {
  for (let i = 0; i < BATCH; i++) idle.idle(subscription.poll(handler, FRAGMENT_LIMIT))
}

using client = new SpinningClient()
const subscription = client.aeron.addSubscriptionSync(params.text('channel'), params.number('stream'))
const receiver = new Receiver()
const handler =
  params.text('assemble') === 'true'
    ? new FragmentAssembler(receiver.onFragment).onFragment
    : receiver.onFragment
client.await(() => subscription.imageCount >= Number(params.text('publishers')))
client.await(() => subscription.poll(handler, 1) > 0)

function pollFor(durationMs: number): void {
  const endMs = performance.now() + durationMs
  while (performance.now() < endMs) {
    pollBatch(subscription, handler)
    client.invoke()
  }
}

pollFor(params.number('warmupMs'))
const before = receiver.messages
const startMs = performance.now()
pollFor(params.number('measureMs'))
const seconds = (performance.now() - startMs) / 1_000
const received = receiver.messages - before
subscription.close()
printSample({ messagesPerSecond: received / seconds, received, checksum: receiver.checksum })
