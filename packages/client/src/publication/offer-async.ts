import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { AeronError } from '../aeron-error.ts'
import type { OfferSource } from '../logbuffer/message-parts.ts'
import type { ReservedValueSupplier } from '../logbuffer/term-appender.ts'
import { ADMIN_ACTION, BACK_PRESSURED, NOT_CONNECTED, publicationResultName } from './publication-result.ts'
import type { Publication } from './publication.ts'

/** How to offer until it succeeds. */
export interface OfferAsyncOptions {
  /** Gives up: rejects with the signal's reason. The message was not sent then. */
  readonly signal?: AbortSignal
  /** Whether to wait for a subscriber, or to reject at once when there is none. @default 'wait' */
  readonly whenNotConnected?: 'wait' | 'reject'
  readonly reservedValueSupplier?: ReservedValueSupplier
}

/** Ours: attempts at once, or a turn of the event loop apart, before timers, which wait for a millisecond at least. */
const QUICK_ATTEMPTS = 20

/**
 * Offers a message until it is taken, waiting while the publication is back-pressured; gives the new position. Messages offered at the same
 * time are not kept in their order: await each before the next.
 *
 * @throws AeronError `OFFER_FAILED` when the publication is closed, at its longest position, or not connected and that is not waited for
 * @throws RangeError when the message is too long
 */
export async function offerAsync(
  publication: Publication,
  message: OfferSource,
  { signal, whenNotConnected = 'wait', reservedValueSupplier }: OfferAsyncOptions = {},
): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted()
    const result = publication.offer(message, undefined, undefined, reservedValueSupplier)
    if (result > 0) return result
    const isWorthWaiting =
      result === BACK_PRESSURED ||
      result === ADMIN_ACTION ||
      (result === NOT_CONNECTED && whenNotConnected === 'wait')
    if (!isWorthWaiting) throw offerFailed(publication, result)
    if (result === ADMIN_ACTION && attempt < QUICK_ATTEMPTS) continue
    if (attempt < QUICK_ATTEMPTS) await nextTurn()
    else await sleep(1, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
}

function offerFailed(publication: Publication, result: number): AeronError<'OFFER_FAILED'> {
  const resultName = publicationResultName(result)
  return new AeronError(
    'OFFER_FAILED',
    `Cannot offer to stream ${publication.streamId} on "${publication.channel}": the publication must be able to take it, its answer is ${resultName}`,
    { result, resultName },
  )
}
