import type { AtomicBuffer } from '@x/atomic'
import { Action, ControlledFragmentAssembler, type Header, type Image, type Subscription } from '@x/client'
import { ChallengeDecoder, MessageHeaderDecoder, SessionEventDecoder } from '@x/codecs/cluster'
import { sessionEventOf } from './egress-adapter.ts'
import type { SessionEvent } from './egress-listener.ts'

const FRAGMENT_LIMIT = 10

/** The cluster wants the client to prove itself. */
export interface ChallengeEvent {
  readonly clusterSessionId: bigint
  readonly encodedChallenge: Uint8Array
}

/** The cluster's answer to a request to connect: one of the two. */
export interface ConnectResponse {
  readonly challenge: ChallengeEvent | undefined
  readonly event: SessionEvent | undefined
  /** Heartbeat timeout of the cluster's leader in nanoseconds; null or absent is not positive. */
  readonly leaderHeartbeatTimeoutNs: bigint
  /** The image that the answer came on. */
  readonly image: Image
}

/**
 * Polls the egress for the answer to one request, and leaves the poll at it, so that what the service sends next stays for the
 * connected client. Answers to other requests are left out.
 */
export class ConnectResponsePoller {
  readonly #subscription: Subscription
  readonly #assembler = new ControlledFragmentAssembler((buffer, offset, length, header) =>
    this.#onMessage(buffer, offset, length, header),
  )
  readonly #messageHeader = new MessageHeaderDecoder()
  readonly #challenge = new ChallengeDecoder()
  readonly #sessionEvent = new SessionEventDecoder()
  #correlationId = 0n
  #response: ConnectResponse | undefined = undefined
  #lastError: Error | undefined = undefined

  constructor(subscription: Subscription) {
    this.#subscription = subscription
  }

  /** Why a message was left out that could not be decoded; undefined when all could. */
  get lastError(): Error | undefined {
    return this.#lastError
  }

  /** The answer to the request with this correlation id, once it is there. */
  poll(correlationId: bigint): ConnectResponse | undefined {
    this.#correlationId = correlationId
    this.#response = undefined
    this.#subscription.controlledPoll(this.#assembler.onFragment, FRAGMENT_LIMIT)
    return this.#response
  }

  #onMessage(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    if (this.#response !== undefined) return Action.ABORT
    if (length < MessageHeaderDecoder.ENCODED_LENGTH) return Action.CONTINUE
    try {
      return this.#decode(buffer, offset, length, header)
    } catch (error) {
      // Whoever sent it, it is not the answer.
      this.#lastError = error instanceof Error ? error : new Error(String(error))
      return Action.CONTINUE
    }
  }

  #decode(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    const messageHeader = this.#messageHeader.wrap(buffer, offset)
    if (messageHeader.schemaId !== SessionEventDecoder.SCHEMA_ID) return Action.CONTINUE
    const { blockLength, templateId, version } = messageHeader
    const bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH
    const bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH
    if (templateId === ChallengeDecoder.TEMPLATE_ID) {
      const challenge = this.#challenge.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
      if (challenge.correlationId !== this.#correlationId) return Action.CONTINUE
      this.#response = {
        challenge: {
          clusterSessionId: challenge.clusterSessionId,
          encodedChallenge: challenge.encodedChallenge.slice(),
        },
        event: undefined,
        leaderHeartbeatTimeoutNs: 0n,
        image: header.context,
      }
      return Action.BREAK
    }
    if (templateId === SessionEventDecoder.TEMPLATE_ID) {
      const event = this.#sessionEvent.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
      if (event.correlationId !== this.#correlationId) return Action.CONTINUE
      this.#response = {
        challenge: undefined,
        leaderHeartbeatTimeoutNs: event.leaderHeartbeatTimeoutNs,
        event: sessionEventOf(event),
        image: header.context,
      }
      return Action.BREAK
    }
    return Action.CONTINUE
  }
}
