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
 * A client of an archive. Source: `io.aeron.archive.client.AeronArchive`.
 *
 * Each request gives an {@link ArchiveRequest}: await it, poll it, or block on it. Any number may be open at once; the archive takes one
 * listing at a time, so further listings wait here.
 *
 * A client made by {@link connect} is polled from timers of the event loop. One made by {@link connectSync} or {@link asyncConnect} is polled
 * while a request is, and by {@link doWork}, which should be called now and then: recording signals and errors come with it, and an
 * archive ends a session that does not read its responses.
 */
export class AeronArchive extends ArchiveRequests implements Disposable {
  /** The options, with the defaults filled in and the channels completed. */
  readonly options: ResolvedAeronArchiveOptions
  /** Id of the control session. */
  readonly controlSessionId: bigint
  /** The archive's id, which its counters carry; -1 for an archive older than 1.44. */
  readonly archiveId: bigint
  /** Version of the archive's protocol, major << 16 | minor << 8 | patch. */
  readonly archiveVersion: number
  /** Version of the archive's message schema, which tells releases apart: 9 is Aeron 1.44, 10 is 1.45 to 1.47, 11 is 1.48, 13 is 1.49 to 1.52, 14 is 1.53. */
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
   * @param options how; an aborted `signal` ends the attempt with its reason
   * @throws ArchiveError CONNECT_TIMEOUT, CONNECT_FAILED, or as the archive refuses, AUTHENTICATION_REJECTED for instance
   * @throws TypeError | RangeError | SyntaxError for options that do not fit
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
   * Connects to an archive and blocks this thread meanwhile, for agents. An Aeron client of its own gets a conductor invoker, which the
   * archive client then runs; one that is given must have `useConductorAgentInvoker` too, as nothing else runs while this thread is blocked.
   *
   * @throws as {@link connect}
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
   * Begins to connect, for agents that must not wait: call `poll` until it gives the client. Without an Aeron client in the options, one with
   * a conductor invoker is connected first, which waits for the driver.
   *
   * @throws TypeError | RangeError | SyntaxError for options that do not fit
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

  /** Whether the archive is still there, as far as is known. */
  get isConnected(): boolean {
    return this.#session.isConnected
  }

  /** Takes in what the archive has sent: answers, recording signals, errors. Returns how much was done; 0 when idle. */
  doWork(): number {
    return this.#session.doWork()
  }

  /** After one turn of {@link doWork}, the oldest error that belongs to no open request, unless the options have an `errorHandler`. */
  pollForErrorResponse(): Error | undefined {
    this.#session.doWork()
    return this.#session.takeError()
  }

  /** Tells a handler what happens to the recordings that this client asked for, beside `onRecordingSignal` of the options. */
  addRecordingSignalHandler(handler: RecordingSignalHandler): void {
    this.#session.signals.add(handler)
  }

  /** Removes a handler, and tells whether it was there. */
  removeRecordingSignalHandler(handler: RecordingSignalHandler): boolean {
    return this.#session.signals.remove(handler)
  }

  /**
   * The first recording signal that matches, of those to come and of the last 256 that came. It fails with what the archive says late about the request with
   * the correlation id, when one is given.
   *
   * @param timeoutMs how long it may take, in milliseconds; SIGNAL_TIMEOUT after that
   */
  awaitSignal(
    match: RecordingSignalMatch,
    timeoutMs: number = this.options.messageTimeoutMs,
  ): ArchiveRequest<RecordingSignalEvent> {
    return this.requests.signal(match, timeoutMs)
  }

  /** Sends a sign of life, which no archive needs while requests are made. Returns whether it went out. */
  sendKeepAlive(): boolean {
    return this.#session.trySend(encodeKeepAliveRequest(this.controlSessionId, NO_CORRELATION_ID))
  }

  /** Ends the session and closes what belongs to it: the Aeron client too when it is the client's own. Quiet when closed already. */
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
