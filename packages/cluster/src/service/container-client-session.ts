import type { BufferClaim, OfferSource, OfferVector, Publication } from '@x/client'
import type { ClientSession } from './client-session.ts'
import { lengthOf } from './offer-length.ts'
import type { SessionEgress } from './session-egress.ts'

/** What a session is, as its open event said. */
export interface SessionDescription {
  readonly id: bigint
  readonly responseStreamId: number
  readonly responseChannel: string
  readonly encodedPrincipal: Uint8Array
}

/** A session with its reply path. Source: `io.aeron.cluster.service.ContainerClientSession`. */
export class ContainerClientSession implements ClientSession {
  readonly id: bigint
  readonly responseStreamId: number
  readonly responseChannel: string
  readonly encodedPrincipal: Uint8Array
  readonly #egress: SessionEgress
  readonly #requestClose: (clusterSessionId: bigint) => boolean
  #publication: Publication | undefined
  #isClosing = false

  constructor(
    description: SessionDescription,
    egress: SessionEgress,
    requestClose: (clusterSessionId: bigint) => boolean,
  ) {
    this.id = description.id
    this.responseStreamId = description.responseStreamId
    this.responseChannel = description.responseChannel
    this.encodedPrincipal = description.encodedPrincipal
    this.#egress = egress
    this.#requestClose = requestClose
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Whether the response publication has been added. */
  get hasPublication(): boolean {
    return this.#publication !== undefined
  }

  offer(buffer: OfferSource, offset = 0, length: number = lengthOf(buffer) - offset): number {
    return this.#egress.offer(this.id, this.#publication, buffer, offset, length)
  }

  offerVectors(vectors: readonly OfferVector[]): number {
    return this.#egress.offerVectors(this.id, this.#publication, vectors)
  }

  tryClaim(length: number, claim: BufferClaim): number {
    return this.#egress.tryClaim(this.id, this.#publication, length, claim)
  }

  close(): boolean {
    return this.#requestClose(this.id)
  }

  markClosing(): void {
    this.#isClosing = true
  }

  resetClosing(): void {
    this.#isClosing = false
  }

  connect(publication: Publication): void {
    this.#publication = publication
  }

  disconnect(): void {
    this.#publication?.close()
    this.#publication = undefined
  }
}
