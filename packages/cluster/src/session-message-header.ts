import { AtomicBuffer } from '@x/atomic'
import { MessageHeaderEncoder, SessionMessageHeaderEncoder } from '@x/codecs/cluster'

/** Length in bytes of what stands in front of each session message: SBE header and SessionMessageHeader. Protocol: schema 111. */
export const SESSION_HEADER_LENGTH: number =
  MessageHeaderEncoder.ENCODED_LENGTH + SessionMessageHeaderEncoder.BLOCK_LENGTH

/** Place of the session's id behind the SBE header. Protocol: schema 111, as the next. */
export const CLUSTER_SESSION_ID_OFFSET = 8
/** Place of the cluster time behind the SBE header. */
export const TIMESTAMP_OFFSET = 16

const HEADER_LENGTH: number = MessageHeaderEncoder.ENCODED_LENGTH

/**
 * The session header that a sender keeps ready and puts in front of each of its messages. What changes with each message is written without the
 * encoder, whose check of 64 bits makes a bigint anew on Node.js 20.
 */
export class SessionMessageHeader {
  /** The encoded header, {@link SESSION_HEADER_LENGTH} bytes. */
  readonly buffer: AtomicBuffer = AtomicBuffer.allocate(SESSION_HEADER_LENGTH)
  readonly #encoder = new SessionMessageHeaderEncoder()

  constructor() {
    this.#encoder.wrapAndApplyHeader(this.buffer, 0, new MessageHeaderEncoder())
  }

  /** Leadership term of the messages that follow. */
  setLeadershipTermId(leadershipTermId: bigint): void {
    this.#encoder.leadershipTermId(leadershipTermId)
  }

  /** Session of the next message, an int64; a service's own messages carry its service id. */
  setClusterSessionId(clusterSessionId: bigint): void {
    this.buffer.putInt64(HEADER_LENGTH + CLUSTER_SESSION_ID_OFFSET, clusterSessionId)
  }

  /** Cluster time of the next message, an int64. */
  setTimestamp(timestamp: bigint): void {
    this.buffer.putInt64(HEADER_LENGTH + TIMESTAMP_OFFSET, timestamp)
  }
}
