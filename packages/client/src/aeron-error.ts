import type { ConnectStep } from './cnc/connect-diagnosis.ts'
import type { ErrorCodeName } from './error-code.ts'

/** Why no driver could be connected to, seen from its `cnc.dat`. */
export type DriverAbsence =
  | 'no cnc.dat'
  | 'cnc.dat too short'
  | 'cnc.dat not initialised'
  | 'no driver heartbeat'
  | 'driver heartbeat too old'

/** The typed context of each {@link AeronError} code. */
export interface AeronErrorContext {
  /** No driver, or a driver that fell silent. `reason` says which, when it happened at connect. */
  DRIVER_TIMEOUT: {
    readonly aeronDirectory: string
    readonly driverTimeoutMs: number
    readonly reason?: DriverAbsence
    /** The first step of the connect that does not succeed. */
    readonly step?: ConnectStep
  }
  /** The driver did not answer a command in time; the client goes on. */
  COMMAND_TIMEOUT: { readonly correlationId: bigint; readonly driverTimeoutMs: number }
  /** The `cnc.dat` is of a version that this client cannot use. Versions are packed: major, minor, patch of 8 bits each. */
  CNC_VERSION_UNSUPPORTED: {
    readonly path: string
    readonly fileVersion: number
    readonly clientVersion: number
  }
  /** The `cnc.dat` contradicts itself. */
  CNC_MALFORMED: { readonly path: string }
  /** The driver declared this client dead. */
  CLIENT_TIMEOUT: { readonly clientId: bigint }
  /** The conductor was not run for longer than the driver waits for a client: the event loop was blocked, or the process was paused. */
  CONDUCTOR_SERVICE_TIMEOUT: { readonly intervalMs: number; readonly timeoutMs: number }
  /** The driver's events were overwritten before this client read them; it may have missed some, and is closed. */
  DRIVER_EVENTS_LAPPED: { readonly clientId: bigint }
  /** The driver rejected a command. `errorCode` is the driver's number, `errorCodeName` its name. */
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
   * A frame that was published to an image is shorter than its header, or longer than what is left of its term: whoever wrote it is broken, and
   * what follows cannot be found. Told once; the image gives nothing from there on.
   */
  LOG_DAMAGED: {
    readonly streamId: number
    readonly sessionId: number
    /** Where the frame starts in the stream. */
    readonly position: number
    readonly frameLength: number
  }
  /** The driver is too old for what was asked; versions as `major.minor.patch`, `undefined` when the driver does not tell it. */
  DRIVER_TOO_OLD: { readonly driverVersion: string | undefined; readonly requiredVersion: string }
  /** The client is closed; `cause` says why, when it was not closed by the application. */
  CLIENT_CLOSED: { readonly clientId: bigint }
  /** A publication, subscription or image is closed, and cannot send what it was asked to. */
  RESOURCE_CLOSED: { readonly registrationId: bigint }
  /** A message cannot be offered, now or ever: `result` is that of the offer. */
  OFFER_FAILED: { readonly result: number; readonly resultName: string }
  /** A call that sends a command was made inside a callback of the conductor. */
  REENTRANT_CALL: Record<never, never>
  /** The file that a thread of this package starts from is not there, as when the package was bundled into the application. */
  THREAD_FILE_MISSING: { readonly path: string | undefined }
  /** The module that was named for the agent of a worker thread is not there. */
  WORKER_MODULE_NOT_FOUND: { readonly moduleUrl: string }
  /** A callback threw and no `errorHandler` was given; thrown once, by the next call, with the callback's error as `cause`. */
  UNHANDLED_ERROR: { readonly clientId: bigint }
}

/** What went wrong, to tell {@link AeronError}s apart by. */
export type AeronErrorCode = keyof AeronErrorContext

/** The error of this package, told apart by its `code`, which also types its `context`. */
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
