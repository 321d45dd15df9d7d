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

/** What the decoders of egress events have in common. */
interface EventDecoder {
  readonly clusterSessionId: bigint
  wrap(buffer: AtomicBuffer, offset: number, blockLength: number, version: number, length: number): this
}

const NO_HEADER = { schemaId: 0, templateId: 0, version: 0 }

/** Receives the decoded egress of a session from an {@link EgressAdapter}. What a method throws is thrown by `onMessage` of the adapter. */
export interface EgressSink {
  /**
   * A message from the service: `length` bytes at `offset`, without the session header, valid only during the call.
   *
   * @param timestamp cluster time at which the service sent it, in the cluster's time unit
   * @returns how a controlled poll continues
   */
  onSessionMessage(
    clusterSessionId: bigint,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): Action
  /** The cluster has opened, rejected or closed the session, or redirects it. */
  onSessionEvent(event: SessionEvent): void
  /** There is a new leader. */
  onNewLeader(event: NewLeader, header: Header): void
  /** The cluster has responded to an administrative request. */
  onAdminResponse(response: AdminResponse): void
  /**
   * A message of another schema than the cluster's. `offset` and `length` are those of the bytes after its SBE message header; all are valid only during the call.
   *
   * @returns how a controlled poll continues; CONTINUE if undefined
   */
  onOtherSchema(
    messageHeader: MessageHeaderDecoder,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): Action | void
}

/**
 * Decodes the egress stream of one session, for clients that poll the egress subscription themselves. `AeronCluster` does this for you. Messages of other sessions,
 * and templates of the cluster's schema that this version does not know, are ignored. Source: `io.aeron.cluster.client.EgressAdapter`.
 */
export class EgressAdapter {
  readonly #clusterSessionId: bigint
  readonly #sink: EgressSink
  readonly #messageHeader = new MessageHeaderDecoder()
  readonly #sessionMessage = new SessionMessageHeaderDecoder()
  readonly #sessionEvent = new SessionEventDecoder()
  readonly #newLeader = new NewLeaderEventDecoder()
  readonly #adminResponse = new AdminResponseDecoder()

  /** @param clusterSessionId id of the session whose messages are passed to `sink` */
  constructor(clusterSessionId: bigint, sink: EgressSink) {
    this.#clusterSessionId = clusterSessionId
    this.#sink = sink
  }

  /**
   * Decodes one message of the egress. It must be complete: use this as the handler of a `ControlledFragmentAssembler`.
   *
   * @returns what the sink returned for a message, and CONTINUE for events
   * @throws ClusterError EGRESS_MESSAGE_INVALID if the message cannot be decoded; those after it still can
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

  /** Copies an event into an object; undefined if it belongs to another session. */
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

/** Copies the session event that the decoder is at into an object. */
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
