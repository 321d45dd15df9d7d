/**
 * Start of `cnc.dat`, little endian; the sections follow it without gaps, in the order of their lengths. Protocol: Aeron's
 * `CncFileDescriptor`.
 * ```
 *  0 version                   int32, written last by the driver; 0 until then
 *  4 to-driver length          int32
 *  8 to-clients length         int32
 * 12 counters metadata length  int32
 * 16 counters values length    int32
 * 20 error log length          int32
 * 24 client liveness timeout   int64, ns
 * 32 driver start timestamp    int64, ms since the epoch
 * 40 driver pid                int64
 * 48 file page size            int32, 0 from drivers before 1.48
 * ```
 */
export const CNC_VERSION_OFFSET = 0
/** Place of the first section length; the other four follow. */
export const SECTION_LENGTHS_OFFSET = 4
/** Sections of the file. */
export const SECTION_COUNT = 5
/** Place of the client liveness timeout. */
export const CLIENT_LIVENESS_TIMEOUT_OFFSET = 24
/** Place of the time at which the driver started. */
export const DRIVER_START_TIMESTAMP_OFFSET = 32
/** Place of the driver's process id. */
export const DRIVER_PID_OFFSET = 40
/** Length of what comes before the sections, in bytes. */
export const CNC_META_DATA_LENGTH = 128

/** Name of the file in the Aeron directory. */
export const CNC_FILE_NAME = 'cnc.dat'

/** The version this client speaks: 0.2.0. */
export const CNC_VERSION = 0x0000_0200

/** Major part of a packed version. */
export function majorVersion(version: number): number {
  return (version >> 16) & 0xff
}

/** Minor part of a packed version. */
export function minorVersion(version: number): number {
  return (version >> 8) & 0xff
}

/** A packed version as text. */
export function versionText(version: number): string {
  return `${majorVersion(version)}.${minorVersion(version)}.${version & 0xff}`
}
