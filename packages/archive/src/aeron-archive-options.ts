import { ChannelUri, type Aeron } from '@x/client'
import { NO_CREDENTIALS, type CredentialsSupplier } from './connect/credentials-supplier.ts'
import type { RecordingSignalEvent } from './recording/recording-signal.ts'

/** Longest client name. Protocol: the limit of Aeron's client names. */
const MAX_CLIENT_NAME_LENGTH = 100

/** Options for connecting to an archive; corresponds to `io.aeron.archive.client.AeronArchive.Context`. */
export interface AeronArchiveOptions {
  /** The Aeron client to use, which stays open when the archive client closes. @default the archive client creates one */
  readonly aeron?: Aeron
  /** Directory of the media driver, if `aeron` is not given. @default AERON_DIR, or the default directory of the platform */
  readonly aeronDirectory?: string
  /** Channel for requests to the archive; `aeron:ipc` for an archive on the same driver. */
  readonly controlRequestChannel: string
  /** Stream id for requests to the archive. @default 10 */
  readonly controlRequestStreamId?: number
  /** Channel for responses of the archive, such as `aeron:udp?endpoint=localhost:0`. */
  readonly controlResponseChannel: string
  /** Stream id for responses of the archive. @default 20 */
  readonly controlResponseStreamId?: number
  /** How long connecting may take, and how long to wait for each response, in milliseconds. @default 10_000 */
  readonly messageTimeoutMs?: number
  /** Term length of both control streams, in bytes, unless the channel specifies it. @default 65_536 */
  readonly controlTermBufferLength?: number
  /** Whether the term buffers of both control streams are sparse files, unless the channel specifies it. @default true */
  readonly controlTermBufferSparse?: boolean
  /** Maximum frame length (MTU) of both control streams, in bytes, unless the channel specifies it. @default the driver's */
  readonly controlMtuLength?: number
  /** Name of the client, shown in the archive's counters; at most 100 characters. @default '' */
  readonly clientName?: string
  /** Supplies the credentials of the client. @default empty credentials */
  readonly credentialsSupplier?: CredentialsSupplier
  /**
   * Called with errors that belong to no open request: an `ArchiveError` for what the archive reports later, such as the failure of a replay, and whatever
   * `onRecordingSignal` throws. @default they are kept for `pollForErrorResponse`
   *
   * If `aeron` is not given, it is also called with the errors of the Aeron client that nobody waits for, such as the loss of the driver or the failure of a channel;
   * without it, the next call of that client throws such an error. What fragment handlers throw goes to the caller of the poll.
   */
  readonly errorHandler?: (error: Error) => void
  /** Called with signals of the recordings that this client requested. */
  readonly onRecordingSignal?: (event: RecordingSignalEvent) => void
}

type Optional = 'aeron' | 'aeronDirectory' | 'controlMtuLength' | 'errorHandler' | 'onRecordingSignal'

/** Validated {@link AeronArchiveOptions}, with defaults filled in and channels completed. */
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
