import { AtomicBuffer } from '@x/atomic'
import { Aeron, BufferClaim, type ConcurrentPublication, publicationResultName } from '@x/client'
import { setTimeout as sleep } from 'node:timers/promises'
import { ACTIVE_TERM_COUNT_OFFSET, rawTailOffset } from '../../../src/logbuffer/log-buffer-descriptor.ts'
import { indexByTermCount } from '../../../src/logbuffer/log-buffer-position.ts'
import {
  campaignLength,
  CAMPAIGN_HEADER_LENGTH,
  fillCampaignMessage,
  mix,
  NEVER_COMMITTED,
} from './campaign-message.ts'
import { type Ending, Progress, type PublisherPlan } from './campaign-plan.ts'

const ATTEMPTS_BEFORE_SLEEP = 20

/** Tries until taken; the event loop runs meanwhile, for the conductor. */
async function insist(attempt: () => number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const result = attempt()
    if (result > 0) return
    if (result < -3) throw new Error(`Publication gave ${publicationResultName(result)}`)
    if (tries > ATTEMPTS_BEFORE_SLEEP) await sleep(1)
  }
}

/** Adds to the tail as an offer of the longest message does, and leaves it at that. */
async function reserveOnly(publication: ConcurrentPublication, atEndOfTerm: boolean): Promise<void> {
  const metadata = publication['metadata']
  const { termBufferLength } = publication
  const length = publication.maxMessageLength
  const claim = new BufferClaim()
  for (;;) {
    const index = indexByTermCount(metadata.getInt32Acquire(ACTIVE_TERM_COUNT_OFFSET))
    const tailOffset = rawTailOffset(index)
    const rawTail = metadata.getInt64Acquire(tailOffset)
    const offset = Number(BigInt.asUintN(32, rawTail))
    const trips = offset < termBufferLength && offset + length > termBufferLength
    const isWanted = atEndOfTerm ? trips : offset + length <= termBufferLength
    if (isWanted && metadata.compareAndSetInt64(tailOffset, rawTail, rawTail + BigInt(length))) return
    // The others may have ended, and left the tail where it is not wanted.
    await insist(() => publication.tryClaim(0, claim))
    claim.abort()
  }
}

/** Never returns: the process kills itself in the middle of publishing. */
async function die(publication: ConcurrentPublication, ending: Ending): Promise<void> {
  if (ending === 'die-claimed') {
    const claim = new BufferClaim()
    await insist(() => publication.tryClaim(500, claim))
    claim.buffer.putInt32(claim.offset, NEVER_COMMITTED)
  } else {
    await reserveOnly(publication, ending === 'die-tripped')
  }
  process.kill(process.pid, 'SIGKILL')
  await sleep(60_000)
}

/** Publishes message after message, each in one of the ways there are, and before some of them aborts a claim. */
export async function publish(plan: PublisherPlan): Promise<void> {
  const { publisher } = plan
  using progress = new Progress(plan.progressPath)
  using aeron = await Aeron.connect({ aeronDirectory: plan.aeronDirectory })
  using publication = await aeron.addPublication(plan.channel, plan.streamId)
  const { maxMessageLength, maxPayloadLength } = publication
  const source = AtomicBuffer.allocate(maxMessageLength)
  const claim = new BufferClaim()
  const last = plan.ending === 'finish' ? plan.count : Math.floor(plan.count / 2)
  for (let sequence = 0; sequence < last; sequence++) {
    const length = campaignLength(publisher, sequence, maxMessageLength)
    const way = mix(sequence, publisher) % 8
    if (way < 2) {
      await insist(() => publication.tryClaim(length % (maxPayloadLength + 1), claim))
      if (claim.length >= CAMPAIGN_HEADER_LENGTH) claim.buffer.putInt32(claim.offset, NEVER_COMMITTED)
      claim.abort()
    }
    if (way % 2 === 0 && length <= maxPayloadLength) {
      await insist(() => publication.tryClaim(length, claim))
      fillCampaignMessage(claim.buffer, claim.offset, length, publisher, sequence)
      claim.commit()
    } else {
      fillCampaignMessage(source, 0, length, publisher, sequence)
      if (way === 3) {
        const cut = length >> 1
        await insist(() => publication.offerParts(source, 0, cut, source, cut, length - cut))
      } else {
        await insist(() => publication.offer(source, 0, length))
      }
    }
    progress.set(publisher, sequence + 1)
    // The conductor must have its turns, and a publisher that meets no back pressure never waits.
    if (sequence % 256 === 0) await sleep(0)
  }
  if (plan.ending !== 'finish') await die(publication, plan.ending)
}
