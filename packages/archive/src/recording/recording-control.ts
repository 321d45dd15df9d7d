import type { Aeron, ConcurrentPublication, ExclusivePublication, Publication } from '@x/client'
import type { ArchiveRequest, RequestSteps } from '../requests/archive-request.ts'
import { recordedPublicationSteps, withSessionId } from './recorded-publication.ts'
import { exclusivePublicationSteps, publicationSteps } from '../requests/registration-steps.ts'
import type { RequestRunner } from '../requests/request-runner.ts'
import * as recording from '../requests/recording-requests.ts'
import type { RecordingOptions } from '../requests/recording-requests.ts'

const ignoreRefusal = (): void => undefined

/** Requests to an archive: starting and stopping recordings. */
export abstract class RecordingControl {
  /** The Aeron client in use. */
  readonly aeron: Aeron
  /** @internal */
  protected readonly requests: RequestRunner

  constructor(aeron: Aeron, requests: RequestRunner) {
    this.aeron = aeron
    this.requests = requests
  }

  /** Starts recording every session that appears on a channel and stream id. The result is the id of the archive's subscription. */
  startRecording(channel: string, streamId: number, options: RecordingOptions = {}): ArchiveRequest<bigint> {
    return this.requests.id(
      `record "${channel}" stream ${streamId}`,
      recording.startRecording(channel, streamId, options),
    )
  }

  /** Extends a stopped recording with a stream that begins where the recording ends. The result is the id of the archive's subscription. */
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

  /** Stops recording a channel and stream id. Fails with UNKNOWN_SUBSCRIPTION if they are not being recorded. */
  stopRecording(channel: string, streamId: number): ArchiveRequest<void> {
    return this.requests.command(
      `stop to record "${channel}" stream ${streamId}`,
      recording.stopRecording(channel, streamId),
    )
  }

  /** Like {@link stopRecording}, but the result is whether they were being recorded. */
  tryStopRecording(channel: string, streamId: number): ArchiveRequest<boolean> {
    return this.requests.attempt(
      `stop to record "${channel}" stream ${streamId}`,
      recording.stopRecording(channel, streamId),
      'UNKNOWN_SUBSCRIPTION',
    )
  }

  /** Stops recording a publication that is recorded by its session, as by {@link addRecordedExclusivePublication}. */
  stopRecordingOf(publication: Publication): ArchiveRequest<void> {
    return this.stopRecording(withSessionId(publication.channel, publication.sessionId), publication.streamId)
  }

  /** Stops recording with a subscription of the archive, given by the id from {@link startRecording}. Fails with UNKNOWN_SUBSCRIPTION if there is none. */
  stopRecordingSubscription(subscriptionId: bigint): ArchiveRequest<void> {
    return this.requests.command(
      `stop recording subscription ${subscriptionId}`,
      recording.stopRecordingSubscription(subscriptionId),
    )
  }

  /** Like {@link stopRecordingSubscription}, but the result is whether there was one. */
  tryStopRecordingSubscription(subscriptionId: bigint): ArchiveRequest<boolean> {
    return this.requests.attempt(
      `stop recording subscription ${subscriptionId}`,
      recording.stopRecordingSubscription(subscriptionId),
      'UNKNOWN_SUBSCRIPTION',
    )
  }

  /** Stops a recording. The result is whether it was active. */
  stopRecordingByIdentity(recordingId: bigint): ArchiveRequest<boolean> {
    return this.requests.flag(`stop recording ${recordingId}`, recording.stopRecordingByIdentity(recordingId))
  }

  /** Adds an exclusive publication and starts recording it, and nothing else. */
  addRecordedExclusivePublication(channel: string, streamId: number): ArchiveRequest<ExclusivePublication> {
    const steps = exclusivePublicationSteps(this.aeron, channel, streamId, ignoreRefusal)
    return this.#recorded(steps)
  }

  /**
   * Adds a publication and starts recording it, and nothing else.
   *
   * Fails with ACTIVE_RECORDING if this Aeron client already has the publication, because something may have been published before.
   */
  addRecordedPublication(channel: string, streamId: number): ArchiveRequest<ConcurrentPublication> {
    const steps = publicationSteps(this.aeron, channel, streamId, ignoreRefusal)
    return this.#recorded(steps)
  }

  #recorded<P extends Publication>(adding: RequestSteps<P>): ArchiveRequest<P> {
    return this.requests.run(this.aeron.nextCorrelationId(), recordedPublicationSteps(this.requests, adding))
  }
}
