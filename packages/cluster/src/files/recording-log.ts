import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { align, AtomicBuffer } from '@x/atomic'

/** File of a member that names its terms and snapshots. Protocol: Aeron's `RecordingLog`, as all of this file. */
const FILE_NAME = 'recording.log'
const ENTRY_ALIGNMENT = 64
const ENTRY_LENGTH = 48
/** Flag of a type, for an entry that does not count any longer. */
const INVALID_FLAG = 0x8000_0000 | 0
const TYPE_MASK = 0x7fff_ffff

const KINDS = ['term', 'snapshot', 'standby-snapshot'] as const

// An entry, little endian:
const RECORDING_ID_OFFSET = 0
const LEADERSHIP_TERM_ID_OFFSET = 8
const TERM_BASE_LOG_POSITION_OFFSET = 16
const LOG_POSITION_OFFSET = 24
const TIMESTAMP_OFFSET = 32
const SERVICE_ID_OFFSET = 40
const TYPE_OFFSET = 44
/** Length of the archive endpoint, which only standby snapshots have. */
const ENDPOINT_LENGTH_OFFSET = 48
const ENDPOINT_OFFSET = 52

/** A term or a snapshot of a member. */
export interface RecordingLogEntry {
  /** A standby snapshot is one that a standby node has, which the member can fetch. */
  readonly kind: (typeof KINDS)[number]
  /** Whether it counts; an entry stays in the file when it does not count any longer, such as an invalidated snapshot. */
  readonly isValid: boolean
  readonly recordingId: bigint
  readonly leadershipTermId: bigint
  /** Position in bytes of the log at which the term began. */
  readonly termBaseLogPosition: number
  /** Position in bytes of the log at its end; -1 for a term that is open. */
  readonly logPosition: number
  /** Cluster time at which the term began or the snapshot was taken. */
  readonly timestamp: bigint
  /** Service that a snapshot is of; -1 for the consensus module's and for terms. */
  readonly serviceId: number
  /** Where the archive of a standby snapshot is. */
  readonly archiveEndpoint: string | undefined
}

/**
 * Reads the recording log of a member from its file, whether or not the member runs: what Aeron's `ClusterTool recording-log` prints.
 *
 * @returns the entries in the order of the file; those that were removed are left out
 * @throws Error with the `code` of Node.js, such as `ENOENT`, when the file cannot be read
 */
export function readRecordingLog(clusterDirectory: string): RecordingLogEntry[] {
  const buffer = AtomicBuffer.wrap(readFileSync(join(clusterDirectory, FILE_NAME)))
  const entries: RecordingLogEntry[] = []
  for (let at = 0; at + ENTRY_LENGTH <= buffer.capacity;) {
    const type = buffer.getInt32(at + TYPE_OFFSET)
    // One that was removed has the type -1.
    const kind = KINDS[type & TYPE_MASK]
    const endpoint = kind === 'standby-snapshot' ? endpointAt(buffer, at) : undefined
    if (kind !== undefined) {
      entries.push({
        kind,
        isValid: (type & INVALID_FLAG) === 0,
        ...fieldsAt(buffer, at),
        archiveEndpoint: endpoint,
      })
    }
    at += align(endpoint === undefined ? ENTRY_LENGTH : ENDPOINT_OFFSET + endpoint.length, ENTRY_ALIGNMENT)
  }
  return entries
}

function fieldsAt(
  buffer: AtomicBuffer,
  at: number,
): Omit<RecordingLogEntry, 'kind' | 'isValid' | 'archiveEndpoint'> {
  return {
    recordingId: buffer.getInt64(at + RECORDING_ID_OFFSET),
    leadershipTermId: buffer.getInt64(at + LEADERSHIP_TERM_ID_OFFSET),
    termBaseLogPosition: buffer.getInt64AsNumber(at + TERM_BASE_LOG_POSITION_OFFSET),
    logPosition: buffer.getInt64AsNumber(at + LOG_POSITION_OFFSET),
    timestamp: buffer.getInt64(at + TIMESTAMP_OFFSET),
    serviceId: buffer.getInt32(at + SERVICE_ID_OFFSET),
  }
}

function endpointAt(buffer: AtomicBuffer, at: number): string {
  const length = Math.max(0, buffer.getInt32(at + ENDPOINT_LENGTH_OFFSET))
  return buffer.getStringWithoutLengthAscii(at + ENDPOINT_OFFSET, length)
}
