import type { RecordingDescriptorDecoder, RecordingSubscriptionDescriptorDecoder } from '@x/codecs/archive'

/** A recording, as described in the archive's catalog. Source: RecordingDescriptor of the archive schema. */
export interface RecordingDescriptor {
  /** Id of the recording, unique in its archive. */
  readonly recordingId: bigint
  /** Time at which the recording was started, in milliseconds since 1970. */
  readonly startTimestamp: bigint
  /** Time at which the recording was stopped, in milliseconds since 1970; -1 while it is active. */
  readonly stopTimestamp: bigint
  /** Position in bytes at which it begins. */
  readonly startPosition: number
  /** Position in bytes at which it ends; -1 while it is active. */
  readonly stopPosition: number
  /** Initial term id of the recorded stream. */
  readonly initialTermId: number
  /** Length of each segment file, in bytes. */
  readonly segmentFileLength: number
  /** Length of the terms of the recorded stream, in bytes. */
  readonly termBufferLength: number
  /** Maximum length of a frame of the recorded stream, with its header, in bytes. */
  readonly mtuLength: number
  /** Session id of the recorded stream; of the latest one, if the recording was extended. */
  readonly sessionId: number
  /** Stream id of the recorded stream. */
  readonly streamId: number
  /** Channel without the parameters that do not identify it: the archive compares channels in this form. */
  readonly strippedChannel: string
  /** Channel as given in the request to record. */
  readonly originalChannel: string
  /** Source of the recorded stream: `host:port` of the publisher, or `aeron:ipc`. */
  readonly sourceIdentity: string
}

/** A subscription of the archive, whose streams it records. Source: RecordingSubscriptionDescriptor of the archive schema. */
export interface RecordingSubscriptionDescriptor {
  /** Registration id of the subscription, as returned by `startRecording` and `extendRecording`. */
  readonly subscriptionId: bigint
  /** Stream id that it subscribes to. */
  readonly streamId: number
  /** Channel without the parameters that do not identify it. */
  readonly strippedChannel: string
}

/** Copies the descriptor that the decoder is at into an object. */
export function recordingDescriptorOf(decoder: RecordingDescriptorDecoder): RecordingDescriptor {
  return {
    recordingId: decoder.recordingId,
    startTimestamp: decoder.startTimestamp,
    stopTimestamp: decoder.stopTimestamp,
    startPosition: decoder.startPosition,
    stopPosition: decoder.stopPosition,
    initialTermId: decoder.initialTermId,
    segmentFileLength: decoder.segmentFileLength,
    termBufferLength: decoder.termBufferLength,
    mtuLength: decoder.mtuLength,
    sessionId: decoder.sessionId,
    streamId: decoder.streamId,
    strippedChannel: decoder.strippedChannel,
    originalChannel: decoder.originalChannel,
    sourceIdentity: decoder.sourceIdentity,
  }
}

/** Copies the descriptor that the decoder is at into an object. */
export function recordingSubscriptionDescriptorOf(
  decoder: RecordingSubscriptionDescriptorDecoder,
): RecordingSubscriptionDescriptor {
  return {
    subscriptionId: decoder.subscriptionId,
    streamId: decoder.streamId,
    strippedChannel: decoder.strippedChannel,
  }
}
