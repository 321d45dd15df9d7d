import { NULL_COUNTER_ID } from '@x/atomic/status'
import type { Publication } from '@x/client'
import { ArchiveError } from '../archive-error.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import type { ControlSession } from '../session/control-session.ts'
import {
  findRecordingCounterBySession,
  isRecordingActive,
  recordingIdOfCounter,
} from './recording-position.ts'

/**
 * The steps until what a publication has sent is recorded; they give the recording id. The archive tells by a counter of its driver, which must be that of the
 * publication.
 *
 * @throws ArchiveError NOT_RECORDED when the recording ends before, or it takes too long
 */
export function* recordedSteps(
  session: ControlSession,
  { sessionId }: Publication,
  position: number,
  timeoutMs: number,
): RequestSteps<bigint> {
  const { aeron, archiveId, nowMs } = session.parts
  const counters = aeron.countersReader
  const deadlineMs = nowMs() + timeoutMs
  let counterId = NULL_COUNTER_ID
  let recordingId = -1n
  let recordedPosition = -1
  for (;;) {
    session.checkAlive(`wait until position ${position} is recorded`)
    if (counterId === NULL_COUNTER_ID) {
      counterId = findRecordingCounterBySession(counters, sessionId, archiveId)
      if (counterId !== NULL_COUNTER_ID) recordingId = recordingIdOfCounter(counters, counterId)
    }
    if (counterId !== NULL_COUNTER_ID) {
      const value = Number(counters.getCounterValue(counterId))
      // Read before the look whether it still is the counter of this recording, so that it is no other's.
      const isActive = isRecordingActive(counters, counterId, recordingId)
      if (isActive) recordedPosition = value
      if (recordedPosition >= position) return recordingId
      if (!isActive) throw notRecorded(sessionId, position, recordedPosition, 'the recording has ended')
    }
    if (nowMs() > deadlineMs) {
      const why =
        counterId === NULL_COUNTER_ID
          ? `in ${timeoutMs} ms no archive with id ${archiveId} on this driver records it; ask one on another driver by getMaxRecordedPosition`
          : `it was not in ${timeoutMs} ms`
      throw notRecorded(sessionId, position, recordedPosition, why)
    }
    yield undefined
  }
}

function notRecorded(
  sessionId: number,
  position: number,
  recordedPosition: number,
  why: string,
): ArchiveError<'NOT_RECORDED'> {
  return new ArchiveError(
    'NOT_RECORDED',
    `Cannot be sure that position ${position} of session ${sessionId} is recorded: ${why}, the recording has come to ${recordedPosition}`,
    { sessionId, position, recordedPosition },
  )
}
