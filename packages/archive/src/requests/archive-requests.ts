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
 * What an archive can be asked; the part of the archive client that does not care how the session came about.
 *
 * Every method sends its request before it returns, and throws an `ArchiveError` CLOSED or NOT_CONNECTED when it cannot; what the archive says
 * comes with the request.
 */
export abstract class ArchiveRequests extends RecordingStorage {
  /**
   * Starts to replay a recording to a channel and stream id, where a subscription must be there within 5 s. Gives the replay session id; its
   * low 32 bits, signed, are the session id of the stream.
   *
   * @throws ArchiveError ARCHIVE_TOO_OLD for `REPLAY_ALL_AND_STOP` and for `control-mode=response` where the archive does not know them
   * @throws TypeError for a channel with `control-mode=response` without `subscriptionRegistrationId` in the params
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
   * Adds a subscription and starts to replay a recording to it, and nothing else. The channel may be IPC, UDP with an endpoint of this machine, whose port may be
   * 0, or have `control-mode=response` with the archive's `control` address.
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

  /** As {@link replay}; gives the replay session id with the subscription. `onStep` is told how far it has come. */
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
   * Replays a recording message by message: `for await (const message of archive.replayMessages(...))`. The messages are whole, and copies. It ends with the
   * replay; leaving the loop stops the replay.
   *
   * @throws ArchiveError REPLAY_LOST when the replay ends before all of it was read, or as the archive refuses
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

  /** Stops a replay; one that has ended is no failure, but UNKNOWN_REPLAY to an archive before 1.47. */
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
