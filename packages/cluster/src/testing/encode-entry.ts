import { AtomicBuffer } from '@x/atomic'
import {
  ClusterActionRequestEncoder,
  MessageHeaderEncoder,
  NewLeadershipTermEventEncoder,
  SessionCloseEventEncoder,
  SessionMessageHeaderEncoder,
  SessionOpenEventEncoder,
  TimerEventEncoder,
  type CloseReason,
  type ClusterAction,
} from '@x/codecs/cluster'
import type { LeadershipTerm } from '../service/clustered-service.ts'
import type { SessionDescription } from '../service/container-client-session.ts'

const HEADER_LENGTH: number = MessageHeaderEncoder.ENCODED_LENGTH
/** Room for the fixed part of any entry. */
const BASE_LENGTH = 128

/** What every entry of the log carries. */
export interface EntryPlace {
  readonly leadershipTermId: bigint
  /** Cluster time. */
  readonly timestamp: bigint
}

/** A message in the log: of a session, or with a negative id of a service. */
export function encodeSessionMessage(
  { leadershipTermId, timestamp }: EntryPlace,
  clusterSessionId: bigint,
  payload: Uint8Array,
): Uint8Array {
  return encode(BASE_LENGTH + payload.length, (buffer, header) => {
    new SessionMessageHeaderEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(leadershipTermId)
      .clusterSessionId(clusterSessionId)
      .timestamp(timestamp)
    buffer.putBytes(HEADER_LENGTH + SessionMessageHeaderEncoder.BLOCK_LENGTH, payload, 0, payload.length)
    return SessionMessageHeaderEncoder.BLOCK_LENGTH + payload.length
  })
}

/** The opening of a session. */
export function encodeSessionOpen(
  { leadershipTermId, timestamp }: EntryPlace,
  session: SessionDescription,
  correlationId: bigint,
): Uint8Array {
  const { id, responseChannel, responseStreamId, encodedPrincipal } = session
  return encode(BASE_LENGTH + responseChannel.length + encodedPrincipal.length, (buffer, header) => {
    return new SessionOpenEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(leadershipTermId)
      .correlationId(correlationId)
      .clusterSessionId(id)
      .timestamp(timestamp)
      .responseStreamId(responseStreamId)
      .responseChannel(responseChannel)
      .encodedPrincipal(encodedPrincipal).encodedLength
  })
}

/** The closing of a session. */
export function encodeSessionClose(
  { leadershipTermId, timestamp }: EntryPlace,
  clusterSessionId: bigint,
  closeReason: CloseReason,
): Uint8Array {
  return encode(BASE_LENGTH, (buffer, header) => {
    new SessionCloseEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(leadershipTermId)
      .clusterSessionId(clusterSessionId)
      .timestamp(timestamp)
      .closeReason(closeReason)
    return SessionCloseEventEncoder.BLOCK_LENGTH
  })
}

/** A timer that is due. */
export function encodeTimerEvent(
  { leadershipTermId, timestamp }: EntryPlace,
  correlationId: bigint,
): Uint8Array {
  return encode(BASE_LENGTH, (buffer, header) => {
    new TimerEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(leadershipTermId)
      .correlationId(correlationId)
      .timestamp(timestamp)
    return TimerEventEncoder.BLOCK_LENGTH
  })
}

/** An action of the cluster; `logPosition` is the one after the entry. */
export function encodeClusterAction(
  { leadershipTermId, timestamp }: EntryPlace,
  action: ClusterAction,
  logPosition: number,
  flags: number = 0,
): Uint8Array {
  return encode(BASE_LENGTH, (buffer, header) => {
    new ClusterActionRequestEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(leadershipTermId)
      .logPosition(logPosition)
      .timestamp(timestamp)
      .action(action)
      .flags(flags)
    return ClusterActionRequestEncoder.BLOCK_LENGTH
  })
}

/** The first entry of a leadership term. */
export function encodeLeadershipTerm(term: LeadershipTerm): Uint8Array {
  return encode(BASE_LENGTH, (buffer, header) => {
    new NewLeadershipTermEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(term.leadershipTermId)
      .logPosition(term.logPosition)
      .timestamp(term.timestamp)
      .termBaseLogPosition(term.termBaseLogPosition)
      .leaderMemberId(term.leaderMemberId)
      .logSessionId(term.logSessionId)
      .timeUnit(term.timeUnit)
      .appVersion(term.appVersion)
    return NewLeadershipTermEventEncoder.BLOCK_LENGTH
  })
}

function encode(
  capacity: number,
  write: (buffer: AtomicBuffer, header: MessageHeaderEncoder) => number,
): Uint8Array {
  const buffer = AtomicBuffer.allocate(capacity)
  return buffer.bytes.subarray(0, HEADER_LENGTH + write(buffer, new MessageHeaderEncoder()))
}
