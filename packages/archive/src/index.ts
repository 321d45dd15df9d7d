export { AeronArchive } from './aeron-archive.ts'
export { ArchiveError, ArchiveErrorCode, isArchiveError } from './archive-error.ts'
export { ArchiveRequest } from './archive-request.ts'
export { AsyncConnect, AsyncConnectState } from './async-connect.ts'
export { NO_CREDENTIALS } from './credentials-supplier.ts'
export {
  findRecordingCounter,
  findRecordingCounterBySession,
  isRecordingActive,
  recordingIdOfCounter,
  RECORDING_POSITION_TYPE_ID,
  sourceIdentityOfCounter,
} from './recording-position.ts'
export { FROM_LIVE, FROM_START } from './persistent-subscription-options.ts'
export { PersistentSubscription } from './persistent-subscription.ts'
export { PersistentSubscriptionState } from './persistent-subscription-state.ts'
export { recordingEvents, RecordingEventsAdapter } from './recording-events.ts'
export { ReplayMerge, ReplayMergeState } from './replay-merge.ts'
export { REPLAY_ALL_AND_FOLLOW, REPLAY_ALL_AND_STOP } from './replay-params.ts'
export { segmentFileBasePosition } from './segment-file.ts'
export { RecordingSignal, SourceLocation } from '@x/codecs/archive'
export type { AeronArchiveOptions, ResolvedAeronArchiveOptions } from './aeron-archive-options.ts'
export type {
  ArchiveErrorCodeName,
  ArchiveErrorContext,
  ArchiveErrorKind,
  ArchiveResponseContext,
  PersistentSubscriptionFailure,
} from './archive-error.ts'
export type { CredentialsSupplier } from './credentials-supplier.ts'
export type { StreamMessage } from './message-stream.ts'
export type { OpenReplay, ReplayStep } from './open-replay.ts'
export type {
  PersistentSubscriptionListener,
  PersistentSubscriptionOptions,
} from './persistent-subscription-options.ts'
export type { PersistentSubscriptionStateName } from './persistent-subscription-state.ts'
export type { RecordingsFilter } from './recording-queries.ts'
export type { RecordingDescriptor, RecordingSubscriptionDescriptor } from './recording-descriptor.ts'
export type {
  RecordingEvent,
  RecordingEventsListener,
  RecordingProgressEvent,
  RecordingStartedEvent,
  RecordingStoppedEvent,
} from './recording-events.ts'
export type { RecordingSignalEvent } from './recording-signal.ts'
export type { RecordingSignalHandler, RecordingSignalMatch } from './recording-signals.ts'
export type { ReplayMergeOptions } from './replay-merge-options.ts'
export type { ReplayParams } from './replay-params.ts'
export type { ReplicationParams } from './replication-params.ts'
export type { RecordingOptions } from './requests/recording-requests.ts'
