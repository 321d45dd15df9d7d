import type { RecordingSignal } from '@x/codecs/archive'

/** An event in the life of a recording, such as its start or end. Source: RecordingSignalEvent of the archive schema. */
export interface RecordingSignalEvent {
  /** Correlation id of the request that caused it; for a replication, the replication id. */
  readonly correlationId: bigint
  /** Id of the recording. */
  readonly recordingId: bigint
  /** Registration id of the archive's subscription; -1 if there is none. */
  readonly subscriptionId: bigint
  /** Position of the recording in bytes when it happened; -1 if there is none. */
  readonly position: number
  /** What happened; undefined for a signal that this version does not know. */
  readonly signal: RecordingSignal | undefined
}
