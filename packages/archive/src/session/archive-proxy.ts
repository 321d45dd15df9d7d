import {
  ArchiveIdRequestEncoder,
  AuthConnectRequestEncoder,
  ChallengeResponseEncoder,
  CloseSessionRequestEncoder,
  KeepAliveRequestEncoder,
  MessageHeaderEncoder,
} from '@x/codecs/archive'

/** Version of the archive protocol that this client speaks, major << 16 | minor << 8 | patch. Protocol: 1.12.0. */
export const PROTOCOL_SEMANTIC_VERSION = 0x01_0c_00

/** Length in bytes of the length field in front of variable data. */
const VAR_DATA_PREFIX_LENGTH = 4

/** What a control session is asked for with. */
export interface ConnectRequest {
  readonly correlationId: bigint
  readonly responseStreamId: number
  /** The resolved response channel. */
  readonly responseChannel: string
  readonly encodedCredentials: Uint8Array
  /** Free text about the client. */
  readonly clientInfo: string
}

/** Bytes for a message: its SBE header, its block, and variable data of these lengths. */
export function messageBytes(blockLength: number, ...varDataLengths: readonly number[]): Uint8Array {
  const varDataLength = varDataLengths.reduce((sum, length) => sum + VAR_DATA_PREFIX_LENGTH + length, 0)
  return new Uint8Array(MessageHeaderEncoder.ENCODED_LENGTH + blockLength + varDataLength)
}

/** The request to connect that every archive from 1.44 on understands, encoded. */
export function encodeAuthConnectRequest(request: ConnectRequest): Uint8Array {
  const { responseChannel, encodedCredentials, clientInfo } = request
  const bytes = messageBytes(
    AuthConnectRequestEncoder.BLOCK_LENGTH,
    responseChannel.length,
    encodedCredentials.length,
    clientInfo.length,
  )
  new AuthConnectRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .correlationId(request.correlationId)
    .responseStreamId(request.responseStreamId)
    .version(PROTOCOL_SEMANTIC_VERSION)
    .responseChannel(responseChannel)
    .encodedCredentials(encodedCredentials)
    .clientInfo(clientInfo)
  return bytes
}

/** The answer to a challenge, encoded. */
export function encodeChallengeResponse(
  controlSessionId: bigint,
  correlationId: bigint,
  encodedCredentials: Uint8Array,
): Uint8Array {
  const bytes = messageBytes(ChallengeResponseEncoder.BLOCK_LENGTH, encodedCredentials.length)
  new ChallengeResponseEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .controlSessionId(controlSessionId)
    .correlationId(correlationId)
    .encodedCredentials(encodedCredentials)
  return bytes
}

/** The question for the archive's id, encoded. */
export function encodeArchiveIdRequest(controlSessionId: bigint, correlationId: bigint): Uint8Array {
  const bytes = messageBytes(ArchiveIdRequestEncoder.BLOCK_LENGTH)
  new ArchiveIdRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .controlSessionId(controlSessionId)
    .correlationId(correlationId)
  return bytes
}

/** The sign of life of a control session, encoded; the archive does not answer it. */
export function encodeKeepAliveRequest(controlSessionId: bigint, correlationId: bigint): Uint8Array {
  const bytes = messageBytes(KeepAliveRequestEncoder.BLOCK_LENGTH)
  new KeepAliveRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .controlSessionId(controlSessionId)
    .correlationId(correlationId)
  return bytes
}

/** The end of a control session, encoded. */
export function encodeCloseSessionRequest(controlSessionId: bigint): Uint8Array {
  const bytes = messageBytes(CloseSessionRequestEncoder.BLOCK_LENGTH)
  new CloseSessionRequestEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .controlSessionId(controlSessionId)
  return bytes
}
