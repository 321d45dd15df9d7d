import type { Aeron, ConcurrentPublication, ExclusivePublication, Publication, Subscription } from '@x/client'
import type { ArchiveRequest, RequestSteps } from './archive-request.ts'
import { recordedPublicationSteps, withSessionId } from './recorded-publication.ts'
import type { RecordingDescriptor, RecordingSubscriptionDescriptor } from './recording-descriptor.ts'
import { exclusivePublicationSteps, publicationSteps, subscriptionSteps } from './registration-steps.ts'
import type { ReplayParams } from './replay-params.ts'
import type { RequestRunner } from './request-runner.ts'
import * as query from './requests/query-requests.ts'
import * as recording from './requests/recording-requests.ts'
import type { RecordingOptions } from './requests/recording-requests.ts'
import * as replays from './requests/replay-requests.ts'

/** Stands for all recordings. Protocol: Aeron's null value. */
const ALL_RECORDINGS = -1n

const ignoreRefusal = (): void => undefined

/**
 * What an archive can be asked; the part of the archive client that does not care how the session came about.
 *
 * Every method sends its request before it returns, and throws an `ArchiveError` CLOSED or NOT_CONNECTED when it cannot; what the archive says
 * comes with the request.
 */
export abstract class ArchiveRequests {
  /** The Aeron client in use. */
  readonly aeron: Aeron
  readonly #requests: RequestRunner

  constructor(aeron: Aeron, requests: RequestRunner) {
    this.aeron = aeron
    this.#requests = requests
  }

