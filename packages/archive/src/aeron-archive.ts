import { Aeron, type AeronOptions } from '@x/client'
import {
  resolveAeronArchiveOptions,
  type AeronArchiveOptions,
  type ResolvedAeronArchiveOptions,
} from './aeron-archive-options.ts'
import { encodeKeepAliveRequest } from './session/archive-proxy.ts'
import { ArchiveRequests } from './requests/archive-requests.ts'
import type { ArchiveRequest } from './requests/archive-request.ts'
import { AsyncConnect } from './connect/async-connect.ts'
import { awaitConnect, awaitConnectSync } from './connect/await-connect.ts'
import { ControlSession, type ControlSessionParts } from './session/control-session.ts'
import { EventLoopDriver } from './requests/event-loop-driver.ts'
import type { RecordingSignalEvent } from './recording/recording-signal.ts'
import type { RecordingSignalHandler, RecordingSignalMatch } from './recording/recording-signals.ts'
import { RequestRunner } from './requests/request-runner.ts'

/** Correlation id of a message that is not answered. */
const NO_CORRELATION_ID = -1n

const monotonicMs = (): number => performance.now()

/**
 * A client of an archive; corresponds to `io.aeron.archive.client.AeronArchive`.
 *
 * Every request returns an {@link ArchiveRequest}, which you can await, poll or block on. Any number of requests may be open at once. The archive processes one
 * listing at a time, so further listings are queued here.
 *
 * A client created by {@link connect} is polled by timers of the event loop. One created by {@link connectSync} or {@link asyncConnect} is polled while a request
 * is, and by {@link doWork}. Call that regularly: it delivers recording signals and errors, and an archive closes a session that does not read its responses.
 */
export class AeronArchive extends ArchiveRequests implements Disposable {
  /** The options, with defaults filled in and channels completed. */
  readonly options: ResolvedAeronArchiveOptions
  /** Id of the control session. */
  readonly controlSessionId: bigint
  /** Id of the archive, which is also in its counters; -1 for archives older than 1.44. */
  readonly archiveId: bigint
  /** Version of the archive's protocol, major << 16 | minor << 8 | patch. */
  readonly archiveVersion: number
  /** Version of the archive's message schema, which identifies its release: 9 is Aeron 1.44, 10 is 1.45 to 1.47, 11 is 1.48, 13 is 1.49 to 1.52, 14 is 1.53. */
  readonly archiveSchemaVersion: number
  readonly #session: ControlSession
  readonly #eventLoop: EventLoopDriver

  private constructor(parts: ControlSessionParts, isBackground: boolean) {
    const session = new ControlSession(parts)
    const eventLoop = new EventLoopDriver(() => session.doWork(), isBackground)
    super(
      parts.aeron,
      new RequestRunner(session, {
        doWork: () => session.doWork(),
        wait: (advance) => eventLoop.wait(advance),
      }),
    )
    this.options = parts.options
    this.controlSessionId = parts.controlSessionId
    this.archiveId = parts.archiveId
    this.archiveVersion = parts.archiveVersion
    this.archiveSchemaVersion = parts.archiveSchemaVersion
    this.#session = session
    this.#eventLoop = eventLoop
  }

