export { AeronArchive } from './aeron-archive.ts'
export { ArchiveError, ArchiveErrorCode, isArchiveError } from './archive-error.ts'
export { ArchiveRequest } from './requests/archive-request.ts'
export { AsyncConnect, AsyncConnectState } from './connect/async-connect.ts'
export { NO_CREDENTIALS } from './connect/credentials-supplier.ts'
export {
  findRecordingCounter,
  findRecordingCounterBySession,
  isRecordingActive,
  recordingIdOfCounter,
  RECORDING_POSITION_TYPE_ID,
  sourceIdentityOfCounter,
} from './recording/recording-position.ts'
export { FROM_LIVE, FROM_START } from './persistent-subscription/persistent-subscription-options.ts'
export { PersistentSubscription } from './persistent-subscription/persistent-subscription.ts'
export { PersistentSubscriptionState } from './persistent-subscription/persistent-subscription-state.ts'
export { recordingEvents, RecordingEventsAdapter } from './recording/recording-events.ts'
export { ReplayMerge, ReplayMergeState } from './replay-merge/replay-merge.ts'
export { REPLAY_ALL_AND_FOLLOW, REPLAY_ALL_AND_STOP } from './replay/replay-params.ts'
export { segmentFileBasePosition } from './recording/segment-file.ts'
export { readArchiveMarkFile } from './files/archive-mark-file.ts'
export { readCatalog } from './files/archive-catalog.ts'
export { RecordingSignal, RecordingState, SourceLocation } from '@x/codecs/archive'
export { nameOf } from '@x/atomic'
export type { AeronArchiveOptions, ResolvedAeronArchiveOptions } from './aeron-archive-options.ts'
export type {
  ArchiveErrorCodeName,
  ArchiveErrorContext,
  ArchiveErrorKind,
  ArchiveResponseContext,
  PersistentSubscriptionFailure,
} from './archive-error.ts'
export type { ArchiveMarkFile } from './files/archive-mark-file.ts'
export type { Catalog, CatalogRecording } from './files/archive-catalog.ts'
export type { CredentialsSupplier } from './connect/credentials-supplier.ts'
export type { StreamMessage } from './replay/message-stream.ts'
export type { OpenReplay, ReplayStep } from './replay/open-replay.ts'
export type {
  PersistentSubscriptionListener,
  PersistentSubscriptionOptions,
} from './persistent-subscription/persistent-subscription-options.ts'
export type { PersistentSubscriptionStateName } from './persistent-subscription/persistent-subscription-state.ts'
export type { RecordingsFilter } from './recording/recording-queries.ts'
export type {
  RecordingDescriptor,
  RecordingSubscriptionDescriptor,
} from './recording/recording-descriptor.ts'
export type {
  RecordingEvent,
  RecordingEventsListener,
  RecordingProgressEvent,
  RecordingStartedEvent,
  RecordingStoppedEvent,
} from './recording/recording-events.ts'
export type { RecordingSignalEvent } from './recording/recording-signal.ts'
export type { RecordingSignalHandler, RecordingSignalMatch } from './recording/recording-signals.ts'
export type { ReplayMergeOptions } from './replay-merge/replay-merge-options.ts'
export type { ReplayParams } from './replay/replay-params.ts'
export type { ReplicationParams } from './recording/replication-params.ts'
export type { RecordingOptions } from './requests/recording-requests.ts'
