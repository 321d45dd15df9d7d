import { ArchiveError, isArchiveError, type PersistentSubscriptionFailure } from '../archive-error.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import { FROM_LIVE, FROM_START } from './persistent-subscription-options.ts'
import type { RecordingDescriptor } from '../recording/recording-descriptor.ts'

/** What a persistent subscription expects of its recording. */
export interface RecordingExpectation {
  readonly recordingId: bigint
  readonly liveStreamId: number
  /** Position in bytes at which to continue, `FROM_START` or `FROM_LIVE`. */
  readonly position: number
  /** Highest known position of the live stream in bytes, or -1. */
  readonly lastLivePosition: number
}

/** How to continue with a recording. */
export interface RecordingPlan {
  readonly recording: RecordingDescriptor
  /** Position in bytes at which to continue, or `FROM_LIVE`. */
  readonly position: number
  /** Whether to join the live stream without a replay. */
  readonly isLive: boolean
}

/**
 * Checks whether a persistent subscription can continue with its recording, and how.
 *
 * @throws ArchiveError PERSISTENT_SUBSCRIPTION_FAILED when it cannot
 */
export function checkRecording(
  recording: RecordingDescriptor | undefined,
  { recordingId, liveStreamId, position, lastLivePosition }: RecordingExpectation,
): RecordingPlan {
  if (recording === undefined) {
    throw failure(recordingId, 'RECORDING_NOT_FOUND', `the archive has no recording ${recordingId}`)
  }
  const { startPosition, stopPosition, streamId } = recording
  if (streamId !== liveStreamId) {
    throw failure(
      recordingId,
      'STREAM_ID_MISMATCH',
      `the live stream must have the stream id of the recording, ${streamId}, current value is ${liveStreamId}`,
    )
  }
  const hasStopped = stopPosition !== -1
  const isAhead = hasStopped && Math.max(position, lastLivePosition) > stopPosition
  if ((position >= 0 && position < startPosition) || isAhead) {
    const reached = isAhead ? Math.max(position, lastLivePosition) : position
    const span = `${startPosition} to ${hasStopped ? stopPosition : 'where it is now'}`
    throw failure(
      recordingId,
      'INVALID_START_POSITION',
      `recording ${recordingId} goes from position ${span}, and ${reached} is not in it`,
    )
  }
  const from = position === FROM_START ? startPosition : position
  return { recording, position: from, isLive: from === FROM_LIVE || (hasStopped && from === stopPosition) }
}

/** Converts what ended a persistent subscription to its error. */
export function failureOf(
  recordingId: bigint,
  error: unknown,
): ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'> {
  if (isArchiveError(error, 'PERSISTENT_SUBSCRIPTION_FAILED')) return error
  const what = error instanceof Error ? error.message : String(error)
  if (isArchiveError(error, 'INVALID_POSITION'))
    return failure(recordingId, 'INVALID_START_POSITION', what, error)
  if (isArchiveError(error, 'UNKNOWN_RECORDING'))
    return failure(recordingId, 'RECORDING_NOT_FOUND', what, error)
  return failure(recordingId, 'GENERIC', what, error)
}

/** The same steps, but with result undefined if the archive does not respond, is lost or does not send the stream, so that the caller can repeat them. */
export function* withoutLosses<T>(steps: RequestSteps<T>): RequestSteps<T | undefined> {
  try {
    return yield* steps
  } catch (error) {
    const isLoss =
      isArchiveError(error, 'RESPONSE_TIMEOUT') ||
      isArchiveError(error, 'NOT_CONNECTED') ||
      isArchiveError(error, 'CLOSED') ||
      isArchiveError(error, 'REPLAY_LOST')
    if (!isLoss) throw error
    return undefined
  }
}

function failure(
  recordingId: bigint,
  reason: PersistentSubscriptionFailure,
  what: string,
  cause?: unknown,
): ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'> {
  return new ArchiveError(
    'PERSISTENT_SUBSCRIPTION_FAILED',
    `Cannot subscribe persistently to recording ${recordingId}: ${what}`,
    { recordingId, reason },
    cause === undefined ? {} : { cause },
  )
}
