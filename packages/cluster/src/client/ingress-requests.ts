import {
  AdminRequestEncoder,
  AdminRequestType,
  ChallengeResponseEncoder,
  MessageHeaderEncoder,
  SessionCloseRequestEncoder,
  SessionConnectRequestEncoder,
  SessionKeepAliveEncoder,
} from '@x/codecs/cluster'

/** Version of the protocol between cluster and client, major << 16 | minor << 8 | patch. Protocol: 0.3.0. */
export const PROTOCOL_SEMANTIC_VERSION = 0x00_03_00

const HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH
/** Length in bytes of the length field in front of variable data. */
const VAR_DATA_PREFIX_LENGTH = 4
const NO_BYTES = new Uint8Array(0)

/** What a session is asked for with. */
export interface SessionConnectRequest {
  readonly correlationId: bigint
  readonly responseStreamId: number
  /** The resolved egress channel. */
  readonly responseChannel: string
  readonly encodedCredentials: Uint8Array
  /** Free text about the client. */
  readonly clientInfo: string
}

/** The request that asks for a session, encoded. */
export function encodeSessionConnectRequest(request: SessionConnectRequest): Uint8Array {
  const bytes = messageBytes(
    SessionConnectRequestEncoder.BLOCK_LENGTH,
    request.responseChannel.length,
    request.encodedCredentials.length,
    request.clientInfo.length,
  )
  new SessionConnectRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .correlationId(request.correlationId)
    .responseStreamId(request.responseStreamId)
    .version(PROTOCOL_SEMANTIC_VERSION)
    .responseChannel(request.responseChannel)
    .encodedCredentials(request.encodedCredentials)
    .clientInfo(request.clientInfo)
  return bytes
}

/** The answer to a challenge, encoded. */
export function encodeChallengeResponse(
  correlationId: bigint,
  clusterSessionId: bigint,
  encodedCredentials: Uint8Array,
): Uint8Array {
  const bytes = messageBytes(ChallengeResponseEncoder.BLOCK_LENGTH, encodedCredentials.length)
  new ChallengeResponseEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .correlationId(correlationId)
    .clusterSessionId(clusterSessionId)
    .encodedCredentials(encodedCredentials)
  return bytes
}

/** The sign of life of a session, encoded. */
export function encodeSessionKeepAlive(leadershipTermId: bigint, clusterSessionId: bigint): Uint8Array {
  const bytes = messageBytes(SessionKeepAliveEncoder.BLOCK_LENGTH)
  new SessionKeepAliveEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .leadershipTermId(leadershipTermId)
    .clusterSessionId(clusterSessionId)
  return bytes
}

/** The end of a session, encoded. */
export function encodeSessionCloseRequest(leadershipTermId: bigint, clusterSessionId: bigint): Uint8Array {
  const bytes = messageBytes(SessionCloseRequestEncoder.BLOCK_LENGTH)
  new SessionCloseRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .leadershipTermId(leadershipTermId)
    .clusterSessionId(clusterSessionId)
  return bytes
}

/** The request to take a snapshot, encoded. */
export function encodeSnapshotRequest(
  leadershipTermId: bigint,
  clusterSessionId: bigint,
  correlationId: bigint,
): Uint8Array {
  const bytes = messageBytes(AdminRequestEncoder.BLOCK_LENGTH, 0)
  new AdminRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .leadershipTermId(leadershipTermId)
    .clusterSessionId(clusterSessionId)
    .correlationId(correlationId)
    .requestType(AdminRequestType.SNAPSHOT)
    .payload(NO_BYTES)
  return bytes
}

function messageBytes(blockLength: number, ...varDataLengths: readonly number[]): Uint8Array {
  const varDataLength = varDataLengths.reduce((sum, length) => sum + VAR_DATA_PREFIX_LENGTH + length, 0)
  return new Uint8Array(HEADER_LENGTH + blockLength + varDataLength)
}
