import type { AtomicBuffer } from '@x/atomic'
import { Action, type Header } from '@x/client'
import {
  AdminResponseDecoder,
  MessageHeaderDecoder,
  NewLeaderEventDecoder,
  SessionEventDecoder,
  SessionMessageHeaderDecoder,
} from '@x/codecs/cluster'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
import type { AdminResponse, NewLeader, SessionEvent } from './egress-listener.ts'

/** What an {@link EgressAdapter} makes of the egress stream. */
export interface EgressSink {
  onSessionMessage(
    clusterSessionId: bigint,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): Action
  onSessionEvent(event: SessionEvent): void
  onNewLeader(event: NewLeader, header: Header): void
  onAdminResponse(response: AdminResponse): void
  /** A message of another schema; the span is what follows the SBE message header, which has been wrapped for the call. */
  onOtherSchema(
    messageHeader: MessageHeaderDecoder,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): Action | void
}

/**
 * Decodes the egress of one session and hands each event on. What belongs to other sessions is left out, as are templates of the
 * cluster's schema that this version does not know.
 */
export class EgressAdapter {
  readonly #clusterSessionId: bigint
  readonly #sink: EgressSink
  readonly #messageHeader = new MessageHeaderDecoder()
  readonly #sessionMessage = new SessionMessageHeaderDecoder()
  readonly #sessionEvent = new SessionEventDecoder()
  readonly #newLeader = new NewLeaderEventDecoder()
  readonly #adminResponse = new AdminResponseDecoder()

  constructor(clusterSessionId: bigint, sink: EgressSink) {
    this.#clusterSessionId = clusterSessionId
    this.#sink = sink
  }

  /** One message of the egress, whole. */
  onMessage(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    const messageHeader = this.#messageHeader.wrap(buffer, offset)
    const bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH
    const bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH
    if (messageHeader.schemaId !== SessionMessageHeaderDecoder.SCHEMA_ID) {
      return this.#sink.onOtherSchema(messageHeader, buffer, bodyOffset, bodyLength) ?? Action.CONTINUE
    }
    const { blockLength, templateId, version } = messageHeader
    switch (templateId) {
      case SessionMessageHeaderDecoder.TEMPLATE_ID: {
        const message = this.#sessionMessage.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
        const clusterSessionId = message.clusterSessionId
        if (clusterSessionId !== this.#clusterSessionId) return Action.CONTINUE
        return this.#sink.onSessionMessage(
          clusterSessionId,
          message.timestamp,
          buffer,
          offset + SESSION_HEADER_LENGTH,
          length - SESSION_HEADER_LENGTH,
          header,
        )
      }
      case SessionEventDecoder.TEMPLATE_ID: {
        const event = this.#sessionEvent.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
        if (event.clusterSessionId === this.#clusterSessionId) {
          this.#sink.onSessionEvent(sessionEventOf(event))
        }
        break
      }
      case NewLeaderEventDecoder.TEMPLATE_ID: {
        const event = this.#newLeader.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
        if (event.clusterSessionId === this.#clusterSessionId) {
          this.#sink.onNewLeader(newLeaderOf(event), header)
        }
        break
      }
      case AdminResponseDecoder.TEMPLATE_ID: {
        const response = this.#adminResponse.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
        if (response.clusterSessionId === this.#clusterSessionId) {
          this.#sink.onAdminResponse(adminResponseOf(response))
        }
        break
      }
      default:
    }
    return Action.CONTINUE
  }
}

/** The session event under the decoder, as an object of its own. */
export function sessionEventOf(decoder: SessionEventDecoder): SessionEvent {
  return {
    clusterSessionId: decoder.clusterSessionId,
    correlationId: decoder.correlationId,
    leadershipTermId: decoder.leadershipTermId,
    leaderMemberId: decoder.leaderMemberId,
    code: decoder.code,
    detail: decoder.detail,
  }
}

function newLeaderOf(decoder: NewLeaderEventDecoder): NewLeader {
  return {
    clusterSessionId: decoder.clusterSessionId,
    leadershipTermId: decoder.leadershipTermId,
    leaderMemberId: decoder.leaderMemberId,
    ingressEndpoints: decoder.ingressEndpoints,
  }
}

function adminResponseOf(decoder: AdminResponseDecoder): AdminResponse {
  return {
    clusterSessionId: decoder.clusterSessionId,
    correlationId: decoder.correlationId,
    requestType: decoder.requestType,
    responseCode: decoder.responseCode,
    message: decoder.message,
    payload: decoder.payload.slice(),
  }
}
