import { ReplicateRequest2Encoder, StopReplicationRequestEncoder } from '@x/codecs/archive'
import type { ReplicationParams } from '../recording/replication-params.ts'
import { encodeRequest, type EncodeRequest } from './encode-request.ts'

/** Stands for what is not given. Protocol: Aeron's null value. */
const NULL_VALUE = -1
const NULL_ID = -1n
/** Stream that archives take requests on. Protocol: the default of Aeron's AeronArchive. */
const DEFAULT_CONTROL_STREAM_ID = 10
const NO_CREDENTIALS = new Uint8Array(0)

/** Copies a recording of another archive. */
export function replicate(
  sourceRecordingId: bigint,
  sourceControlChannel: string,
  params: ReplicationParams,
): EncodeRequest {
  const {
    liveDestination = '',
    replicationChannel = '',
    encodedCredentials = NO_CREDENTIALS,
    sourceResponseChannel = '',
  } = params
  return encodeRequest(
    ReplicateRequest2Encoder,
    (encoder) =>
      encoder
        .srcRecordingId(sourceRecordingId)
        .dstRecordingId(params.destinationRecordingId ?? NULL_ID)
        .stopPosition(params.stopPosition ?? NULL_VALUE)
        .channelTagId(params.channelTagId ?? NULL_ID)
        .subscriptionTagId(params.subscriptionTagId ?? NULL_ID)
        .srcControlStreamId(params.sourceControlStreamId ?? DEFAULT_CONTROL_STREAM_ID)
        .fileIoMaxLength(params.fileIoMaxLength ?? NULL_VALUE)
        .replicationSessionId(params.replicationSessionId ?? NULL_VALUE)
        .srcControlChannel(sourceControlChannel)
        .liveDestination(liveDestination)
        .replicationChannel(replicationChannel)
        .encodedCredentials(encodedCredentials)
        .srcResponseChannel(sourceResponseChannel),
    sourceControlChannel.length,
    liveDestination.length,
    replicationChannel.length,
    encodedCredentials.length,
    sourceResponseChannel.length,
  )
}

/** Ends a replication. */
export function stopReplication(replicationId: bigint): EncodeRequest {
  return encodeRequest(StopReplicationRequestEncoder, (encoder) => encoder.replicationId(replicationId))
}