  /**
   * Connects to an archive.
   *
   * @param options how to connect; aborting `signal` rejects with its reason
   * @throws ArchiveError CONNECT_TIMEOUT, CONNECT_FAILED, or an error of the archive such as AUTHENTICATION_REJECTED
   * @throws TypeError | RangeError | SyntaxError for invalid options
   */
  static async connect(
    options: AeronArchiveOptions & { readonly signal?: AbortSignal },
  ): Promise<AeronArchive> {
    const { signal, ...rest } = options
    const resolved = resolveAeronArchiveOptions(rest)
    signal?.throwIfAborted()
    const aeron =
      resolved.aeron ?? (await Aeron.connect({ ...aeronOptions(resolved), ...(signal && { signal }) }))
    return awaitConnect(AeronArchive.#connecting(resolved, aeron, true), signal)
  }

  /**
   * Like {@link connect}, but blocks the calling thread; for agents. If it creates an Aeron client, the archive client invokes that client's conductor. An Aeron
   * client that you pass must have `useConductorAgentInvoker`, because nothing else runs while the thread is blocked.
   *
   * @throws what {@link connect} rejects with
   */
  static connectSync(options: AeronArchiveOptions): AeronArchive {
    if (options.aeron !== undefined && options.aeron.conductorAgentInvoker === undefined) {
      throw new TypeError(
        'Cannot connect to the archive: an Aeron client that is given to connectSync must have useConductorAgentInvoker',
      )
    }
    return awaitConnectSync(AeronArchive.asyncConnect(options))
  }

  /**
   * Starts to connect; for agents that must not block. Call `poll` until it returns the client. If no Aeron client is passed in the options, one with a conductor
   * invoker is connected first, and that waits for the driver.
   *
   * @throws TypeError | RangeError | SyntaxError for invalid options
   */
  static asyncConnect(options: AeronArchiveOptions): AsyncConnect<AeronArchive> {
    const resolved = resolveAeronArchiveOptions(options)
    const aeron =
      resolved.aeron ?? Aeron.connectSync({ ...aeronOptions(resolved), useConductorAgentInvoker: true })
    return AeronArchive.#connecting(resolved, aeron, false)
  }

  static #connecting(
    options: ResolvedAeronArchiveOptions,
    aeron: Aeron,
    isBackground: boolean,
  ): AsyncConnect<AeronArchive> {
    return new AsyncConnect(
      { aeron, ownsAeron: options.aeron === undefined, options, nowMs: monotonicMs },
      (parts) => new AeronArchive(parts, isBackground),
    )
  }

  /** Whether the client is closed. */
  get isClosed(): boolean {
    return this.#session.isClosed
  }

  /** Whether the archive is connected, as far as is known. */
  get isConnected(): boolean {
    return this.#session.isConnected
  }

  /** Processes what the archive has sent: responses, recording signals, errors. @returns how much was done; 0 when idle */
  doWork(): number {
    return this.#session.doWork()
  }

  /** Does one turn of {@link doWork} and returns the oldest error that belongs to no open request, unless the options have an `errorHandler`. */
  pollForErrorResponse(): Error | undefined {
    this.#session.doWork()
    return this.#session.takeError()
  }

  /** Adds a handler for signals of the recordings that this client requested, in addition to `onRecordingSignal` of the options. */
  addRecordingSignalHandler(handler: RecordingSignalHandler): void {
    this.#session.signals.add(handler)
  }

  /** Removes a handler. @returns whether it had been added */
  removeRecordingSignalHandler(handler: RecordingSignalHandler): boolean {
    return this.#session.signals.remove(handler)
  }

  /**
   * Waits for a matching recording signal, which may also be one of the last 256 received. If a correlation id is given, it rejects with any error that the
   * archive later reports for that request.
   *
   * @param timeoutMs maximum time to wait, in milliseconds; after that it rejects with SIGNAL_TIMEOUT
   */
  awaitSignal(
    match: RecordingSignalMatch,
    timeoutMs: number = this.options.messageTimeoutMs,
  ): ArchiveRequest<RecordingSignalEvent> {
    return this.requests.signal(match, timeoutMs)
  }

  /** Sends a keep-alive, which is not needed while requests are made. @returns whether it was sent */
  sendKeepAlive(): boolean {
    return this.#session.trySend(encodeKeepAliveRequest(this.controlSessionId, NO_CORRELATION_ID))
  }

  /** Closes the session and everything that belongs to it, including the Aeron client unless it was passed in. Does nothing when already closed. */
  close(): void {
    this.#session.close()
    this.#eventLoop.stop()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function aeronOptions(options: ResolvedAeronArchiveOptions): AeronOptions {
  const { aeronDirectory, clientName, errorHandler } = options
  return {
    clientName,
    subscriberErrorHandler: 'rethrow',
    ...(aeronDirectory !== undefined && { aeronDirectory }),
    ...(errorHandler !== undefined && { errorHandler }),
  }
}
