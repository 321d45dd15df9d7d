import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  archiveProperties,
  controlChannel,
  CONTROL_STREAM_ID,
  LOCAL_CONTROL_CHANNEL,
} from './archive-properties.ts'
import { readCounters } from './cnc-file.ts'
import type { CounterSnapshot } from './cnc-file.ts'
import { driverProperties, FAST_DRIVER_TIMEOUTS } from './driver-properties.ts'
import { markInactive } from './mark-file.ts'
import { isDriverReady, MediaDriverProcess } from './media-driver.ts'
import { RunDirectory } from './run-directory.ts'
import type { ServerOptions, ServerPlan } from './server-process.ts'

// Counter types and states. Protocol: Aeron's AeronCounters and ChannelEndpointStatus.
const RECEIVE_CHANNEL_STATUS_TYPE_ID = 7
const ARCHIVE_CONTROL_SESSIONS_TYPE_ID = 102
const CHANNEL_ACTIVE = 1n

/** Where an archive keeps its files and is reached. */
export interface ArchiveAddress {
  /** The folder of its recordings. */
  readonly archiveDirectory: string
  /** Host and port of its control channel. */
  readonly controlEndpoint: string
}

/** A running media driver with an archive in the same process. */
export class ArchivingMediaDriverProcess extends MediaDriverProcess implements ArchiveAddress {
  readonly archiveDirectory: string
  readonly controlEndpoint: string
  /** For clients on another driver. */
  readonly controlChannel: string
  /** For clients on this driver. */
  readonly localControlChannel: string = LOCAL_CONTROL_CHANNEL
  readonly controlStreamId: number = CONTROL_STREAM_ID

  /** @internal */
  constructor(plan: ServerPlan, options: ServerOptions, aeronDirectory: string, archive: ArchiveAddress) {
    super(plan, options, aeronDirectory)
    this.archiveDirectory = archive.archiveDirectory
    this.controlEndpoint = archive.controlEndpoint
    this.controlChannel = controlChannel(archive.controlEndpoint)
  }
}

/** True when the archive on a driver with these counters listens at the endpoint. */
export function isArchiveReady(counters: readonly CounterSnapshot[], controlEndpoint: string): boolean {
  const isUp = counters.some((counter) => counter.typeId === ARCHIVE_CONTROL_SESSIONS_TYPE_ID)
  const listens = counters.some(
    (counter) =>
      counter.typeId === RECEIVE_CHANNEL_STATUS_TYPE_ID &&
      counter.value === CHANNEL_ACTIVE &&
      counter.label.includes(controlEndpoint),
  )
  return isUp && listens
}

/** Makes the end of a killed archiving driver known to the one that follows it in the same folders. */
export function forgetArchivingDriver(aeronDirectory: string, archiveDirectory: string): void {
  // Nobody may connect to the driver that is no more.
  rmSync(aeronDirectory, { recursive: true, force: true, maxRetries: 3 })
  markInactive(join(archiveDirectory, 'archive-mark.dat'))
}

/**
 * Starts a media driver with an archive (`io.aeron.archive.ArchivingMediaDriver`) in folders and on a port of its own, and waits
 * until archive clients can connect.
 *
 * @throws {AeronToolingError} PROCESS_EXITED or TIMED_OUT with the end of its log, or what is missing to run Java.
 */
export async function launchArchivingMediaDriver(
  options: ServerOptions = {},
): Promise<ArchivingMediaDriverProcess> {
  const name = options.name ?? 'archiving-media-driver'
  const runDirectory = RunDirectory.create(name, options)
  const aeronDirectory = runDirectory.driverDirectory()
  const archiveDirectory = join(runDirectory.path, 'archive')
  const [port] = await runDirectory.reservePorts(1)
  const controlEndpoint = `127.0.0.1:${port}`
  const plan: ServerPlan = {
    name,
    mainClass: 'io.aeron.archive.ArchivingMediaDriver',
    properties: {
      ...driverProperties(aeronDirectory),
      ...archiveProperties(archiveDirectory, controlEndpoint),
      ...(options.fastTimeouts === true ? FAST_DRIVER_TIMEOUTS : {}),
    },
    runDirectory,
    isReady: (process) =>
      isDriverReady(process, aeronDirectory) && isArchiveReady(readCounters(aeronDirectory), controlEndpoint),
    beforeRestart: () => forgetArchivingDriver(aeronDirectory, archiveDirectory),
  }
  const archive = { archiveDirectory, controlEndpoint }
  return new ArchivingMediaDriverProcess(plan, options, aeronDirectory, archive).start()
}
