import type { AtomicBuffer } from '@x/atomic'
import {
  BufferClaim,
  CLOSED,
  MAX_POSITION_EXCEEDED,
  NOT_CONNECTED,
  publicationResultName,
  type OfferSource,
  type OfferVector,
  type Publication,
} from '@x/client'
import {
  CancelTimerEncoder,
  CloseSessionEncoder,
  MessageHeaderEncoder,
  ScheduleTimerEncoder,
  ServiceAckEncoder,
} from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'

const HEADER_LENGTH: number = MessageHeaderEncoder.ENCODED_LENGTH

/** Relevant id of an ack that has nothing to name, or that says that what was asked for failed. */
export const NO_RELEVANT_ID = -1n

/** What a service acknowledges. */
export interface ServiceAck {
  readonly logPosition: number
  /** Cluster time. */
  readonly timestamp: bigint
  readonly ackId: bigint
  /** Client id for the start, recording id for a snapshot, else {@link NO_RELEVANT_ID}. */
  readonly relevantId: bigint
  readonly serviceId: number
}

/**
 * Speaks to the consensus module. Source: `io.aeron.cluster.service.ConsensusModuleProxy`.
 * Each call is one attempt: false, or a negative result, is back pressure. An unusable publication throws.
 */
export class ConsensusModuleProxy {
  readonly #publication: Publication
  readonly #claim = new BufferClaim()
  readonly #header = new MessageHeaderEncoder()
  readonly #ack = new ServiceAckEncoder()
  readonly #scheduleTimer = new ScheduleTimerEncoder()
  readonly #cancelTimer = new CancelTimerEncoder()
  readonly #closeSession = new CloseSessionEncoder()

  constructor(publication: Publication) {
    this.#publication = publication
  }

  ack(ack: ServiceAck): boolean {
    return this.#send(ServiceAckEncoder.BLOCK_LENGTH, () => {
      this.#ack
        .wrapAndApplyHeader(this.#claim.buffer, this.#claim.offset, this.#header)
        .logPosition(ack.logPosition)
        .timestamp(ack.timestamp)
        .ackId(ack.ackId)
        .relevantId(ack.relevantId)
        .serviceId(ack.serviceId)
    })
  }

  scheduleTimer(correlationId: bigint, deadline: bigint): boolean {
    return this.#send(ScheduleTimerEncoder.BLOCK_LENGTH, () => {
      this.#scheduleTimer
        .wrapAndApplyHeader(this.#claim.buffer, this.#claim.offset, this.#header)
        .correlationId(correlationId)
        .deadline(deadline)
    })
  }

  cancelTimer(correlationId: bigint): boolean {
    return this.#send(CancelTimerEncoder.BLOCK_LENGTH, () => {
      this.#cancelTimer
        .wrapAndApplyHeader(this.#claim.buffer, this.#claim.offset, this.#header)
        .correlationId(correlationId)
    })
  }

  closeSession(clusterSessionId: bigint): boolean {
    return this.#send(CloseSessionEncoder.BLOCK_LENGTH, () => {
      this.#closeSession
        .wrapAndApplyHeader(this.#claim.buffer, this.#claim.offset, this.#header)
        .clusterSessionId(clusterSessionId)
    })
  }

  /** Offers a service's own message behind its session header. */
  offer(header: AtomicBuffer, buffer: OfferSource, offset: number, length: number): number {
    const result = this.#publication.offerParts(header, 0, SESSION_HEADER_LENGTH, buffer, offset, length)
    checkResult(result)
    return result
  }

  /** Offers a service's own message, in several parts, behind its session header. */
  offerVectors(header: AtomicBuffer, vectors: readonly OfferVector[]): number {
    const result = this.#publication.offerVectors([{ buffer: header }, ...vectors])
    checkResult(result)
    return result
  }

  /** Claims room for a service's own message, its session header included and written. */
  tryClaim(header: AtomicBuffer, length: number, claim: BufferClaim): number {
    const result = this.#publication.tryClaim(SESSION_HEADER_LENGTH + length, claim)
    if (result > 0) claim.buffer.putBytes(claim.offset, header, 0, SESSION_HEADER_LENGTH)
    else checkResult(result)
    return result
  }

  /** Closes the publication; for a client that is not the container's. */
  close(): void {
    this.#publication.close()
  }

  #send(blockLength: number, encode: () => void): boolean {
    const result = this.#publication.tryClaim(HEADER_LENGTH + blockLength, this.#claim)
    checkResult(result)
    if (result <= 0) return false
    try {
      encode()
    } catch (error) {
      // The consensus module reads no further than to an open claim.
      this.#claim.abort()
      throw error
    }
    this.#claim.commit()
    return true
  }
}

/** The one retry policy: `attempts` tries with `idle` between them; false when none succeeded. */
export function sendWithRetry(attempts: number, idle: () => void, send: () => boolean): boolean {
  for (let attempt = 1; !send(); attempt++) {
    if (attempt >= attempts) return false
    idle()
  }
  return true
}

function checkResult(result: number): void {
  if (result !== NOT_CONNECTED && result !== CLOSED && result !== MAX_POSITION_EXCEEDED) return
  throw new ClusterError(
    'CONTROL_PUBLICATION_UNUSABLE',
    `Cannot send to the consensus module: its publication must be usable, current result is ${publicationResultName(result)}; ` +
      'the consensus module is gone or restarts',
    { result },
  )
}
