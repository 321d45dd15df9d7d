import type { OfferSource, Publication } from '@x/client'
import { checkBigInt64 } from '@x/codecs/runtime'
import { lengthOf } from '../service/offer-length.ts'
import { SESSION_HEADER_LENGTH, SessionMessageHeader } from '../session-message-header.ts'

/**
 * Puts the session header in front of messages and offers them on a publication to the leader that you have added yourself. For processes that send in a session
 * which the `AeronCluster` of another process keeps open. Source: `io.aeron.cluster.client.IngressSessionDecorator`.
 */
export class IngressSessionDecorator {
  readonly #header = new SessionMessageHeader()

  /**
   * @param clusterSessionId id of the session, an int64
   * @param leadershipTermId current leadership term, an int64. The cluster drops messages of other terms: call {@link setLeadershipTermId} after each change of the leader
   * @throws RangeError if one of them is not an int64
   */
  constructor(clusterSessionId: bigint, leadershipTermId: bigint) {
    this.setClusterSessionId(clusterSessionId)
    this.setLeadershipTermId(leadershipTermId)
  }

  /** Sets the session of the following messages. @throws RangeError if it is not an int64 */
  setClusterSessionId(clusterSessionId: bigint): void {
    this.#header.setClusterSessionId(checkBigInt64(clusterSessionId, 'clusterSessionId'))
  }

  /** Sets the leadership term of the following messages. @throws RangeError if it is not an int64 */
  setLeadershipTermId(leadershipTermId: bigint): void {
    this.#header.setLeadershipTermId(leadershipTermId)
  }

  /**
   * Offers a message.
   *
   * @param length length of the message in bytes. @default all bytes after `offset`
   * @returns the new position of the publication, or a negative result such as BACK_PRESSURED; see `Publication.offer`, whose errors are thrown
   */
  offer(publication: Publication, buffer: OfferSource, offset = 0, length?: number): number {
    const bodyLength = length ?? lengthOf(buffer) - offset
    return publication.offerParts(this.#header.buffer, 0, SESSION_HEADER_LENGTH, buffer, offset, bodyLength)
  }
}