  /** Records every stream that comes on a channel and stream id. Gives the id of the archive's subscription. */
  startRecording(channel: string, streamId: number, options: RecordingOptions = {}): ArchiveRequest<bigint> {
    return this.#requests.id(
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
    return this.#requests.id(
      `extend recording ${recordingId}`,
      recording.extendRecording(recordingId, channel, streamId, options),
    )
  }

  /** Stops to record a channel and stream id; fails with UNKNOWN_SUBSCRIPTION when they are not recorded. */
  stopRecording(channel: string, streamId: number): ArchiveRequest<void> {
    return this.#requests.command(
      `stop to record "${channel}" stream ${streamId}`,
      recording.stopRecording(channel, streamId),
    )
  }

  /** As {@link stopRecording}; gives whether they were recorded. */
  tryStopRecording(channel: string, streamId: number): ArchiveRequest<boolean> {
    return this.#requests.attempt(
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
    return this.#requests.command(
      `stop recording subscription ${subscriptionId}`,
      recording.stopRecordingSubscription(subscriptionId),
    )
  }

  /** As {@link stopRecordingSubscription}; gives whether there was one. */
  tryStopRecordingSubscription(subscriptionId: bigint): ArchiveRequest<boolean> {
    return this.#requests.attempt(
      `stop recording subscription ${subscriptionId}`,
      recording.stopRecordingSubscription(subscriptionId),
      'UNKNOWN_SUBSCRIPTION',
    )
  }

  /** Stops a recording. Gives whether it was active. */
  stopRecordingByIdentity(recordingId: bigint): ArchiveRequest<boolean> {
    return this.#requests.flag(
      `stop recording ${recordingId}`,
      recording.stopRecordingByIdentity(recordingId),
    )
  }

  /** Cuts off what a stopped recording has after a position. Gives the number of files that go; RecordingSignal.DELETE says when they are gone. */
  truncateRecording(recordingId: bigint, position: number): ArchiveRequest<bigint> {
    return this.#requests.id(
      `truncate recording ${recordingId}`,
      recording.truncateRecording(recordingId, position),
    )
  }

  /** Removes a stopped recording. Gives the number of files that go; RecordingSignal.DELETE says when they are gone. */
  purgeRecording(recordingId: bigint): ArchiveRequest<bigint> {
    return this.#requests.id(`purge recording ${recordingId}`, recording.purgeRecording(recordingId))
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

  /** The descriptors of up to `count` recordings, by id, from `fromRecordingId`. */
  listRecordings(fromRecordingId: bigint, count: number): ArchiveRequest<readonly RecordingDescriptor[]> {
    return this.#requests.listing('list recordings', query.listRecordings(fromRecordingId, count), count)
  }

  /** As {@link listRecordings}, of those whose original channel holds `channelFragment`, and that have the stream id. */
  listRecordingsForUri(
    fromRecordingId: bigint,
    count: number,
    channelFragment: string,
    streamId: number,
  ): ArchiveRequest<readonly RecordingDescriptor[]> {
    return this.#requests.listing(
      `list recordings of "${channelFragment}" stream ${streamId}`,
      query.listRecordingsForUri(fromRecordingId, count, channelFragment, streamId),
      count,
    )
  }

  /** The descriptor of a recording; undefined when the archive has none with this id. */
  listRecording(recordingId: bigint): ArchiveRequest<RecordingDescriptor | undefined> {
    return this.#requests.single(`list recording ${recordingId}`, query.listRecording(recordingId))
  }

  /** The subscriptions that the archive records from, of one stream or of all; the order holds only while nothing changes. */
  listRecordingSubscriptions(
    pseudoIndex: number,
    count: number,
    channelFragment: string,
    streamId?: number,
  ): ArchiveRequest<readonly RecordingSubscriptionDescriptor[]> {
    return this.#requests.listing(
      'list recording subscriptions',
      query.listRecordingSubscriptions(pseudoIndex, count, channelFragment, streamId),
      count,
    )
  }

  /** The last recording with an id of at least `minRecordingId` that fits; -1 when none does. */
  findLastMatchingRecording(
    minRecordingId: bigint,
    channelFragment: string,
    streamId: number,
    sessionId: number,
  ): ArchiveRequest<bigint> {
    return this.#requests.id(
      `find a recording of "${channelFragment}" stream ${streamId} session ${sessionId}`,
      query.findLastMatchingRecording(minRecordingId, channelFragment, streamId, sessionId),
    )
  }

  /** Position in bytes at which a recording begins. */
  getStartPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.#requests.position(
      `get the start position of recording ${recordingId}`,
      query.startPosition(recordingId),
    )
  }

  /** Position in bytes that an active recording has come to; -1 for one that is not active. */
  getRecordingPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.#requests.position(
      `get the position of recording ${recordingId}`,
      query.recordingPosition(recordingId),
    )
  }

  /** Position in bytes at which a recording ends; -1 while it is active. */
  getStopPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.#requests.position(
      `get the stop position of recording ${recordingId}`,
      query.stopPosition(recordingId),
    )
  }

  /** Position in bytes that a recording has come to, active or stopped. */
  getMaxRecordedPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.#requests.position(
      `get the highest position of recording ${recordingId}`,
      query.maxRecordedPosition(recordingId),
    )
  }

  /**
   * Starts to replay a recording to a channel and stream id, where a subscription must be there within 5 s. Gives the replay session id; its
   * low 32 bits, signed, are the session id of the stream.
   */
  startReplay(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams = {},
  ): ArchiveRequest<bigint> {
    return this.#requests.id(
      `replay recording ${recordingId}`,
      replays.replay(recordingId, channel, streamId, params),
    )
  }

  /** Starts to replay a recording and adds the subscription that takes it, and nothing else. */
  replay(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams = {},
  ): ArchiveRequest<Subscription> {
    const requests = this.#requests
    const { aeron } = this
    const pending = requests.submit(
      `replay recording ${recordingId}`,
      replays.replay(recordingId, channel, streamId, params),
    )
    function* steps(): RequestSteps<Subscription> {
      const replaySessionId = yield* requests.response(pending)
      const replayChannel = withSessionId(channel, Number(BigInt.asIntN(32, replaySessionId)))
      return yield* subscriptionSteps(aeron, replayChannel, streamId, ignoreRefusal)
    }
    return requests.run(pending.correlationId, steps())
  }

  /** Stops a replay; one that has ended is no failure. */
  stopReplay(replaySessionId: bigint): ArchiveRequest<void> {
    return this.#requests.command(`stop replay ${replaySessionId}`, replays.stopReplay(replaySessionId))
  }

  /** Stops all replays of a recording, or of every recording. */
  stopAllReplays(recordingId: bigint = ALL_RECORDINGS): ArchiveRequest<void> {
    return this.#requests.command(
      `stop all replays of recording ${recordingId}`,
      replays.stopAllReplays(recordingId),
    )
  }

  #recorded<P extends Publication>(adding: RequestSteps<P>): ArchiveRequest<P> {
    return this.#requests.run(
      this.aeron.nextCorrelationId(),
      recordedPublicationSteps(this.#requests, adding),
    )
  }
}
