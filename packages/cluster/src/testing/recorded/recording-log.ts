import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { align, AtomicBuffer } from '@x/atomic'

/** File of a cluster's member that names its terms and snapshots. Protocol: Aeron's RecordingLog, as all of this file. */
const FILE_NAME = 'recording.log'
const ENTRY_ALIGNMENT = 64
const ENTRY_LENGTH = 48
const TYPE_TERM = 0
const TYPE_SNAPSHOT = 1
const TYPE_STANDBY_SNAPSHOT = 2

// An entry, little endian:
const RECORDING_ID_OFFSET = 0
const LEADERSHIP_TERM_ID_OFFSET = 8
const LOG_POSITION_OFFSET = 24
const TIMESTAMP_OFFSET = 32
const SERVICE_ID_OFFSET = 40
const TYPE_OFFSET = 44
/** Length of the archive endpoint, which only standby snapshots have. */
const ENDPOINT_LENGTH_OFFSET = 48

/** A term or a snapshot of a member. */
export interface RecordingLogEntry {
  readonly kind: 'term' | 'snapshot'
  readonly recordingId: bigint
  readonly leadershipTermId: bigint
  /** Position in bytes of the log at its end; -1 for a term that is open. */
  readonly logPosition: number
  /** Cluster time of a snapshot. */
  readonly timestamp: bigint
  /** Service that a snapshot is of; -1 for the consensus module's and for terms. */
  readonly serviceId: number
}

/** The valid entries of a member's recording log, in the order of the file. */
export function readRecordingLog(clusterDirectory: string): RecordingLogEntry[] {
  const buffer = AtomicBuffer.wrap(readFileSync(join(clusterDirectory, FILE_NAME)))
  const entries: RecordingLogEntry[] = []
  for (let at = 0; at + ENTRY_LENGTH <= buffer.capacity;) {
    const type = buffer.getInt32(at + TYPE_OFFSET)
    // What is invalid has the highest bit set, and what was removed is -1: neither counts.
    if (type === TYPE_TERM || type === TYPE_SNAPSHOT) entries.push(entryAt(buffer, at))
    at += entryLength(buffer, at, type)
  }
  return entries
}

function entryAt(buffer: AtomicBuffer, at: number): RecordingLogEntry {
  return {
    kind: buffer.getInt32(at + TYPE_OFFSET) === TYPE_TERM ? 'term' : 'snapshot',
    recordingId: buffer.getInt64(at + RECORDING_ID_OFFSET),
    leadershipTermId: buffer.getInt64(at + LEADERSHIP_TERM_ID_OFFSET),
    logPosition: buffer.getInt64AsNumber(at + LOG_POSITION_OFFSET),
    timestamp: buffer.getInt64(at + TIMESTAMP_OFFSET),
    serviceId: buffer.getInt32(at + SERVICE_ID_OFFSET),
  }
}

function entryLength(buffer: AtomicBuffer, at: number, type: number): number {
  const isStandby = (type & 0x7fff_ffff) === TYPE_STANDBY_SNAPSHOT
  const endpointLength = isStandby ? 4 + buffer.getInt32(at + ENDPOINT_LENGTH_OFFSET) : 0
  return align(ENTRY_LENGTH + endpointLength, ENTRY_ALIGNMENT)
}
