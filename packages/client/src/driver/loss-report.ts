import { align, AtomicBuffer } from '@x/atomic'
import { mapExistingFile } from '@x/mmap'
import { join } from 'node:path'
import { defaultAeronDirectory } from '../aeron-environment.ts'

/** Name of the file in the Aeron directory. Protocol: Aeron's `LossReportUtil`. */
const LOSS_REPORT_FILE_NAME = 'loss-report.dat'

/**
 * One entry, aligned to 64 bytes. Protocol: Aeron's `LossReport`.
 * ```
 *  0 observation count      int64, 0 ends the report
 *  8 total bytes lost       int64
 * 16 first observation      int64, ms since the epoch
 * 24 last observation       int64, ms since the epoch
 * 32 session id             int32
 * 36 stream id              int32
 * 40 channel                int32 length, ASCII, padded to a multiple of 4
 *  . source                 int32 length, ASCII
 * ```
 */
const TOTAL_BYTES_LOST_OFFSET = 8
const FIRST_OBSERVATION_OFFSET = 16
const LAST_OBSERVATION_OFFSET = 24
const SESSION_ID_OFFSET = 32
const STREAM_ID_OFFSET = 36
const CHANNEL_OFFSET = 40
const ENTRY_ALIGNMENT = 64

/** Loss that a driver has seen on one stream from one source; times in milliseconds since the epoch. */
export interface LossObservation {
  readonly observationCount: bigint
  readonly totalBytesLost: bigint
  readonly firstObservationTimestampMs: bigint
  readonly lastObservationTimestampMs: bigint
  readonly sessionId: number
  readonly streamId: number
  readonly channel: string
  readonly source: string
}

/**
 * The loss that a driver has reported, also while it goes on: Aeron's `LossReportReader`.
 *
 * @throws MmapError when there is no report in the directory
 */
export function readLossReport(aeronDirectory: string = defaultAeronDirectory()): LossObservation[] {
  using mapping = mapExistingFile(join(aeronDirectory, LOSS_REPORT_FILE_NAME), { readonly: true })
  return readLossEntries(AtomicBuffer.wrap(mapping.memory))
}

/** Reads the entries of a loss report, up to the first that is not there, or does not fit. */
export function readLossEntries(report: AtomicBuffer): LossObservation[] {
  const entries: LossObservation[] = []
  let offset = 0
  while (offset + CHANNEL_OFFSET + 8 <= report.capacity) {
    const observationCount = report.getInt64Acquire(offset)
    const channelLength = report.getInt32(offset + CHANNEL_OFFSET)
    const sourceOffset = offset + CHANNEL_OFFSET + align(4 + channelLength, 4)
    if (observationCount <= 0n || channelLength < 0 || sourceOffset + 4 > report.capacity) break
    const sourceLength = report.getInt32(sourceOffset)
    const end = sourceOffset + 4 + sourceLength
    if (sourceLength < 0 || end > report.capacity) break
    entries.push({
      observationCount,
      totalBytesLost: report.getInt64Acquire(offset + TOTAL_BYTES_LOST_OFFSET),
      firstObservationTimestampMs: report.getInt64(offset + FIRST_OBSERVATION_OFFSET),
      lastObservationTimestampMs: report.getInt64Acquire(offset + LAST_OBSERVATION_OFFSET),
      sessionId: report.getInt32(offset + SESSION_ID_OFFSET),
      streamId: report.getInt32(offset + STREAM_ID_OFFSET),
      channel: report.getStringAscii(offset + CHANNEL_OFFSET),
      source: report.getStringAscii(sourceOffset),
    })
    offset = align(end, ENTRY_ALIGNMENT)
  }
  return entries
}
