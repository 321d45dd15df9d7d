import type { AtomicBuffer } from '@x/atomic'
import type { Action, Header } from '@x/client'
import type { AdminRequestType, AdminResponseCode, EventCode } from '@x/codecs/cluster'

/** What happened to the session, as the cluster tells it. Source: SessionEvent of the cluster schema. */
export interface SessionEvent {
  readonly clusterSessionId: bigint
  /** Correlation id of the request that this answers. */
  readonly correlationId: bigint
  readonly leadershipTermId: bigint
  /** Member that leads the cluster. */
  readonly leaderMemberId: number
  /** What happened; undefined for a code that this version does not know. */
  readonly code: EventCode | undefined
  /** Words that go with the code: the reason of a rejection or of a close. */
  readonly detail: string
}

/** A member became leader. Source: NewLeaderEvent of the cluster schema. */
export interface NewLeader {
  readonly clusterSessionId: bigint
  readonly leadershipTermId: bigint
  /** Member that leads the cluster now. */
  readonly leaderMemberId: number
  /** Ingress endpoints of the members, as `0=host:port,...`; empty when ingress has none. */
  readonly ingressEndpoints: string
}

/** Answer to an administrative request. Source: AdminResponse of the cluster schema. */
export interface AdminResponse {
  readonly clusterSessionId: bigint
  /** The id that was given with the request. */
  readonly correlationId: bigint
  /** Undefined for a type that this version does not know. */
  readonly requestType: AdminRequestType | undefined
  /** Undefined for a code that this version does not know. OK says that the request was accepted, not that it is done. */
  readonly responseCode: AdminResponseCode | undefined
  /** Words that go with the code. */
  readonly message: string
  /** Extra bytes, a copy. */
  readonly payload: Uint8Array
}

/** The events of a session that are no messages of the service. */
export interface EgressEvents {
  /** Something happened to the session; after code CLOSED the client closes itself with the next poll. */
  onSessionEvent?(event: SessionEvent): void
  /** Another member leads; the client is connecting to it already. */
  onNewLeader?(event: NewLeader): void
  /** The cluster answered an administrative request. */
  onAdminResponse?(response: AdminResponse): void
}

/** Told what comes out of the cluster by `pollEgress`. Source: `io.aeron.cluster.client.EgressListener`. */
export interface EgressListener extends EgressEvents {
  /**
   * A message of the service. The bytes are valid during the call only.
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

/** Told what comes out of the cluster by `controlledPollEgress`. Source: `io.aeron.cluster.client.ControlledEgressListener`. */
export interface ControlledEgressListener extends EgressEvents {
  /** As {@link EgressListener.onMessage}; the action decides how the poll goes on. */
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
 * Told messages on the egress that are of another SBE schema than the cluster's.
 * Source: `io.aeron.cluster.client.EgressListenerExtension`.
 */
export interface EgressExtensionListener {
  /** A message of another schema; `offset` and `length` are those of what follows its SBE message header. */
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
