import { markDriverEnded, readDriverState } from './cnc-file.ts'
import { driverProperties, FAST_DRIVER_TIMEOUTS } from './driver-properties.ts'
import type { JavaProcess } from './java-process.ts'
import { RunDirectory } from './run-directory.ts'
import { ServerProcess } from './server-process.ts'
import type { ServerOptions, ServerPlan } from './server-process.ts'

/** A running media driver. */
export class MediaDriverProcess extends ServerProcess {
  readonly aeronDirectory: string

  /** @internal */
  constructor(plan: ServerPlan, options: ServerOptions, aeronDirectory: string) {
    super(plan, options)
    this.aeronDirectory = aeronDirectory
  }

  /**
   * Tells the clients of a driver that was killed, which otherwise hear of it when their timeouts have passed.
   *
   * @throws {TypeError} while it runs.
   */
  announceEnd(): void {
    if (this.exit === undefined) throw new TypeError(`Cannot announce the end of ${this.name}: it is running`)
    markDriverEnded(this.aeronDirectory)
  }
}

/** True when the driver of this process answers in `aeronDirectory`, and not one that was there before. */
export function isDriverReady(process: JavaProcess, aeronDirectory: string): boolean {
  const state = readDriverState(aeronDirectory)
  return state !== undefined && state.pid === process.pid && state.heartbeatMs > 0
}

/**
 * Starts a media driver (`io.aeron.driver.MediaDriver`) in a folder of its own, and waits until clients can connect.
 *
 * @throws {AeronToolingError} PROCESS_EXITED or TIMED_OUT with the end of its log, or what is missing to run Java.
 */
export async function launchMediaDriver(options: ServerOptions = {}): Promise<MediaDriverProcess> {
  const name = options.name ?? 'media-driver'
  const runDirectory = RunDirectory.create(name, options)
  const aeronDirectory = runDirectory.driverDirectory()
  const plan: ServerPlan = {
    name,
    mainClass: 'io.aeron.driver.MediaDriver',
    properties: {
      ...driverProperties(aeronDirectory),
      ...(options.fastTimeouts === true ? FAST_DRIVER_TIMEOUTS : {}),
    },
    runDirectory,
    isReady: (process) => isDriverReady(process, aeronDirectory),
  }
  return new MediaDriverProcess(plan, options, aeronDirectory).start()
}
