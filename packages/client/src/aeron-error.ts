import type { ConnectStep } from './cnc/connect-diagnosis.ts'
import type { ErrorCodeName } from './error-code.ts'

/** Why no driver could be connected to, according to its `cnc.dat`. */
export type DriverAbsence =
  | 'no cnc.dat'
  | 'cnc.dat too short'
  | 'cnc.dat not initialised'
  | 'no driver heartbeat'
  | 'driver heartbeat too old'

/** The typed context of each {@link AeronError} code. */
export interface AeronErrorContext {
  /** There is no driver, or it has stopped responding. `reason` says which, if it happened while connecting. */
  DRIVER_TIMEOUT: {
    readonly aeronDirectory: string
    readonly driverTimeoutMs: number
    readonly reason?: DriverAbsence
    /** The first step of connecting that failed. */
    readonly step?: ConnectStep
  }
  /** The driver did not respond to a command in time. The client continues. */
  COMMAND_TIMEOUT: { readonly correlationId: bigint; readonly driverTimeoutMs: number }
  /** The `cnc.dat` has a version that this client does not support. Versions are packed: major, minor, patch of 8 bits each. */
  CNC_VERSION_UNSUPPORTED: {
    readonly path: string
    readonly fileVersion: number
    readonly clientVersion: number
  }
  /** The contents of the `cnc.dat` are inconsistent. */
  CNC_MALFORMED: { readonly path: string }
  /** The driver has declared this client dead. */
  CLIENT_TIMEOUT: { readonly clientId: bigint }
  /** The conductor did not run for longer than the driver waits for a client, because the event loop was blocked or the process paused. */
  CONDUCTOR_SERVICE_TIMEOUT: { readonly intervalMs: number; readonly timeoutMs: number }
  /** Events of the driver were overwritten before this client read them. As it may have missed some, it is closed. */
  DRIVER_EVENTS_LAPPED: { readonly clientId: bigint }
  /** The driver rejected a command. `errorCode` is the driver's error code, `errorCodeName` its name. */
  REGISTRATION_FAILED: {
    readonly correlationId: bigint
    readonly errorCode: number
    readonly errorCodeName: ErrorCodeName
  }
  /** The channel of a publication or subscription failed after it was added. */
  CHANNEL_ENDPOINT_ERROR: { readonly channelStatusId: number }
  /** The log of a publication or image could not be mapped. */
  LOG_BUFFER_UNUSABLE: { readonly registrationId: bigint; readonly logFileName: string }
  /**
   * A frame in the log of an image is shorter than its header, or longer than the rest of its term. Whoever wrote it is broken, and what follows cannot be found.
   * Reported once; the image delivers nothing from there on.
   */
  LOG_DAMAGED: {
    readonly streamId: number
    readonly sessionId: number
    /** Position in bytes at which the frame starts. */
    readonly position: number
    readonly frameLength: number
  }
  /** The driver is too old for a request. Versions are `major.minor.patch`; `undefined` if the driver does not publish its version. */
  DRIVER_TOO_OLD: { readonly driverVersion: string | undefined; readonly requiredVersion: string }
  /** The client is closed. `cause` says why, unless the application closed it. */
  CLIENT_CLOSED: { readonly clientId: bigint }
  /** A publication, subscription or image is closed, and cannot send a command. */
  RESOURCE_CLOSED: { readonly registrationId: bigint }
  /** A message cannot be offered, now or later. `result` is the result of the offer. */
  OFFER_FAILED: { readonly result: number; readonly resultName: string }
  /** A callback of the conductor made a call that sends a command. */
  REENTRANT_CALL: Record<never, never>
  /** The file from which a thread of this package starts does not exist, usually because the package was bundled into the application. */
  THREAD_FILE_MISSING: { readonly path: string | undefined }
  /** The module given for the agent of a worker thread does not exist. */
  WORKER_MODULE_NOT_FOUND: { readonly moduleUrl: string }
  /** A callback threw, and there is no `errorHandler`. Thrown once, by the next call, with the callback's error as `cause`. */
  UNHANDLED_ERROR: { readonly clientId: bigint }
}

/** The codes of {@link AeronError}. */
export type AeronErrorCode = keyof AeronErrorContext

/** The error class of this package. Distinguish errors by `code`, which also determines the type of `context`. */
export class AeronError<C extends AeronErrorCode = AeronErrorCode> extends Error {
  override readonly name = 'AeronError'
  readonly code: C
  readonly context: AeronErrorContext[C]

  constructor(code: C, message: string, context: AeronErrorContext[C], options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.context = context
  }
}

/** Whether `error` is an {@link AeronError} of this code; types its context. */
export function isAeronError<C extends AeronErrorCode>(error: unknown, code: C): error is AeronError<C> {
  return error instanceof AeronError && error.code === code
}
