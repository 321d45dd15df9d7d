import {
  BooleanType,
  FindLastMatchingRecordingRequestEncoder,
  ListRecordingRequestEncoder,
  ListRecordingsForUriRequestEncoder,
  ListRecordingsRequestEncoder,
  ListRecordingSubscriptionsRequestEncoder,
  MaxRecordedPositionRequestEncoder,
  RecordingPositionRequestEncoder,
  StartPositionRequestEncoder,
  StopPositionRequestEncoder,
} from '@x/codecs/archive'
import { encodeRequest, type EncodeRequest } from './encode-request.ts'

/** Asks for the descriptors of recordings by id, from the lowest. */
export function listRecordings(fromRecordingId: bigint, count: number): EncodeRequest {
  return encodeRequest(ListRecordingsRequestEncoder, (encoder) =>
    encoder.fromRecordingId(fromRecordingId).recordCount(count),
  )
}

/** As {@link listRecordings}, of those with a piece of text in their channel, and a stream id. */
export function listRecordingsForUri(
  fromRecordingId: bigint,
  count: number,
  channelFragment: string,
  streamId: number,
): EncodeRequest {
  return encodeRequest(
    ListRecordingsForUriRequestEncoder,
    (encoder) =>
      encoder.fromRecordingId(fromRecordingId).recordCount(count).streamId(streamId).channel(channelFragment),
    channelFragment.length,
  )
}

/** Asks for the descriptor of one recording. */
export function listRecording(recordingId: bigint): EncodeRequest {
  return encodeRequest(ListRecordingRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Asks for the last recording at or above an id that fits. */
export function findLastMatchingRecording(
  minRecordingId: bigint,
  channelFragment: string,
  streamId: number,
  sessionId: number,
): EncodeRequest {
  return encodeRequest(
    FindLastMatchingRecordingRequestEncoder,
    (encoder) =>
      encoder.minRecordingId(minRecordingId).sessionId(sessionId).streamId(streamId).channel(channelFragment),
    channelFragment.length,
  )
}

/** Asks for the subscriptions that the archive records from; of any stream when no stream id is given. */
export function listRecordingSubscriptions(
  pseudoIndex: number,
  count: number,
  channelFragment: string,
  streamId: number | undefined,
): EncodeRequest {
  return encodeRequest(
    ListRecordingSubscriptionsRequestEncoder,
    (encoder) =>
      encoder
        .pseudoIndex(pseudoIndex)
        .subscriptionCount(count)
        .applyStreamId(streamId === undefined ? BooleanType.FALSE : BooleanType.TRUE)
        .streamId(streamId ?? 0)
        .channel(channelFragment),
    channelFragment.length,
  )
}

/** Asks where a recording begins. */
export function startPosition(recordingId: bigint): EncodeRequest {
  return encodeRequest(StartPositionRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Asks how far an active recording has come. */
export function recordingPosition(recordingId: bigint): EncodeRequest {
  return encodeRequest(RecordingPositionRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Asks where a stopped recording ends. */
export function stopPosition(recordingId: bigint): EncodeRequest {
  return encodeRequest(StopPositionRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Asks how far a recording has come, active or stopped. */
export function maxRecordedPosition(recordingId: bigint): EncodeRequest {
  return encodeRequest(MaxRecordedPositionRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}
