import type { BufferClaim, OfferSource, OfferVector } from '@x/client'

/** Result of sending to a session when this member does not lead: nothing was sent, and the service goes on as if it was. */
export const MOCKED_OFFER = 1

/**
 * Result of sending to a session more than its egress takes: nothing was sent, and the error `MESSAGE_TOO_LONG` was reported. Ours: Java throws, at the
 * leader alone.
 */
export const MESSAGE_TOO_LONG = -6

/**
 * A session of a cluster client, as the service sees it. Source: `io.aeron.cluster.service.ClientSession`.
 * Results of sending may differ between members: treat {@link MOCKED_OFFER} as success and keep results out of the state.
 */
export interface ClientSession {
  /** The id that the cluster gave. */
  readonly id: bigint
  /** Stream id of the client's egress. */
  readonly responseStreamId: number
  /** Channel of the client's egress. */
  readonly responseChannel: string
  /** The principal that authentication found; empty without authentication. */
  readonly encodedPrincipal: Uint8Array
  /** True once the service asked to close the session. */
  readonly isClosing: boolean

  /**
   * Sends a message to the client. Only the leader sends: elsewhere {@link MOCKED_OFFER}. A negative result is one of the
   * publication's, NOT_CONNECTED also when the client's egress could not be reached, or {@link MESSAGE_TOO_LONG}. Not all
   * of them are worth a repetition: ask `isRetryable`, a loop that goes on while the result is negative may never end.
   */
  offer(buffer: OfferSource, offset?: number, length?: number): number

  /** Sends a message made of several parts, as {@link offer} does one. */
  offerVectors(vectors: readonly OfferVector[]): number

  /**
   * Claims room for a message to the client. The claim starts with the session header: write `length` bytes at
   * `claim.offset + SESSION_HEADER_LENGTH`, then `claim.commit()`. Elsewhere than at the leader the claim is a scratch buffer.
   * Results as of {@link offer}: a claim is one frame, so the leader's MTU length bounds it.
   *
   * @throws RangeError on every member for a length that no MTU allows.
   */
  tryClaim(length: number, claim: BufferClaim): number

  /** Asks the cluster to close this session. Quiet when it is closed already; false when the request could not be sent. */
  close(): boolean
}
