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
export { REPLAY_ALL_AND_FOLLOW, REPLAY_ALL_AND_STOP } from './replay-params.ts'
export { RecordingSignal, SourceLocation } from '@x/codecs/archive'
export type { AeronArchiveOptions, ResolvedAeronArchiveOptions } from './aeron-archive-options.ts'
export type {
  ArchiveErrorCodeName,
  ArchiveErrorContext,
  ArchiveErrorKind,
  ArchiveResponseContext,
} from './archive-error.ts'
export type { CredentialsSupplier } from './credentials-supplier.ts'
export type { RecordingDescriptor, RecordingSubscriptionDescriptor } from './recording-descriptor.ts'
export type { RecordingSignalEvent } from './recording-signal.ts'
export type { ReplayParams } from './replay-params.ts'
export type { RecordingOptions } from './requests/recording-requests.ts'
