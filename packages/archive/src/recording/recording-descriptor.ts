import type { RecordingDescriptorDecoder, RecordingSubscriptionDescriptorDecoder } from '@x/codecs/archive'

/** A recording as the archive's catalog has it. Source: RecordingDescriptor of the archive schema. */
export interface RecordingDescriptor {
  readonly recordingId: bigint
  /** When it was started, in milliseconds since the epoch. */
  readonly startTimestamp: bigint
  /** When it was stopped, in milliseconds since the epoch; -1 while it is active. */
  readonly stopTimestamp: bigint
  /** Position in bytes at which it begins. */
  readonly startPosition: number
  /** Position in bytes at which it ends; -1 while it is active. */
  readonly stopPosition: number
  readonly initialTermId: number
  /** Length of each of its files, in bytes. */
  readonly segmentFileLength: number
  /** Length of the terms of the recorded stream, in bytes. */
  readonly termBufferLength: number
  /** Longest frame of the recorded stream, in bytes. */
  readonly mtuLength: number
  /** Session id of the recorded stream. */
  readonly sessionId: number
  readonly streamId: number
  /** The channel with the parameters that matter for recording. */
  readonly strippedChannel: string
  /** The channel as it was asked for. */
  readonly originalChannel: string
  /** Where the recorded stream came from. */
  readonly sourceIdentity: string
}

/** A subscription that the archive records from. Source: RecordingSubscriptionDescriptor of the archive schema. */
export interface RecordingSubscriptionDescriptor {
  readonly subscriptionId: bigint
  readonly streamId: number
  /** The channel with the parameters that matter for recording. */
  readonly strippedChannel: string
}

/** The descriptor under the decoder, as an object of its own. */
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

/** The descriptor under the decoder, as an object of its own. */
export function recordingSubscriptionDescriptorOf(
  decoder: RecordingSubscriptionDescriptorDecoder,
): RecordingSubscriptionDescriptor {
  return {
    subscriptionId: decoder.subscriptionId,
    streamId: decoder.streamId,
    strippedChannel: decoder.strippedChannel,
  }
}
