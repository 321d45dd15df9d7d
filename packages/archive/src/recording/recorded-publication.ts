import { ChannelUri, type Publication } from '@x/client'
import { ArchiveError, ArchiveErrorCode } from '../archive-error.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import type { RequestRunner } from '../requests/request-runner.ts'
import { startRecording, stopRecordingSubscription } from '../requests/recording-requests.ts'

/** The channel narrowed to the stream of one session. */
export function withSessionId(channel: string, sessionId: number): string {
  return ChannelUri.parse(channel).put('session-id', String(sessionId)).toString()
}

/**
 * The steps that add a publication and start to record it; when that fails, the publication is closed.
 *
 * @param adding the steps that add it
 */
export function* recordedPublicationSteps<P extends Publication>(
  requests: RequestRunner,
  adding: RequestSteps<P>,
): RequestSteps<P> {
  const publication = yield* adding
  let isRecorded = false
  try {
    const { channel, streamId, sessionId } = publication
    if (!publication.isOriginal) {
      throw new ArchiveError(
        'ACTIVE_RECORDING',
        `Cannot record a new publication: "${channel}" stream ${streamId} is one that this Aeron client had before`,
        { errorCode: ArchiveErrorCode.ACTIVE_RECORDING, correlationId: publication.registrationId },
      )
    }
    const recordedChannel = withSessionId(channel, sessionId)
    const pending = requests.submit(
      `record "${recordedChannel}" stream ${streamId}`,
      startRecording(recordedChannel, streamId, {}),
      { onLateOk: (subscriptionId) => stopQuietly(requests, subscriptionId) },
    )
    yield* requests.response(pending)
    isRecorded = true
    return publication
  } finally {
    if (!isRecorded) publication.close()
  }
}

// The archive would wait for the publication for ever.
function stopQuietly(requests: RequestRunner, subscriptionId: bigint): void {
  if (!requests.session.isConnected) return
  requests.submit(`stop recording subscription ${subscriptionId}`, stopRecordingSubscription(subscriptionId))
}
