import { ChannelUri, type Aeron } from '@x/client'
import { NO_CREDENTIALS, type CredentialsSupplier } from './connect/credentials-supplier.ts'
import type { RecordingSignalEvent } from './recording/recording-signal.ts'

/** Longest client name. Protocol: the limit of Aeron's client names. */
const MAX_CLIENT_NAME_LENGTH = 100

/** How to connect to an archive. Source: `io.aeron.archive.client.AeronArchive.Context`. */
export interface AeronArchiveOptions {
  /** The Aeron client to use; it stays open when the archive client closes. @default a client of its own */
  readonly aeron?: Aeron
  /** Directory of the media driver, for a client of its own. @default that of the client: AERON_DIR or the platform's */
  readonly aeronDirectory?: string
  /** Channel that the archive takes requests on; `aeron:ipc` for an archive on the same driver. */
  readonly controlRequestChannel: string
  /** Stream that the archive takes requests on. @default 10 */
  readonly controlRequestStreamId?: number
  /** Channel that the archive answers on, such as `aeron:udp?endpoint=localhost:0`. */
  readonly controlResponseChannel: string
  /** Stream that the archive answers on. @default 20 */
  readonly controlResponseStreamId?: number
  /** Longest time to connect, and for the answer to each request, in milliseconds. @default 10_000 */
  readonly messageTimeoutMs?: number
  /** Term length of both control streams, in bytes, where the channel does not say it. @default 65_536 */
  readonly controlTermBufferLength?: number
  /** Whether the term buffers of both control streams are sparse files, where the channel does not say it. @default true */
  readonly controlTermBufferSparse?: boolean
  /** Longest frame of both control streams, in bytes, where the channel does not say it. @default the driver's */
  readonly controlMtuLength?: number
  /** Name of the client, shown in the archive's counters; at most 100 characters. @default '' */
  readonly clientName?: string
  /** Who the client says it is. @default empty credentials */
  readonly credentialsSupplier?: CredentialsSupplier
  /**
   * Told errors that belong to no open request: an `ArchiveError` for what the archive says late, such as the failure of a replay, and
   * what `onRecordingSignal` threw. @default they wait for `pollForErrorResponse`
   *
   * A client of its own to the media driver tells it what nobody waits for too: a driver that is gone, a channel that fails. What handlers of
   * fragments throw goes to the caller of the poll. Without it the next call of that client throws such an error.
   */
  readonly errorHandler?: (error: Error) => void
  /** Told what happens to the recordings that this client asked for. */
  readonly onRecordingSignal?: (event: RecordingSignalEvent) => void
}

type Optional = 'aeron' | 'aeronDirectory' | 'controlMtuLength' | 'errorHandler' | 'onRecordingSignal'

/** {@link AeronArchiveOptions} checked, with the defaults filled in and the channels completed. */
export type ResolvedAeronArchiveOptions = Readonly<
  Required<Omit<AeronArchiveOptions, Optional>> & { [K in Optional]: AeronArchiveOptions[K] | undefined }
>

const DEFAULTS = {
  aeron: undefined,
  aeronDirectory: undefined,
  controlRequestStreamId: 10,
  controlResponseStreamId: 20,
  messageTimeoutMs: 10_000,
  controlTermBufferLength: 64 * 1024,
  controlTermBufferSparse: true,
  controlMtuLength: undefined,
  clientName: '',
  credentialsSupplier: NO_CREDENTIALS,
  errorHandler: undefined,
  onRecordingSignal: undefined,
}

/**
 * Checks the options, fills in the defaults and completes the control channels.
 *
 * @throws TypeError for a channel that is missing
 * @throws RangeError for numbers and lengths out of range
 * @throws SyntaxError for a channel that breaks the grammar
 */
export function resolveAeronArchiveOptions(options: AeronArchiveOptions): ResolvedAeronArchiveOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const merged: ResolvedAeronArchiveOptions = {
    ...DEFAULTS,
    ...given,
    controlRequestChannel: channelOption('controlRequestChannel', options.controlRequestChannel),
    controlResponseChannel: channelOption('controlResponseChannel', options.controlResponseChannel),
  }
  if (!(merged.messageTimeoutMs > 0)) {
    throw new RangeError(
      `Cannot connect to the archive: messageTimeoutMs must be above 0, current value is ${merged.messageTimeoutMs}`,
    )
  }
  if (merged.clientName.length > MAX_CLIENT_NAME_LENGTH) {
    throw new RangeError(
      `Cannot connect to the archive: clientName must have at most ${MAX_CLIENT_NAME_LENGTH} characters, ` +
        `current value has ${merged.clientName.length}`,
    )
  }
  return { ...merged, ...controlChannels(merged) }
}

function channelOption(option: string, channel: string | undefined): string {
  if (channel === undefined || channel === '') {
    throw new TypeError(`Cannot connect to the archive: ${option} must be given`)
  }
  return channel
}

// One session id on both channels makes each stream a single image, so that several clients can share the stream ids.
function controlChannels(
  options: ResolvedAeronArchiveOptions,
): Pick<AeronArchiveOptions, 'controlRequestChannel' | 'controlResponseChannel'> {
  const request = ChannelUri.parse(options.controlRequestChannel)
  const response = ChannelUri.parse(options.controlResponseChannel)
  for (const uri of [request, response]) {
    putIfAbsent(uri, 'term-length', String(options.controlTermBufferLength))
    putIfAbsent(uri, 'sparse', String(options.controlTermBufferSparse))
    if (options.controlMtuLength !== undefined) putIfAbsent(uri, 'mtu', String(options.controlMtuLength))
  }
  if (response.get('control-mode') !== 'response') {
    const sessionId = String(crypto.getRandomValues(new Int32Array(1))[0])
    request.put('session-id', sessionId)
    response.put('session-id', sessionId)
  }
  return { controlRequestChannel: request.toString(), controlResponseChannel: response.toString() }
}

function putIfAbsent(uri: ChannelUri, key: string, value: string): void {
  if (uri.get(key) === undefined) uri.put(key, value)
}
