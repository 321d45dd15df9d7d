import type { AtomicBuffer } from '@x/atomic'
import type { Action, Header } from '@x/client'
import type { AdminRequestType, AdminResponseCode, EventCode } from '@x/codecs/cluster'

/** An event of the session, sent by the cluster. Source: SessionEvent of the cluster schema. */
export interface SessionEvent {
  readonly clusterSessionId: bigint
  /** Correlation id of the request to which this is the response. */
  readonly correlationId: bigint
  readonly leadershipTermId: bigint
  /** Id of the leader. */
  readonly leaderMemberId: number
  /** What happened; undefined for a code that this version does not know. `nameOf(EventCode, code)` is its name. */
  readonly code: EventCode | undefined
  /** Text that belongs to the code: the reason for a rejection or a close. */
  readonly detail: string
}

/** A member became leader. Source: NewLeaderEvent of the cluster schema. */
export interface NewLeader {
  readonly clusterSessionId: bigint
  readonly leadershipTermId: bigint
  /** Id of the new leader. */
  readonly leaderMemberId: number
  /** Ingress endpoints of the members, as `0=host:port,...`; empty if there are none. */
  readonly ingressEndpoints: string
}

/** Response to an administrative request. Source: AdminResponse of the cluster schema. */
export interface AdminResponse {
  readonly clusterSessionId: bigint
  /** Correlation id of the request. */
  readonly correlationId: bigint
  /** Undefined for a type that this version does not know. */
  readonly requestType: AdminRequestType | undefined
  /** Undefined for a code that this version does not know. OK means that the request was accepted, not that it has been carried out. */
  readonly responseCode: AdminResponseCode | undefined
  /** Text that belongs to the code. */
  readonly message: string
  /** Additional bytes, copied. */
  readonly payload: Uint8Array
}

/** The events of a session other than messages from the service. */
export interface EgressEvents {
  /** An event of the session. After code CLOSED the client closes itself in the next poll. */
  onSessionEvent?(event: SessionEvent): void
  /** There is a new leader. The client is already connecting to it. */
  onNewLeader?(event: NewLeader): void
  /** The cluster has responded to an administrative request. */
  onAdminResponse?(response: AdminResponse): void
}

/** Receives messages and events from the cluster, called by `pollEgress`. Source: `io.aeron.cluster.client.EgressListener`. */
export interface EgressListener extends EgressEvents {
  /**
   * A message from the service. The bytes are valid only during the call.
   *
   * @param timestamp cluster time at which the service sent it, in the cluster's time unit
   */
  onMessage(
    clusterSessionId: bigint,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void
}

/** Receives messages and events from the cluster, called by `controlledPollEgress`. Source: `io.aeron.cluster.client.ControlledEgressListener`. */
export interface ControlledEgressListener extends EgressEvents {
  /** Like {@link EgressListener.onMessage}; the returned action says how the poll continues. */
  onMessage(
    clusterSessionId: bigint,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): Action
}

/**
 * Receives egress messages of other SBE schemas than the cluster's.
 * Source: `io.aeron.cluster.client.EgressListenerExtension`.
 */
export interface EgressExtensionListener {
  /** A message of another schema; `offset` and `length` are those of the bytes after its SBE message header. */
  onExtensionMessage(
    actingBlockLength: number,
    templateId: number,
    schemaId: number,
    actingVersion: number,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): Action | void
}
