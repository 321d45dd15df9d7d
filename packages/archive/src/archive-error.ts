import type { RecordingSignalMatch } from './recording/recording-signals.ts'

/** Error codes of the archive. Protocol: the codes of Aeron's ArchiveException. */
export const ArchiveErrorCode = {
  GENERIC: 0,
  ACTIVE_LISTING: 1,
  ACTIVE_RECORDING: 2,
  ACTIVE_SUBSCRIPTION: 3,
  UNKNOWN_SUBSCRIPTION: 4,
  UNKNOWN_RECORDING: 5,
  UNKNOWN_REPLAY: 6,
  MAX_REPLAYS: 7,
  MAX_RECORDINGS: 8,
  INVALID_EXTENSION: 9,
  AUTHENTICATION_REJECTED: 10,
  STORAGE_SPACE: 11,
  UNKNOWN_REPLICATION: 12,
  UNAUTHORISED_ACTION: 13,
  REPLICATION_CONNECTION_FAILURE: 14,
  EMPTY_RECORDING: 15,
  INVALID_POSITION: 16,
} as const

/** Name of an error code of the archive. */
export type ArchiveErrorCodeName = keyof typeof ArchiveErrorCode

/** Why a persistent subscription cannot continue. Source: the reasons of Aeron's PersistentSubscriptionException. */
export type PersistentSubscriptionFailure =
  | 'GENERIC'
  | 'RECORDING_NOT_FOUND'
  | 'STREAM_ID_MISMATCH'
  | 'INVALID_START_POSITION'

/** An error response of the archive. */
export interface ArchiveResponseContext {
  /** The archive's error code. */
  readonly errorCode: number
  /** Id of the request that failed. */
  readonly correlationId: bigint
}

/** The typed context of each {@link ArchiveError} code: the archive's own codes, and those of this client. */
export interface ArchiveErrorContext extends Record<ArchiveErrorCodeName, ArchiveResponseContext> {
  /** The archive returned a code that this version does not know. */
  UNKNOWN_CODE: ArchiveResponseContext
  /** Connecting took too long. `state` is how far it got; `cause` is what the driver rejected, if it did. */
  CONNECT_TIMEOUT: {
    readonly state: string
    readonly messageTimeoutMs: number
    readonly controlRequestChannel: string
    readonly controlResponseChannel: string
  }
  /** Connecting failed. `cause` is what the driver rejected, if it did. */
  CONNECT_FAILED: { readonly state: string }
  /** The archive did not respond to a request in time. It may have carried it out. */
  RESPONSE_TIMEOUT: {
    readonly request: string
    readonly correlationId: bigint
    readonly messageTimeoutMs: number
  }
  /**
   * The archive is gone, or has closed the control session. Or the Aeron client has ended, for example because its driver died: then `cause`
   * says why.
   */
  NOT_CONNECTED: { readonly controlSessionId: bigint }
  /** The archive client is closed. */
  CLOSED: { readonly controlSessionId: bigint }
  /** The release of the archive does not support a request. Releases are `major.minor`, or a range. */
  ARCHIVE_TOO_OLD: {
    readonly archiveSchemaVersion: number
    readonly archiveRelease: string
    readonly requiredRelease: string
  }
  /** A message on the control response stream does not belong to the archive's schema. */
  RESPONSE_INVALID: { readonly schemaId: number; readonly templateId: number }
  /** A recording ended before it reached a position, or did not reach it in time. Positions are in bytes; -1 if nothing is recorded. */
  NOT_RECORDED: {
    readonly sessionId: number
    readonly position: number
    readonly recordedPosition: number
  }
  /** A request has not completed yet. */
  REQUEST_PENDING: { readonly correlationId: bigint }
  /** The application cancelled a request. The archive may have carried it out. */
  REQUEST_CANCELLED: { readonly correlationId: bigint }
  /** A recording signal did not arrive in time. */
  SIGNAL_TIMEOUT: RecordingSignalMatch & { readonly timeoutMs: number }
  /** A replay ended too early. `position` is how far it got, in bytes. */
  REPLAY_LOST: { readonly recordingId: bigint; readonly position: number }
  /** A replay could not be merged with the live stream. `state` is how far it got; `cause` is the error of the archive, if there was one. */
  REPLAY_MERGE_FAILED: {
    readonly recordingId: bigint
    readonly state: string
    readonly activeTransportCount: number
  }
  /** A persistent subscription cannot continue. `cause` is the error of the archive or the driver, if there was one. */
  PERSISTENT_SUBSCRIPTION_FAILED: {
    readonly recordingId: bigint
    readonly reason: PersistentSubscriptionFailure
  }
}

/** The codes of {@link ArchiveError}. */
export type ArchiveErrorKind = keyof ArchiveErrorContext

/** The error class of this package. Distinguish errors by `code`, never by the message. */
export class ArchiveError<C extends ArchiveErrorKind = ArchiveErrorKind> extends Error {
  override readonly name = 'ArchiveError'
  /** What went wrong: the name of one of the archive's error codes, or a code of this client. */
  readonly code: C
  /** The values that belong to the code. */
  readonly context: ArchiveErrorContext[C]

  constructor(code: C, message: string, context: ArchiveErrorContext[C], options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.context = context
  }
}

/** True for an {@link ArchiveError} with this code; narrows its context. */
export function isArchiveError<C extends ArchiveErrorKind>(
  error: unknown,
  code: C,
): error is ArchiveError<C> {
  return error instanceof ArchiveError && error.code === code
}

/** The error for an ERROR response: the archive's words after the action. */
export function archiveErrorOf(
  action: string,
  errorCode: number,
  correlationId: bigint,
  message: string,
): ArchiveError {
  return new ArchiveError(archiveErrorCodeName(errorCode), `Cannot ${action}: ${message}`, {
    errorCode,
    correlationId,
  })
}

/** Name of a code from the archive; `UNKNOWN_CODE` for one that this version does not know. */
export function archiveErrorCodeName(errorCode: number): ArchiveErrorCodeName | 'UNKNOWN_CODE' {
  for (const [name, value] of Object.entries(ArchiveErrorCode)) {
    if (value === errorCode) return name as ArchiveErrorCodeName
  }
  return 'UNKNOWN_CODE'
}
