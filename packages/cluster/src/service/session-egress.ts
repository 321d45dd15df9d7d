import { AtomicBuffer } from '@x/atomic'
import {
  NOT_CONNECTED,
  type BufferClaim,
  type OfferSource,
  type OfferVector,
  type Publication,
} from '@x/client'
import { ClusterError } from '../cluster-error.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
import { MESSAGE_TOO_LONG, MOCKED_OFFER } from './client-session.ts'
import { Role } from './cluster.ts'
import { lengthOf } from './offer-length.ts'
import type { LifecycleGuard } from './lifecycle-guard.ts'
import type { ServiceState } from './service-state.ts'

// The scratch area of a claim that is not sent has the shape of a real one. Protocol: the largest UDP payload of Aeron.
const MAX_UDP_PAYLOAD_LENGTH = 65_504
const DATA_HEADER_LENGTH = 32
const MAX_MOCKED_CLAIM_LENGTH = MAX_UDP_PAYLOAD_LENGTH - DATA_HEADER_LENGTH - SESSION_HEADER_LENGTH

/**
 * Sends to sessions where this member leads, and pretends to elsewhere. Nothing throws at the leader alone, as it would end the callback halfway on
 * one member: how long a message may be is known only where the client's egress is, so one that is too long is reported, and gives a result.
 */
export class SessionEgress {
  readonly #state: ServiceState
  readonly #guard: LifecycleGuard
  readonly #onError: (error: Error) => void
  #scratch: AtomicBuffer | undefined

  constructor(state: ServiceState, guard: LifecycleGuard, onError: (error: Error) => void) {
    this.#state = state
    this.#guard = guard
    this.#onError = onError
  }

  offer(
    clusterSessionId: bigint,
    publication: Publication | undefined,
    buffer: OfferSource,
    offset: number,
    length: number,
  ): number {
    this.#guard.check('offer to a session')
    checkSpan(buffer, offset, length)
    if (this.#state.role !== Role.LEADER) return MOCKED_OFFER
    if (publication === undefined) return NOT_CONNECTED
    const maxLength = publication.maxMessageLength - SESSION_HEADER_LENGTH
    if (length > maxLength) return this.#tooLong(clusterSessionId, length, maxLength)
    const header = this.#headerFor(clusterSessionId)
    return publication.offerParts(header, 0, SESSION_HEADER_LENGTH, buffer, offset, length)
  }

  offerVectors(
    clusterSessionId: bigint,
    publication: Publication | undefined,
    vectors: readonly OfferVector[],
  ): number {
    this.#guard.check('offer to a session')
    let totalLength = 0
    for (const { buffer, offset = 0, length = lengthOf(buffer) - offset } of vectors) {
      checkSpan(buffer, offset, length)
      totalLength += length
    }
    if (this.#state.role !== Role.LEADER) return MOCKED_OFFER
    if (publication === undefined) return NOT_CONNECTED
    const maxLength = publication.maxMessageLength - SESSION_HEADER_LENGTH
    if (totalLength > maxLength) return this.#tooLong(clusterSessionId, totalLength, maxLength)
    return publication.offerVectors([{ buffer: this.#headerFor(clusterSessionId) }, ...vectors])
  }

  tryClaim(
    clusterSessionId: bigint,
    publication: Publication | undefined,
    length: number,
    claim: BufferClaim,
  ): number {
    this.#guard.check('claim for a session')
    checkClaim(length)
    if (this.#state.role !== Role.LEADER) return this.#mockClaim(length, claim)
    if (publication === undefined) return NOT_CONNECTED
    const maxLength = publication.maxPayloadLength - SESSION_HEADER_LENGTH
    if (length > maxLength) return this.#tooLong(clusterSessionId, length, maxLength)
    const result = publication.tryClaim(SESSION_HEADER_LENGTH + length, claim)
    if (result > 0) {
      claim.buffer.putBytes(claim.offset, this.#headerFor(clusterSessionId), 0, SESSION_HEADER_LENGTH)
    }
    return result
  }

  #headerFor(clusterSessionId: bigint): AtomicBuffer {
    const { header, clusterTime } = this.#state
    header.setClusterSessionId(clusterSessionId)
    header.setTimestamp(clusterTime)
    return header.buffer
  }

  #tooLong(clusterSessionId: bigint, length: number, maxLength: number): number {
    this.#onError(
      new ClusterError(
        'MESSAGE_TOO_LONG',
        `Cannot send to session ${clusterSessionId}: length must be at most ${maxLength} on its egress, current value is ${length}`,
        { clusterSessionId, length, maxLength },
      ),
    )
    return MESSAGE_TOO_LONG
  }

  #mockClaim(length: number, claim: BufferClaim): number {
    this.#scratch ??= AtomicBuffer.allocate(MAX_UDP_PAYLOAD_LENGTH)
    claim.wrap(undefined, this.#scratch, 0, SESSION_HEADER_LENGTH + length)
    return MOCKED_OFFER
  }
}

// Looked at before the role: what throws at the leader alone makes members differ.
function checkSpan(buffer: OfferSource, offset: number, length: number): void {
  const capacity = lengthOf(buffer)
  // As the publication of the leader will ask: integers of 32 bits.
  const isWithin = offset >>> 0 === offset && length >>> 0 === length
  if (isWithin && offset + length <= capacity) return
  throw new RangeError(
    `Cannot offer to a session: offset and length must be integers within the buffer of ${capacity} bytes, ` +
      `current values are ${offset} and ${length}`,
  )
}

function checkClaim(length: number): void {
  if (Number.isInteger(length) && length >= 0 && length <= MAX_MOCKED_CLAIM_LENGTH) return
  throw new RangeError(
    `Cannot claim for a session: length must be an integer from 0 to ${MAX_MOCKED_CLAIM_LENGTH}, current value is ${length}`,
  )
}
