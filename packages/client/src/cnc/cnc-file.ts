import { AtomicBuffer } from '@x/atomic'
import { BroadcastReceiver } from '@x/atomic/broadcast'
import { ManyToOneRingBuffer } from '@x/atomic/ring-buffer'
import { CountersReader } from '@x/atomic/status'
import { mapExistingFile, type MappedFile, MmapError } from '@x/mmap'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { AeronError, type DriverAbsence } from '../aeron-error.ts'
import {
  CLIENT_LIVENESS_TIMEOUT_OFFSET,
  CNC_FILE_NAME,
  CNC_META_DATA_LENGTH,
  CNC_VERSION,
  CNC_VERSION_OFFSET,
  DRIVER_PID_OFFSET,
  DRIVER_START_TIMESTAMP_OFFSET,
  SECTION_COUNT,
  SECTION_LENGTHS_OFFSET,
  versionText,
} from './cnc-file-descriptor.ts'
import { cncVersionTrouble, readCncVersion } from './cnc-version.ts'

/** Why there is no driver to connect to yet, and when to look again. */
export interface NotReady {
  readonly reason: DriverAbsence
  readonly retryAfterMs: number
  readonly cause?: Error
}

/** What a file may look like while a driver is being started, or is gone: worth another look. */
const TRANSIENT_CODES: readonly string[] = [
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EMPTY_FILE',
  'BEYOND_END_OF_FILE',
]

/** The mapped `cnc.dat` of a live driver. */
export class CncFile implements Disposable {
  readonly toDriver: ManyToOneRingBuffer
  readonly toClients: AtomicBuffer
  readonly countersMetadata: AtomicBuffer
  readonly countersValues: AtomicBuffer
  readonly errorLog: AtomicBuffer
  /** How long the driver waits for a sign of life of a client, in milliseconds. */
  readonly clientLivenessTimeoutMs: number
  /** Version of the file, as `major.minor.patch`. */
  readonly version: string
  /** When the driver started, ms since the epoch. */
  readonly driverStartMs: number
  readonly driverPid: number
  readonly #mapping: MappedFile

  private constructor(mapping: MappedFile, sections: readonly AtomicBuffer[]) {
    const metadata = AtomicBuffer.wrap(mapping.memory, 0, CNC_META_DATA_LENGTH)
    const [toDriver, toClients, countersMetadata, countersValues, errorLog] = sections
    this.#mapping = mapping
    this.toDriver = new ManyToOneRingBuffer(toDriver!)
    this.toClients = toClients!
    this.countersMetadata = countersMetadata!
    this.countersValues = countersValues!
    this.errorLog = errorLog!
    this.clientLivenessTimeoutMs = Number(metadata.getInt64(CLIENT_LIVENESS_TIMEOUT_OFFSET) / 1_000_000n)
    this.version = versionText(metadata.getInt32(CNC_VERSION_OFFSET))
    this.driverStartMs = Number(metadata.getInt64(DRIVER_START_TIMESTAMP_OFFSET))
    this.driverPid = Number(metadata.getInt64(DRIVER_PID_OFFSET))
  }

  /**
   * Looks once whether a live driver has its `cnc.dat` in `aeronDirectory`, and maps it.
   *
   * @param nowMs time of day
   * @param driverTimeoutMs age of the driver's heartbeat that still counts as alive
   * @param readonly maps it for reading alone: nothing may be written to it
   * @throws AeronError `CNC_VERSION_UNSUPPORTED` or `CNC_MALFORMED`: waiting does not help
   * @throws MmapError when files cannot be mapped here at all
   */
  static tryOpen(
    aeronDirectory: string,
    nowMs: number,
    driverTimeoutMs: number,
    readonly = false,
  ): CncFile | NotReady {
    const path = join(aeronDirectory, CNC_FILE_NAME)
    let mapping: MappedFile
    try {
      const stats = statSync(path)
      if (stats.size < CNC_META_DATA_LENGTH) return { reason: 'cnc.dat too short', retryAfterMs: 16 }
      // Before it is mapped: a driver at its start is looked at every millisecond, and mapping 48 MB that often takes a whole core.
      if (stats.isFile() && readCncVersion(path) === 0)
        return { reason: 'cnc.dat not initialised', retryAfterMs: 1 }
      mapping = mapExistingFile(path, { readonly })
    } catch (error) {
      if (isTransient(error)) return { reason: 'no cnc.dat', retryAfterMs: 16, cause: error }
      throw error
    }
    let opened: CncFile | NotReady | undefined
    try {
      opened = CncFile.#open(path, mapping, nowMs, driverTimeoutMs)
      return opened
    } finally {
      if (!(opened instanceof CncFile)) mapping.close()
    }
  }

