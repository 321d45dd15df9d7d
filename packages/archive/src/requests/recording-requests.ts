import {
  BooleanType,
  ExtendRecordingRequest2Encoder,
  SourceLocation,
  StartRecordingRequest2Encoder,
  StopRecordingByIdentityRequestEncoder,
  StopRecordingRequestEncoder,
  StopRecordingSubscriptionRequestEncoder,
} from '@x/codecs/archive'
import { encodeRequest, type EncodeRequest } from './encode-request.ts'

/** Options of a recording. */
export interface RecordingOptions {
  /**
   * Where the publication is: LOCAL on the archive's own driver, where the archive spies on it; REMOTE on another driver, which sends to the archive's.
   * @default SourceLocation.LOCAL
   */
  readonly sourceLocation?: SourceLocation
  /** Whether the archive stops recording the channel when its first stream has ended. @default false */
  readonly autoStop?: boolean
}

/** Records every stream that comes on a channel and stream id. */
export function startRecording(channel: string, streamId: number, options: RecordingOptions): EncodeRequest {
  return encodeRequest(
    StartRecordingRequest2Encoder,
    (encoder) =>
      encoder
        .streamId(streamId)
        .sourceLocation(options.sourceLocation ?? SourceLocation.LOCAL)
        .autoStop(options.autoStop === true ? BooleanType.TRUE : BooleanType.FALSE)
        .channel(channel),
    channel.length,
  )
}

/** Goes on with a recording that was stopped. */
export function extendRecording(
  recordingId: bigint,
  channel: string,
  streamId: number,
  options: RecordingOptions,
): EncodeRequest {
  return encodeRequest(
    ExtendRecordingRequest2Encoder,
    (encoder) =>
      encoder
        .recordingId(recordingId)
        .streamId(streamId)
        .sourceLocation(options.sourceLocation ?? SourceLocation.LOCAL)
        .autoStop(options.autoStop === true ? BooleanType.TRUE : BooleanType.FALSE)
        .channel(channel),
    channel.length,
  )
}

/** Stops to record a channel and stream id. */
export function stopRecording(channel: string, streamId: number): EncodeRequest {
  return encodeRequest(
    StopRecordingRequestEncoder,
    (encoder) => encoder.streamId(streamId).channel(channel),
    channel.length,
  )
}

/** Stops to record with one of the archive's subscriptions. */
export function stopRecordingSubscription(subscriptionId: bigint): EncodeRequest {
  return encodeRequest(StopRecordingSubscriptionRequestEncoder, (encoder) =>
    encoder.subscriptionId(subscriptionId),
  )
}

/** Stops one recording. */
export function stopRecordingByIdentity(recordingId: bigint): EncodeRequest {
  return encodeRequest(StopRecordingByIdentityRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}
