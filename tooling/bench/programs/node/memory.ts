// Heap that a publication and a subscription with one image take, after a collection. Logs are mapped and not counted.
// Parameters: dir, channel, stream (the first), count.
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

function heapUsed(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

using client = new SpinningClient()
const { aeron } = client
const channel = params.text('channel')
const first = params.number('stream')
const count = params.number('count')
/** Streams that are added before anything is counted, so that code and tables are there. */
const WARM_UP = 20
const streams = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i)

const kept: object[] = []
for (const stream of streams(first + count, WARM_UP)) {
  kept.push(aeron.addExclusivePublicationSync(channel, stream), aeron.addSubscriptionSync(channel, stream))
}
const before = heapUsed()
for (const stream of streams(first, count)) kept.push(aeron.addExclusivePublicationSync(channel, stream))
const withPublications = heapUsed()
const subscriptions = streams(first, count).map((stream) => aeron.addSubscriptionSync(channel, stream))
client.await(() => subscriptions.every((subscription) => subscription.imageCount === 1))
const withImages = heapUsed()
printSample({
  publicationBytes: (withPublications - before) / count,
  imageBytes: (withImages - withPublications) / count,
  residentBytes: process.memoryUsage().rss,
  kept: kept.length,
})