  /** Time of the driver's last sign of life, ms since the epoch; -1 from one that was shut down. */
  get driverHeartbeatMs(): number {
    return Number(this.toDriver.consumerHeartbeatTime)
  }

  /** Unmaps the file. */
  close(): void {
    this.#mapping.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  static #open(
    path: string,
    mapping: MappedFile,
    nowMs: number,
    driverTimeoutMs: number,
  ): CncFile | NotReady {
    if (mapping.length < CNC_META_DATA_LENGTH) return { reason: 'cnc.dat too short', retryAfterMs: 16 }
    const metadata = AtomicBuffer.wrap(mapping.memory, 0, CNC_META_DATA_LENGTH)
    const version = metadata.getInt32Acquire(CNC_VERSION_OFFSET)
    if (version === 0) return { reason: 'cnc.dat not initialised', retryAfterMs: 1 }
    checkVersion(path, version)
    const lengths = sectionLengths(path, metadata)
    const needed = lengths.reduce((sum, length) => sum + length, CNC_META_DATA_LENGTH)
    if (mapping.length < needed) return { reason: 'cnc.dat too short', retryAfterMs: 1 }
    const file = new CncFile(mapping, wrapSections(path, mapping, lengths))
    const heartbeatMs = file.driverHeartbeatMs
    if (heartbeatMs === 0) return { reason: 'no driver heartbeat', retryAfterMs: 1 }
    if (heartbeatMs < nowMs - driverTimeoutMs)
      return { reason: 'driver heartbeat too old', retryAfterMs: 100 }
    return file
  }
}

function isTransient(error: unknown): error is Error {
  if (!(error instanceof MmapError) && !(error instanceof Error && 'code' in error)) return false
  return TRANSIENT_CODES.includes(String(error.code))
}

function checkVersion(path: string, version: number): void {
  const trouble = cncVersionTrouble(version)
  if (trouble === undefined) return
  throw new AeronError(
    'CNC_VERSION_UNSUPPORTED',
    `Cannot connect to the driver: version of "${path}" ${trouble}`,
    { path, fileVersion: version, clientVersion: CNC_VERSION },
  )
}

function malformed(path: string, what: string, cause?: Error): AeronError<'CNC_MALFORMED'> {
  return new AeronError(
    'CNC_MALFORMED',
    `Cannot connect to the driver: "${path}" contradicts itself, ${what}; restart the driver`,
    { path },
    cause === undefined ? undefined : { cause },
  )
}

function sectionLengths(path: string, metadata: AtomicBuffer): number[] {
  return Array.from({ length: SECTION_COUNT }, (_, i) => {
    const length = metadata.getInt32(SECTION_LENGTHS_OFFSET + i * 4)
    if (length <= 0)
      throw malformed(path, `the length of section ${i} must be above 0, current value is ${length}`)
    return length
  })
}

function wrapSections(path: string, mapping: MappedFile, lengths: readonly number[]): AtomicBuffer[] {
  let offset = CNC_META_DATA_LENGTH
  try {
    const sections = lengths.map((length) => {
      const section = AtomicBuffer.wrap(mapping.memory, offset, length)
      offset += length
      return section
    })
    // What reads them checks capacity and alignment: here, where it can still be said that the file is wrong.
    new ManyToOneRingBuffer(sections[0]!)
    new BroadcastReceiver(sections[1]!)
    new CountersReader(sections[2]!, sections[3]!)
    return sections
  } catch (error) {
    if (error instanceof RangeError) throw malformed(path, error.message, error)
    throw error
  }
}
