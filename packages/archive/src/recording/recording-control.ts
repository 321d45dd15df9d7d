import type { Aeron, ConcurrentPublication, ExclusivePublication, Publication } from '@x/client'
import type { ArchiveRequest, RequestSteps } from '../requests/archive-request.ts'
import { recordedPublicationSteps, withSessionId } from './recorded-publication.ts'
import { exclusivePublicationSteps, publicationSteps } from '../requests/registration-steps.ts'
import type { RequestRunner } from '../requests/request-runner.ts'
import * as recording from '../requests/recording-requests.ts'
import type { RecordingOptions } from '../requests/recording-requests.ts'

const ignoreRefusal = (): void => undefined

/** What an archive can be asked: to record and to stop. */
export abstract class RecordingControl {
  /** The Aeron client in use. */
  readonly aeron: Aeron
  /** @internal */
  protected readonly requests: RequestRunner

  constructor(aeron: Aeron, requests: RequestRunner) {
    this.aeron = aeron
    this.requests = requests
  }

  /** Records every stream that comes on a channel and stream id. Gives the id of the archive's subscription. */
  startRecording(channel: string, streamId: number, options: RecordingOptions = {}): ArchiveRequest<bigint> {
    return this.requests.id(
      `record "${channel}" stream ${streamId}`,
      recording.startRecording(channel, streamId, options),
    )
  }

  /** Goes on with a recording that was stopped, with a stream that begins where it ends. Gives the id of the archive's subscription. */
  extendRecording(
    recordingId: bigint,
    channel: string,
    streamId: number,
    options: RecordingOptions = {},
  ): ArchiveRequest<bigint> {
    return this.requests.id(
      `extend recording ${recordingId}`,
      recording.extendRecording(recordingId, channel, streamId, options),
    )
  }

  /** Stops to record a channel and stream id; fails with UNKNOWN_SUBSCRIPTION when they are not recorded. */
  stopRecording(channel: string, streamId: number): ArchiveRequest<void> {
    return this.requests.command(
      `stop to record "${channel}" stream ${streamId}`,
      recording.stopRecording(channel, streamId),
    )
  }

  /** As {@link stopRecording}; gives whether they were recorded. */
  tryStopRecording(channel: string, streamId: number): ArchiveRequest<boolean> {
    return this.requests.attempt(
      `stop to record "${channel}" stream ${streamId}`,
      recording.stopRecording(channel, streamId),
      'UNKNOWN_SUBSCRIPTION',
    )
  }

  /** Stops to record a publication that was recorded by its session, as {@link addRecordedExclusivePublication} does. */
  stopRecordingOf(publication: Publication): ArchiveRequest<void> {
    return this.stopRecording(withSessionId(publication.channel, publication.sessionId), publication.streamId)
  }

  /** Stops to record with a subscription of the archive, as {@link startRecording} gives it; UNKNOWN_SUBSCRIPTION when there is none. */
  stopRecordingSubscription(subscriptionId: bigint): ArchiveRequest<void> {
    return this.requests.command(
      `stop recording subscription ${subscriptionId}`,
      recording.stopRecordingSubscription(subscriptionId),
    )
  }

  /** As {@link stopRecordingSubscription}; gives whether there was one. */
  tryStopRecordingSubscription(subscriptionId: bigint): ArchiveRequest<boolean> {
    return this.requests.attempt(
      `stop recording subscription ${subscriptionId}`,
      recording.stopRecordingSubscription(subscriptionId),
      'UNKNOWN_SUBSCRIPTION',
    )
  }

  /** Stops a recording. Gives whether it was active. */
  stopRecordingByIdentity(recordingId: bigint): ArchiveRequest<boolean> {
    return this.requests.flag(`stop recording ${recordingId}`, recording.stopRecordingByIdentity(recordingId))
  }

  /** Adds an exclusive publication and starts to record it, and it alone. */
  addRecordedExclusivePublication(channel: string, streamId: number): ArchiveRequest<ExclusivePublication> {
    const steps = exclusivePublicationSteps(this.aeron, channel, streamId, ignoreRefusal)
    return this.#recorded(steps)
  }

  /**
   * Adds a publication and starts to record it, and it alone.
   *
   * Fails with ACTIVE_RECORDING when this Aeron client has the publication already: then something may have been published before.
   */
  addRecordedPublication(channel: string, streamId: number): ArchiveRequest<ConcurrentPublication> {
    const steps = publicationSteps(this.aeron, channel, streamId, ignoreRefusal)
    return this.#recorded(steps)
  }

  #recorded<P extends Publication>(adding: RequestSteps<P>): ArchiveRequest<P> {
    return this.requests.run(this.aeron.nextCorrelationId(), recordedPublicationSteps(this.requests, adding))
  }
}
