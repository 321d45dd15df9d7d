import type { RecordingSignal } from '@x/codecs/archive'

/** Something happened to a recording. Source: RecordingSignalEvent of the archive schema. */
export interface RecordingSignalEvent {
  /** Id of the request that asked for the recording, or the replication id. */
  readonly correlationId: bigint
  readonly recordingId: bigint
  /** Id of the archive's subscription; -1 when there is none. */
  readonly subscriptionId: bigint
  /** Position in bytes at which it happened; -1 when there is none. */
  readonly position: number
  /** What happened; undefined for a signal that this version does not know. */
  readonly signal: RecordingSignal | undefined
}
