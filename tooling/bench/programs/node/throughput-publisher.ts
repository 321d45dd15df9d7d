// Sends messages as fast as it can: of each length for some time after it was connected, on a stream of its own.
// Parameters: dir, channel, stream (of the first length), mode (exclusive, claim, concurrent), lengths, durationsMs (comma separated).
import { AtomicBuffer } from '@x/atomic'
import { BufferClaim } from '@x/client'
import type { Publication } from '@x/client'
import { BusySpinIdleStrategy } from '@x/idlestrategy'
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

/** Attempts between two looks at the clock, which costs as much as a few messages. */
const BATCH = 1_024
const idle = new BusySpinIdleStrategy()

/** Offers a batch of attempts; the number of the next message. */
function offerBatch(publication: Publication, buffer: AtomicBuffer, length: number, first: number): number {
  let sequence = first
  for (let i = 0; i < BATCH; i++) {
    buffer.putInt32(0, sequence)
    if (publication.offer(buffer, 0, length) > 0) sequence = (sequence + 1) | 0
    else idle.idle()
  }
  return sequence
}

function claimBatch(publication: Publication, claim: BufferClaim, length: number, first: number): number {
  let sequence = first
  for (let i = 0; i < BATCH; i++) {
    if (publication.tryClaim(length, claim) > 0) {
      claim.buffer.putInt32(claim.offset, sequence)
      claim.commit()
      sequence = (sequence + 1) | 0
    } else {
      idle.idle()
    }
  }
  return sequence
}

using client = new SpinningClient()
const { aeron } = client
const mode = params.text('mode')
const channel = params.text('channel')
const claim = new BufferClaim()

/** Sends on one stream; how many messages. */
function send(stream: number, length: number, durationMs: number): number {
  const publication =
    mode === 'concurrent'
      ? aeron.addPublicationSync(channel, stream)
      : aeron.addExclusivePublicationSync(channel, stream)
  client.await(() => publication.isConnected)
  const buffer = AtomicBuffer.allocate(length)
  const endMs = performance.now() + durationMs
  let sent = 0
  while (performance.now() < endMs) {
    sent =
      mode === 'claim'
        ? claimBatch(publication, claim, length, sent)
        : offerBatch(publication, buffer, length, sent)
    client.invoke()
  }
  publication.close()
  return sent
}

const durationsMs = params.numbers('durationsMs')
const sent = params
  .numbers('lengths')
  .map((length, index) => send(params.number('stream') + index, length, durationsMs[index]!))
printSample(Object.fromEntries(sent.map((count, index) => [`sent${index}`, count])))
