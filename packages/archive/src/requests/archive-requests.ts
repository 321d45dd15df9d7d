import type { Subscription } from '@x/client'
import { ArchiveFeature } from './archive-release.ts'
import type { ArchiveRequest, RequestSteps } from './archive-request.ts'
import type { LateErrors } from '../session/late-errors.ts'
import { messagesOf, type StreamMessage } from '../replay/message-stream.ts'
import {
  openReplaySteps,
  replayOverResponseSteps,
  stopQuietly,
  type OpenReplay,
  type ReplayStep,
} from '../replay/open-replay.ts'
import { RecordingStorage } from '../recording/recording-storage.ts'
import { ReplayMessages } from '../replay/replay-messages.ts'
import { REPLAY_ALL_AND_STOP, type ReplayParams } from '../replay/replay-params.ts'
import * as replays from './replay-requests.ts'
import { hasResponseMode } from '../connect/response-mode.ts'

/** Stands for all recordings. Protocol: Aeron's null value. */
const ALL_RECORDINGS = -1n

/**
 * The requests of an archive client; the part of it that does not depend on how the session was opened.
 *
 * Every method sends its request before it returns, and throws an `ArchiveError` CLOSED or NOT_CONNECTED if it cannot. The archive's response settles the
 * returned request.
 */
export abstract class ArchiveRequests extends RecordingStorage {
  /**
   * Starts a replay of a recording to a channel and stream id, for which there must be a subscription within 5 s. The result is the replay session id; its low
   * 32 bits, signed, are the session id of the stream.
   *
   * @throws ArchiveError ARCHIVE_TOO_OLD for `REPLAY_ALL_AND_STOP` and for `control-mode=response` if the archive does not support them
   * @throws TypeError for a channel with `control-mode=response` but without `subscriptionRegistrationId` in the params
   */
  startReplay(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams = {},
  ): ArchiveRequest<bigint> {
    const action = `replay recording ${recordingId}`
    this.#checkReplay(action, channel, params)
    if (!hasResponseMode(channel) || params.replayToken !== undefined) {
      return this.requests.id(action, replays.replay(recordingId, channel, streamId, params), {
        onLateOk: (replaySessionId) => stopQuietly(this.requests, replaySessionId),
      })
    }
    const { subscriptionRegistrationId } = params
    if (subscriptionRegistrationId === undefined) {
      throw new TypeError(
        `Cannot ${action}: a replay to "${channel}" needs the subscriptionRegistrationId of the subscription that takes it`,
      )
    }
    const { requests, aeron } = this
    requests.session.checkAlive(action)
    const correlationId = aeron.nextCorrelationId()
    const replay = { recordingId, channel, streamId, params, correlationId }
    return requests.run(correlationId, replayOverResponseSteps(requests, replay, subscriptionRegistrationId))
  }

  /**
   * Adds a subscription and starts a replay of a recording to it. The subscription receives nothing else. The channel may be IPC, UDP with an endpoint on this
   * machine (port 0 is possible), or have `control-mode=response` with the archive's `control` address.
   */
  replay(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams = {},
  ): ArchiveRequest<Subscription> {
    const { correlationId, steps } = this.#opening(recordingId, channel, streamId, params)
    function* subscriptionSteps(): RequestSteps<Subscription> {
      return (yield* steps).subscription
    }
    return this.requests.run(correlationId, subscriptionSteps())
  }

  /** Like {@link replay}, but returns the replay session id along with the subscription. `onStep` is called with its progress. */
  openReplay(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams = {},
    onStep?: (step: ReplayStep, refusal?: Error) => void,
  ): ArchiveRequest<OpenReplay> {
    const { correlationId, steps } = this.#opening(recordingId, channel, streamId, params, onStep)
    return this.requests.run(correlationId, steps)
  }

  /**
   * Replays a recording message by message: `for await (const message of archive.replayMessages(...))`. Messages are reassembled and copied. The iteration ends
   * when the replay does, and leaving the loop stops the replay.
   *
   * @throws ArchiveError REPLAY_LOST when the replay ends before everything has been read, or an error of the archive
   */
  async *replayMessages(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams & { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<StreamMessage, void, undefined> {
    const { signal, ...rest } = params
    signal?.throwIfAborted()
    const opening = this.openReplay(recordingId, channel, streamId, rest)
    const opened = await (signal === undefined ? opening : opening.withSignal(signal))
    const messages = new ReplayMessages(this.requests, recordingId, opened, rest)
    try {
      yield* messagesOf(messages, signal)
      await messages.checkComplete()
    } finally {
      messages.close()
    }
  }

  /** @internal What the archive says about a request after it has answered it with an OK. */
  get lateErrors(): LateErrors {
    return this.requests.session.lateErrors
  }

  /** Stops a replay. It is not an error if the replay has already ended, except with archives before 1.47 (UNKNOWN_REPLAY). */
  stopReplay(replaySessionId: bigint): ArchiveRequest<void> {
    return this.requests.command(`stop replay ${replaySessionId}`, replays.stopReplay(replaySessionId))
  }

  /** Stops all replays of a recording, or of every recording. */
  stopAllReplays(recordingId: bigint = ALL_RECORDINGS): ArchiveRequest<void> {
    return this.requests.command(
      `stop all replays of recording ${recordingId}`,
      replays.stopAllReplays(recordingId),
    )
  }

  #opening(
    recordingId: bigint,
    channel: string,
    streamId: number,
    params: ReplayParams,
    onStep?: (step: ReplayStep, refusal?: Error) => void,
  ): { readonly correlationId: bigint; readonly steps: RequestSteps<OpenReplay> } {
    const { requests, aeron } = this
    const action = `replay recording ${recordingId}`
    requests.session.checkAlive(action)
    this.#checkReplay(action, channel, params)
    const correlationId = aeron.nextCorrelationId()
    const order = { recordingId, channel, streamId, params, correlationId }
    return { correlationId, steps: openReplaySteps(requests, order, onStep) }
  }

  #checkReplay(action: string, channel: string, { length }: ReplayParams): void {
    if (hasResponseMode(channel)) this.requests.need(action, ArchiveFeature.REPLAY_TOKEN)
    if (length === REPLAY_ALL_AND_STOP) this.requests.need(action, ArchiveFeature.REPLAY_ALL_AND_STOP)
  }
}
