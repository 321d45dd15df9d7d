import { CountersReader } from '@x/atomic/status'
import { defaultAeronDirectory } from '../aeron-environment.ts'
import type { CncFile } from '../cnc/cnc-file.ts'
import { openCnc } from './driver-directory.ts'

/**
 * Reads the `cnc.dat` of a driver without being its client, also that of a driver that is gone: Aeron's `CncFileReader`. It maps the file for reading alone, so
 * the right to read it is enough. Counters are seen as they change, until {@link close}; afterwards they read as zeros.
 */
export class CncFileReader implements Disposable {
  readonly aeronDirectory: string
  readonly countersReader: CountersReader
  readonly #file: CncFile

  private constructor(aeronDirectory: string, file: CncFile) {
    this.aeronDirectory = aeronDirectory
    this.#file = file
    this.countersReader = new CountersReader(file.countersMetadata, file.countersValues)
  }

  /**
   * Maps the file.
   *
   * @throws AeronError `DRIVER_TIMEOUT` when there is none, `CNC_VERSION_UNSUPPORTED`, `CNC_MALFORMED`
   */
  static map(aeronDirectory: string = defaultAeronDirectory()): CncFileReader {
    return new CncFileReader(aeronDirectory, openCnc(aeronDirectory, 0, true))
  }

  /** Version of the file, as `major.minor.patch`. */
  get cncVersion(): string {
    return this.#file.version
  }

  get driverPid(): number {
    return this.#file.driverPid
  }

  /** When the driver started, in milliseconds since the epoch. */
  get driverStartMs(): number {
    return this.#file.driverStartMs
  }

  /** When the driver was last alive, in milliseconds since the epoch; -1 after it has been shut down. */
  get driverHeartbeatMs(): number {
    return this.#file.driverHeartbeatMs
  }

  /** Age of the driver's last sign of life, in milliseconds. */
  get driverHeartbeatAgeMs(): number {
    return Date.now() - this.driverHeartbeatMs
  }

  /** Unmaps the file. */
  close(): void {
    this.#file.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
