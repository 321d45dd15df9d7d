import type { AtomicBuffer } from '@x/atomic'
import { Action, type Header } from '@x/client'
import {
  AdminResponseDecoder,
  MessageHeaderDecoder,
  NewLeaderEventDecoder,
  SessionEventDecoder,
  SessionMessageHeaderDecoder,
} from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
import type { AdminResponse, NewLeader, SessionEvent } from './egress-listener.ts'

/** What the decoders of the egress have in common. */
interface EventDecoder {
  readonly clusterSessionId: bigint
  wrap(buffer: AtomicBuffer, offset: number, blockLength: number, version: number, length: number): this
}

const NO_HEADER = { schemaId: 0, templateId: 0, version: 0 }

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

  /**
   * One message of the egress, whole.
   *
   * @throws ClusterError EGRESS_MESSAGE_INVALID for one that cannot be decoded; the next can be
   */
  onMessage(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    if (length < MessageHeaderDecoder.ENCODED_LENGTH) throw this.#invalid(undefined)
    const messageHeader = this.#messageHeader.wrap(buffer, offset)
    const bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH
    const bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH
    if (messageHeader.schemaId !== SessionMessageHeaderDecoder.SCHEMA_ID) {
      return this.#sink.onOtherSchema(messageHeader, buffer, bodyOffset, bodyLength) ?? Action.CONTINUE
    }
    if (messageHeader.templateId !== SessionMessageHeaderDecoder.TEMPLATE_ID) {
      this.#onEvent(buffer, bodyOffset, bodyLength, header)
      return Action.CONTINUE
    }
    const message = this.#wrap(this.#sessionMessage, buffer, bodyOffset, bodyLength)
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

  #onEvent(buffer: AtomicBuffer, bodyOffset: number, bodyLength: number, header: Header): void {
    switch (this.#messageHeader.templateId) {
      case SessionEventDecoder.TEMPLATE_ID: {
        const event = this.#read(this.#sessionEvent, sessionEventOf, buffer, bodyOffset, bodyLength)
        if (event !== undefined) this.#sink.onSessionEvent(event)
        break
      }
      case NewLeaderEventDecoder.TEMPLATE_ID: {
        const event = this.#read(this.#newLeader, newLeaderOf, buffer, bodyOffset, bodyLength)
        if (event !== undefined) this.#sink.onNewLeader(event, header)
        break
      }
      case AdminResponseDecoder.TEMPLATE_ID: {
        const response = this.#read(this.#adminResponse, adminResponseOf, buffer, bodyOffset, bodyLength)
        if (response !== undefined) this.#sink.onAdminResponse(response)
        break
      }
      default:
    }
  }

  /** An event of this session as an object of its own; undefined for that of another. */
  #read<D extends EventDecoder, E>(
    decoder: D,
    eventOf: (decoder: D) => E,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): E | undefined {
    const wrapped = this.#wrap(decoder, buffer, offset, length)
    if (wrapped.clusterSessionId !== this.#clusterSessionId) return undefined
    try {
      return eventOf(wrapped)
    } catch (error) {
      throw this.#invalid(error)
    }
  }

  #wrap<D extends EventDecoder>(decoder: D, buffer: AtomicBuffer, offset: number, length: number): D {
    const { blockLength, version } = this.#messageHeader
    try {
      return decoder.wrap(buffer, offset, blockLength, version, length)
    } catch (error) {
      throw this.#invalid(error)
    }
  }

  #invalid(cause: unknown): ClusterError<'EGRESS_MESSAGE_INVALID'> {
    const isTooShort = cause === undefined
    const { schemaId, templateId, version } = isTooShort ? NO_HEADER : this.#messageHeader
    return new ClusterError(
      'EGRESS_MESSAGE_INVALID',
      isTooShort
        ? 'Cannot read a message of the egress: it must hold a message header, but is shorter'
        : `Cannot read a message of the egress: it must be whole, but schema ${schemaId}, template ${templateId}, version ${version} cannot be decoded`,
      { clusterSessionId: this.#clusterSessionId, schemaId, templateId, version },
      isTooShort ? {} : { cause },
    )
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
