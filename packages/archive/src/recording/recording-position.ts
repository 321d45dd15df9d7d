import { NULL_COUNTER_ID, RECORD_ALLOCATED, type CountersReader } from '@x/atomic/status'

/** Type of the counter with the position in bytes that a recording has reached. Protocol: Aeron's AeronCounters. */
export const RECORDING_POSITION_TYPE_ID = 100

// Key of the counter. Protocol: Aeron's RecordingPos; the archive id comes right behind the text, at any alignment.
const RECORDING_ID_OFFSET = 0
const SESSION_ID_OFFSET = RECORDING_ID_OFFSET + 8
const SOURCE_IDENTITY_LENGTH_OFFSET = SESSION_ID_OFFSET + 4
const SOURCE_IDENTITY_OFFSET = SOURCE_IDENTITY_LENGTH_OFFSET + 4
const ARCHIVE_ID_LENGTH = 8

/** Stands for any archive. Protocol: Aeron's null value. */
const NULL_ARCHIVE_ID = -1n

/**
 * Finds the recording position counter of the stream with this session id.
 *
 * @param archiveId id of the archive that records it; -1 for any
 * @returns the id of the counter, or `NULL_COUNTER_ID` if the stream is not being recorded
 */
export function findRecordingCounterBySession(
  counters: CountersReader,
  sessionId: number,
  archiveId: bigint = NULL_ARCHIVE_ID,
): number {
  return counters.findCounter(
    (counterId) =>
      isRecordingPosition(counters, counterId) &&
      counters.getCounterKey(counterId).getInt32(SESSION_ID_OFFSET) === sessionId &&
      isOfArchive(counters, counterId, archiveId),
  )
}

/**
 * Finds the recording position counter of a recording.
 *
 * @param archiveId id of the archive that records it; -1 for any
 * @returns the id of the counter, or `NULL_COUNTER_ID` if the recording is not active
 */
export function findRecordingCounter(
  counters: CountersReader,
  recordingId: bigint,
  archiveId: bigint = NULL_ARCHIVE_ID,
): number {
  return counters.findCounter(
    (counterId) =>
      isRecordingPosition(counters, counterId) &&
      counters.getCounterKey(counterId).getInt64(RECORDING_ID_OFFSET) === recordingId &&
      isOfArchive(counters, counterId, archiveId),
  )
}

/** Id of the recording that a recording position counter belongs to; -1 for any other counter. */
export function recordingIdOfCounter(counters: CountersReader, counterId: number): bigint {
  return isInUse(counters, counterId) ? counters.getCounterKey(counterId).getInt64(RECORDING_ID_OFFSET) : -1n
}

/** Source of the recorded stream of a recording position counter, `host:port` or `aeron:ipc`; undefined for any other counter. */
export function sourceIdentityOfCounter(counters: CountersReader, counterId: number): string | undefined {
  if (!isInUse(counters, counterId)) return undefined
  return counters.getCounterKey(counterId).getStringAscii(SOURCE_IDENTITY_LENGTH_OFFSET)
}

/** Whether a recording is active: it has ended when the counter no longer belongs to it. */
export function isRecordingActive(counters: CountersReader, counterId: number, recordingId: bigint): boolean {
  return counterId !== NULL_COUNTER_ID && recordingIdOfCounter(counters, counterId) === recordingId
}

function isInUse(counters: CountersReader, counterId: number): boolean {
  return counters.getCounterState(counterId) === RECORD_ALLOCATED && isRecordingPosition(counters, counterId)
}

function isRecordingPosition(counters: CountersReader, counterId: number): boolean {
  return counters.getCounterTypeId(counterId) === RECORDING_POSITION_TYPE_ID
}

function isOfArchive(counters: CountersReader, counterId: number, archiveId: bigint): boolean {
  if (archiveId === NULL_ARCHIVE_ID) return true
  const key = counters.getCounterKey(counterId)
  const length = key.getInt32(SOURCE_IDENTITY_LENGTH_OFFSET)
  const offset = SOURCE_IDENTITY_OFFSET + length
  return length >= 0 && offset + ARCHIVE_ID_LENGTH <= key.capacity && key.getInt64(offset) === archiveId
}
