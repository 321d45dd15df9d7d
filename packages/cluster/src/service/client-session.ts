import type { BufferClaim, OfferSource, OfferVector } from '@x/client'

/** Result of sending to a session on a member that is not the leader: nothing was sent, and the service continues as if it had been. */
export const MOCKED_OFFER = 1

/**
 * Result of sending a message that is too long for the egress of the session: nothing was sent, and the error `MESSAGE_TOO_LONG` was reported. Ours: Java
 * throws, on the leader alone.
 */
export const MESSAGE_TOO_LONG = -6

/**
 * The session of a cluster client, as seen by the service; corresponds to `io.aeron.cluster.service.ClientSession`.
 * Results of sending may differ between members: treat {@link MOCKED_OFFER} as success, and do not let the state depend on results.
 */
export interface ClientSession {
  /** Id of the session, assigned by the cluster. */
  readonly id: bigint
  /** Stream id of the client's egress. */
  readonly responseStreamId: number
  /** Channel of the client's egress. */
  readonly responseChannel: string
  /** The authenticated principal; empty without authentication. */
  readonly encodedPrincipal: Uint8Array
  /** Whether the service has asked to close the session. */
  readonly isClosing: boolean

  /**
   * Sends a message to the client. Only the leader sends; other members return {@link MOCKED_OFFER}. A negative result is that of the publication, where
   * NOT_CONNECTED can also mean that the client's egress could not be reached, or {@link MESSAGE_TOO_LONG}. Repeat only if `isRetryable(result)`: a loop that
   * continues while the result is negative may never end.
   */
  offer(buffer: OfferSource, offset?: number, length?: number): number

  /** Like {@link offer}, for a message in several parts. */
  offerVectors(vectors: readonly OfferVector[]): number

  /**
   * Claims space for a message to the client. The claim starts with the session header: write `length` bytes at `claim.offset + SESSION_HEADER_LENGTH`, then
   * call `claim.commit()`. On members other than the leader the claim is a scratch buffer. Returns what {@link offer} returns; a claim is a single frame, so
   * its length is limited by the leader's MTU.
   *
   * @throws RangeError on every member for a length that no MTU allows
   */
  tryClaim(length: number, claim: BufferClaim): number

  /** Asks the cluster to close this session; does nothing when it is already closed. @returns false when the request could not be sent */
  close(): boolean
}
