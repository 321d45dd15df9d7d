// Sends messages of one length as fast as it can, for some time after it was connected.
// Parameters: dir, channel, stream, mode (exclusive, claim, concurrent), length, durationMs.
import { AtomicBuffer } from '@x/atomic'
import { BufferClaim } from '@x/client'
import type { Publication } from '@x/client'
import { BusySpinIdleStrategy } from '@x/idlestrategy'
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

/** Attempts between two looks at the clock, which costs as much as a few messages. */
const BATCH = 1_024
const length = params.number('length')
const idle = new BusySpinIdleStrategy()

/** Offers a batch of attempts; the number of the next message. */
function offerBatch(publication: Publication, buffer: AtomicBuffer, first: number): number {
  let sequence = first
  for (let i = 0; i < BATCH; i++) {
    buffer.putInt32(0, sequence)
    if (publication.offer(buffer, 0, length) > 0) sequence++
    else idle.idle()
  }
  return sequence
}

function claimBatch(publication: Publication, claim: BufferClaim, first: number): number {
  let sequence = first
  for (let i = 0; i < BATCH; i++) {
    if (publication.tryClaim(length, claim) > 0) {
      claim.buffer.putInt32(claim.offset, sequence)
      claim.commit()
      sequence++
    } else {
      idle.idle()
    }
  }
  return sequence
}

using client = new SpinningClient()
const mode = params.text('mode')
const channel = params.text('channel')
const stream = params.number('stream')
const publication =
  mode === 'concurrent'
    ? client.aeron.addPublicationSync(channel, stream)
    : client.aeron.addExclusivePublicationSync(channel, stream)
client.await(() => publication.isConnected)
const buffer = AtomicBuffer.allocate(length)
const claim = new BufferClaim()
const endMs = performance.now() + params.number('durationMs')
let sent = 0
while (performance.now() < endMs) {
  sent = mode === 'claim' ? claimBatch(publication, claim, sent) : offerBatch(publication, buffer, sent)
  client.invoke()
}
publication.close()
printSample({ sent })
