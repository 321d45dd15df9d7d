import {
  AttachSegmentsRequestEncoder,
  DeleteDetachedSegmentsRequestEncoder,
  DetachSegmentsRequestEncoder,
  MigrateSegmentsRequestEncoder,
  PurgeRecordingRequestEncoder,
  PurgeSegmentsRequestEncoder,
  TruncateRecordingRequestEncoder,
  UpdateChannelRequestEncoder,
} from '@x/codecs/archive'
import { encodeRequest, type EncodeRequest } from './encode-request.ts'

/** Cuts the end of a recording off. */
export function truncateRecording(recordingId: bigint, position: number): EncodeRequest {
  return encodeRequest(TruncateRecordingRequestEncoder, (encoder) =>
    encoder.recordingId(recordingId).position(position),
  )
}

/** Removes a recording. */
export function purgeRecording(recordingId: bigint): EncodeRequest {
  return encodeRequest(PurgeRecordingRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Takes the files below a position out of a recording, and keeps them. */
export function detachSegments(recordingId: bigint, newStartPosition: number): EncodeRequest {
  return encodeRequest(DetachSegmentsRequestEncoder, (encoder) =>
    encoder.recordingId(recordingId).newStartPosition(newStartPosition),
  )
}

/** Removes the files that were detached. */
export function deleteDetachedSegments(recordingId: bigint): EncodeRequest {
  return encodeRequest(DeleteDetachedSegmentsRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Takes the files below a position out of a recording, and removes them. */
export function purgeSegments(recordingId: bigint, newStartPosition: number): EncodeRequest {
  return encodeRequest(PurgeSegmentsRequestEncoder, (encoder) =>
    encoder.recordingId(recordingId).newStartPosition(newStartPosition),
  )
}

/** Puts files that were detached back in front of a recording. */
export function attachSegments(recordingId: bigint): EncodeRequest {
  return encodeRequest(AttachSegmentsRequestEncoder, (encoder) => encoder.recordingId(recordingId))
}

/** Moves all files of a recording to the beginning or the end of another. */
export function migrateSegments(sourceRecordingId: bigint, destinationRecordingId: bigint): EncodeRequest {
  return encodeRequest(MigrateSegmentsRequestEncoder, (encoder) =>
    encoder.srcRecordingId(sourceRecordingId).dstRecordingId(destinationRecordingId),
  )
}

/** Changes the channel that a recording is listed with. */
export function updateChannel(recordingId: bigint, channel: string): EncodeRequest {
  return encodeRequest(
    UpdateChannelRequestEncoder,
    (encoder) => encoder.recordingId(recordingId).channel(channel),
    channel.length,
  )
}
