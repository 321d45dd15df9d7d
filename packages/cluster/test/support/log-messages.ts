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
  type ClusterTimeUnit,
} from '@x/codecs/cluster'

const HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH

function encode(
  capacity: number,
  write: (buffer: AtomicBuffer, header: MessageHeaderEncoder) => number,
): Uint8Array {
  const buffer = AtomicBuffer.allocate(Math.ceil(capacity / 8) * 8)
  return buffer.bytes.slice(0, HEADER_LENGTH + write(buffer, new MessageHeaderEncoder()))
}

/** A session message as the log has it. */
export function sessionMessage(clusterSessionId: bigint, timestamp: bigint, payload: Uint8Array): Uint8Array {
  return encode(64 + payload.length, (buffer, header) => {
    new SessionMessageHeaderEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(0n)
      .clusterSessionId(clusterSessionId)
      .timestamp(timestamp)
    buffer.putBytes(HEADER_LENGTH + SessionMessageHeaderEncoder.BLOCK_LENGTH, payload, 0, payload.length)
    return SessionMessageHeaderEncoder.BLOCK_LENGTH + payload.length
  })
}

/** The opening of a session. */
export function sessionOpen(clusterSessionId: bigint, timestamp: bigint, principal: string = ''): Uint8Array {
  return encode(512, (buffer, header) => {
    const encoder = new SessionOpenEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(0n)
      .correlationId(86n)
      .clusterSessionId(clusterSessionId)
      .timestamp(timestamp)
      .responseStreamId(102)
      .responseChannel('aeron:udp?endpoint=localhost:9999')
      .encodedPrincipal(new TextEncoder().encode(principal))
    return encoder.encodedLength
  })
}

/** The closing of a session. */
export function sessionClose(clusterSessionId: bigint, timestamp: bigint, reason: CloseReason): Uint8Array {
  return encode(64, (buffer, header) => {
    new SessionCloseEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(0n)
      .clusterSessionId(clusterSessionId)
      .timestamp(timestamp)
      .closeReason(reason)
    return SessionCloseEventEncoder.BLOCK_LENGTH
  })
}

/** A timer that is due. */
export function timerEvent(correlationId: bigint, timestamp: bigint): Uint8Array {
  return encode(64, (buffer, header) => {
    new TimerEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(0n)
      .correlationId(correlationId)
      .timestamp(timestamp)
    return TimerEventEncoder.BLOCK_LENGTH
  })
}

/** An action of the cluster; `logPosition` is the one after the entry. */
export function clusterAction(
  action: ClusterAction,
  logPosition: number,
  timestamp: bigint,
  flags: number = 0,
): Uint8Array {
  return encode(64, (buffer, header) => {
    new ClusterActionRequestEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(0n)
      .logPosition(logPosition)
      .timestamp(timestamp)
      .action(action)
      .flags(flags)
    return ClusterActionRequestEncoder.BLOCK_LENGTH
  })
}

/** The first entry of a leadership term; `logPosition` is the one after the entry. */
export function newLeadershipTerm(options: {
  readonly leadershipTermId: bigint
  readonly logPosition: number
  readonly timestamp: bigint
  readonly timeUnit: ClusterTimeUnit
  readonly appVersion: number
}): Uint8Array {
  return encode(128, (buffer, header) => {
    new NewLeadershipTermEventEncoder()
      .wrapAndApplyHeader(buffer, 0, header)
      .leadershipTermId(options.leadershipTermId)
      .logPosition(options.logPosition)
      .timestamp(options.timestamp)
      .termBaseLogPosition(0)
      .leaderMemberId(0)
      .logSessionId(-7)
      .timeUnit(options.timeUnit)
      .appVersion(options.appVersion)
    return NewLeadershipTermEventEncoder.BLOCK_LENGTH
  })
}
