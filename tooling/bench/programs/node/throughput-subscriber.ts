// Counts the messages of one stream after another, each for some time after some time of warm-up, both from the first message on.
// Parameters: dir, channel, stream (the first), publishers (images to wait for), assemble, warmUpsMs (comma separated), measureMs.
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
const receiver = new Receiver()
const handler =
  params.text('assemble') === 'true'
    ? new FragmentAssembler(receiver.onFragment).onFragment
    : receiver.onFragment

function pollFor(subscription: Subscription, durationMs: number): void {
  const endMs = performance.now() + durationMs
  while (performance.now() < endMs) {
    pollBatch(subscription, handler)
    client.invoke()
  }
}

/** Messages a second of one stream. */
function measure(stream: number, warmUpMs: number): number {
  const subscription = client.aeron.addSubscriptionSync(params.text('channel'), stream)
  client.await(() => subscription.imageCount >= params.number('publishers'))
  client.await(() => subscription.poll(handler, 1) > 0)
  pollFor(subscription, warmUpMs)
  const before = receiver.messages
  const startMs = performance.now()
  pollFor(subscription, params.number('measureMs'))
  const seconds = (performance.now() - startMs) / 1_000
  const received = receiver.messages - before
  subscription.close()
  return received / seconds
}

const rates = params
  .numbers('warmUpsMs')
  .map((warmUpMs, index) => measure(params.number('stream') + index, warmUpMs))
printSample({
  ...Object.fromEntries(rates.map((rate, index) => [`messagesPerSecond${index}`, rate])),
  checksum: receiver.checksum,
})
