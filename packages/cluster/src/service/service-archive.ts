import { AeronArchive, type AeronArchiveOptions, type RecordingOptions, type ReplayParams } from '@x/archive'
import { ChannelUri, type Aeron } from '@x/client'
import { untilFound, type Pollable, type Steps } from './steps.ts'

/**
 * How the service reaches the archive of its member, for snapshots. Both channels must be IPC: the archive is on the same driver.
 */
export type ServiceArchiveOptions = Partial<
  Pick<
    AeronArchiveOptions,
    | 'controlRequestChannel'
    | 'controlRequestStreamId'
    | 'controlResponseChannel'
    | 'controlResponseStreamId'
    | 'messageTimeoutMs'
    | 'credentialsSupplier'
  >
>

/** {@link ServiceArchiveOptions} with the defaults filled in. */
export type ResolvedServiceArchiveOptions = ServiceArchiveOptions &
  Readonly<
    Required<
      Pick<
        ServiceArchiveOptions,
        | 'controlRequestChannel'
        | 'controlRequestStreamId'
        | 'controlResponseChannel'
        | 'controlResponseStreamId'
        | 'messageTimeoutMs'
      >
    >
  >

/** What a snapshot needs of an archive client. */
export interface SnapshotRecorder {
  readonly archiveId: bigint
  startRecording(channel: string, streamId: number, options: RecordingOptions): Pollable<bigint>
  startReplay(recordingId: bigint, channel: string, streamId: number, params: ReplayParams): Pollable<bigint>
  close(): void
}

/** An archive client with the way to look for what went wrong in it. */
export interface SnapshotArchive {
  readonly archive: SnapshotRecorder
  /** Takes in what the archive has sent. Throws what it says has failed, and that it is gone. */
  readonly check: () => void
}

/** The steps until there is a client of the member's archive; the caller closes it. */
export type ConnectArchive = (
  aeron: Aeron,
  options: ResolvedServiceArchiveOptions,
  clientName: string,
) => Steps<SnapshotArchive>

// Protocol: Aeron's defaults; each service has a response stream of its own.
const LOCAL_CONTROL_CHANNEL = 'aeron:ipc?term-length=64k'
const CONTROL_REQUEST_STREAM_ID = 10
const STREAMS_PER_CLUSTER = 100
const FIRST_SERVICE_RESPONSE_STREAM_ID = 121
const MESSAGE_TIMEOUT_MS = 10_000

/** Fills in the defaults. Throws RangeError for a channel that is not IPC. */
export function resolveServiceArchive(
  options: ServiceArchiveOptions,
  clusterId: number,
  serviceId: number,
): ResolvedServiceArchiveOptions {
  const resolved = {
    ...options,
    controlRequestChannel: options.controlRequestChannel ?? LOCAL_CONTROL_CHANNEL,
    controlRequestStreamId: options.controlRequestStreamId ?? CONTROL_REQUEST_STREAM_ID,
    controlResponseChannel: options.controlResponseChannel ?? LOCAL_CONTROL_CHANNEL,
    controlResponseStreamId:
      options.controlResponseStreamId ??
      clusterId * STREAMS_PER_CLUSTER + FIRST_SERVICE_RESPONSE_STREAM_ID + serviceId,
    messageTimeoutMs: options.messageTimeoutMs ?? MESSAGE_TIMEOUT_MS,
  }
  checkIpc('controlRequestChannel', resolved.controlRequestChannel)
  checkIpc('controlResponseChannel', resolved.controlResponseChannel)
  return resolved
}

/** Connects to the real archive: a {@link ConnectArchive}. */
export function* connectArchive(
  aeron: Aeron,
  options: ResolvedServiceArchiveOptions,
  clientName: string,
): Steps<SnapshotArchive> {
  const connecting = AeronArchive.asyncConnect({ ...options, aeron, clientName })
  try {
    const archive = yield* untilFound(() => connecting.poll())
    return { archive, check: () => checkArchive(archive) }
  } finally {
    connecting.close()
  }
}

function checkArchive(archive: AeronArchive): void {
  const error = archive.pollForErrorResponse()
  if (error !== undefined) throw error
  if (!archive.isConnected) {
    throw new Error(
      'Cannot go on without the archive: its control session must be open, and the archive has gone',
    )
  }
}

function checkIpc(option: string, channel: string): void {
  if (ChannelUri.parse(channel).media === 'ipc') return
  throw new RangeError(
    `Cannot launch the service container: archive.${option} must be IPC, current value is "${channel}"`,
  )
}
