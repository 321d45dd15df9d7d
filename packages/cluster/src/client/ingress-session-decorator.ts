import type { OfferSource, Publication } from '@x/client'
import { checkBigInt64 } from '@x/codecs/runtime'
import { lengthOf } from '../service/offer-length.ts'
import { SESSION_HEADER_LENGTH, SessionMessageHeader } from '../session-message-header.ts'

/**
 * Sends messages of a session on a publication of the caller's, without an AeronCluster: for a process that shares the session of another.
 * Source: `io.aeron.cluster.client.IngressSessionDecorator`.
 */
export class IngressSessionDecorator {
  readonly #header = new SessionMessageHeader()

  /**
   * @param clusterSessionId the session to send as
   * @param leadershipTermId the term of its leader; the cluster drops messages of another term, so follow it with {@link setLeadershipTermId}
   */
  constructor(clusterSessionId: bigint, leadershipTermId: bigint) {
    this.setClusterSessionId(clusterSessionId)
    this.setLeadershipTermId(leadershipTermId)
  }

  /** The session of the messages that follow. */
  setClusterSessionId(clusterSessionId: bigint): void {
    this.#header.setClusterSessionId(checkBigInt64(clusterSessionId, 'clusterSessionId'))
  }

  /** The leadership term of the messages that follow. */
  setLeadershipTermId(leadershipTermId: bigint): void {
    this.#header.setLeadershipTermId(leadershipTermId)
  }

  /** Sends a message. Results and errors are those of the publication. */
  offer(publication: Publication, buffer: OfferSource, offset = 0, length?: number): number {
    const bodyLength = length ?? lengthOf(buffer) - offset
    return publication.offerParts(this.#header.buffer, 0, SESSION_HEADER_LENGTH, buffer, offset, bodyLength)
  }
}
