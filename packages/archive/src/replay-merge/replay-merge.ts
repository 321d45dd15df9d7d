import { ChannelUri, FragmentAssembler, type FragmentHandler, type Image } from '@x/client'
import { tryAddDestination } from '@x/client/internal'
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { AeronArchive } from '../aeron-archive.ts'
import { ArchiveError } from '../archive-error.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import { messagesOf, type StreamMessage } from '../replay/message-stream.ts'
import { streamSessionId } from '../replay/open-replay.ts'
import {
  resolveReplayMergeOptions,
  type ReplayMergeOptions,
  type ResolvedReplayMergeOptions,
} from './replay-merge-options.ts'

/** State of a merge. Source: the states of Aeron's ReplayMerge. */
export const ReplayMergeState = {
  /** Waiting for the port that the driver assigns to the replay destination. */
  RESOLVE_REPLAY_PORT: 'RESOLVE_REPLAY_PORT',
  /** Asking how far the recording has come. */
  GET_RECORDING_POSITION: 'GET_RECORDING_POSITION',
  /** Waiting for the archive to start the replay. */
  REPLAY: 'REPLAY',
  /** Messages come from the recording. */
  CATCHUP: 'CATCHUP',
  /** Asking how far the recording has come, to add the live stream or to drop the replay. */
  ATTEMPT_LIVE_JOIN: 'ATTEMPT_LIVE_JOIN',
  /** Messages come from the live stream alone. */
  MERGED: 'MERGED',
  FAILED: 'FAILED',
  CLOSED: 'CLOSED',
} as const

/** State of a merge. */
export type ReplayMergeState = (typeof ReplayMergeState)[keyof typeof ReplayMergeState]

/** Most bytes that the replay may be behind when the live stream is added. Source: Aeron's ReplayMerge. */
const LIVE_ADD_MAX_WINDOW = 32 * 1024 * 1024
/** The part of a term that it may be behind. Source: Aeron's ReplayMerge. */
const LIVE_ADD_DIVISOR = 4
/** Transports of an image that both streams feed. Source: Aeron's ReplayMerge. */
const MERGED_TRANSPORT_COUNT = 2
/** Between questions for the position of the recording, in milliseconds, at first and at last. Source: Aeron's ReplayMerge. */
const INITIAL_BACKOFF_MS = 8
const MAX_BACKOFF_MS = 500
/** Fragments that one poll of {@link ReplayMerge.merged} takes at most. Ours: some hundred kilobytes. */
const FRAGMENT_LIMIT = 128
/** Between two polls that find nothing, in milliseconds. Ours: the least that a timer can do. */
const IDLE_MS = 1
/** Length of a replay that has no end. Ours: the archive takes any int64, and no position here is above it. */
const UNBOUNDED = Number.MAX_SAFE_INTEGER

/**
 * Replays a recording from a position and merges it with the live stream, in one image and without a gap. Corresponds to
 * `io.aeron.archive.client.ReplayMerge`.
 *
 * Call {@link poll}, or call {@link doWork} and poll the {@link image}, until {@link isMerged}. Then close the merge and continue with the image or the subscription.
 * One archive client can serve any number of merges at once. For UDP only.
 */
export class ReplayMerge implements Disposable {
  readonly #archive: AeronArchive
  readonly #options: ResolvedReplayMergeOptions
  readonly #steps: RequestSteps<void>
  readonly #onLateError = (error: Error): void => void (this.#lateError ??= error)
  #state: ReplayMergeState = ReplayMergeState.GET_RECORDING_POSITION
  #replaySessionId: bigint | undefined = undefined
  #replayRequestId = -1n
  #lateError: Error | undefined = undefined
  #isReplayRefused = false
  #image: Image | undefined = undefined
  #isLiveAdded = false
  #isInTurn = false
  #progressMs = performance.now()
  #progressPosition = -1
  #backoffMs = INITIAL_BACKOFF_MS
  #nextQuestionMs = 0

  /**
   * Adds the replay destination to the subscription.
   *
   * @throws TypeError | RangeError | SyntaxError for invalid options
   */
  constructor(archive: AeronArchive, options: ReplayMergeOptions) {
    this.#archive = archive
    this.#options = resolveReplayMergeOptions(options)
    if (this.#options.replayEndpoint === undefined) this.#state = ReplayMergeState.RESOLVE_REPLAY_PORT
    tryAddDestination(this.#options.subscription, this.#options.replayDestination, (error) => {
      this.#isReplayRefused = true
      this.#onLateError(error)
    })
    this.#steps = this.#mergeSteps()
  }

  /** State of the merge. */
  get state(): ReplayMergeState {
    return this.#state
  }

  /** The image, first of the replay and then of the live stream; undefined until the replay has started. */
  get image(): Image | undefined {
    return this.#image
  }

  /** Whether the merge is complete: the live stream has been joined and the replay dropped. */
  get isMerged(): boolean {
    return this.#state === ReplayMergeState.MERGED
  }

  /** Whether the merge has failed. */
  get hasFailed(): boolean {
    return this.#state === ReplayMergeState.FAILED
  }

  /** Whether the live destination has been added to the subscription; it stays there. */
  get isLiveAdded(): boolean {
    return this.#isLiveAdded
  }

  /**
   * Advances the merge; for callers that poll the image themselves.
   *
   * @returns how much was done
   * @throws ArchiveError REPLAY_MERGE_FAILED, once
   */
  doWork(): number {
    if (this.#isOver) return 0
    const before = this.#state
    this.#isInTurn = true
    try {
      const work = this.#archive.doWork()
      if (this.#lateError !== undefined) throw this.#lateError
      if (this.#steps.next().done !== true) this.#checkProgress()
      return work + (before === this.#state ? 0 : 1)
    } catch (error) {
      if (this.#isClosed) return 0
      const failure = this.#failure(error)
      this.#end()
      this.#enter(ReplayMergeState.FAILED)
      throw failure
    } finally {
      this.#isInTurn = false
      if (this.#isClosed) this.#end()
    }
  }

  /**
   * Advances the merge and passes up to `fragmentLimit` fragments to `handler`.
   *
   * @returns the number of fragments
   * @throws ArchiveError REPLAY_MERGE_FAILED, once
   */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    this.doWork()
    return this.#image?.poll(handler, fragmentLimit) ?? 0
  }

  /** Polls until the merge is complete, and passes each fragment to `handler`. Rejects with what {@link poll} throws, or the reason of the signal. */
  async merged(
    handler: FragmentHandler,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Image | undefined> {
    while (!this.#isOver) {
      signal?.throwIfAborted()
      const work = this.poll(handler, FRAGMENT_LIMIT)
      await (work > 0 ? setImmediate() : setTimeout(IDLE_MS))
    }
    return this.#image
  }

  /**
   * Iterates over the messages, copied: those of the replay, then those of the live stream until it ends. Throws what {@link poll} throws, or the reason of the
   * signal.
   */
  messages({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<
    StreamMessage,
    void,
    undefined
  > {
    let handler: FragmentHandler = () => undefined
    const assembler = new FragmentAssembler((buffer, offset, length, header) =>
      handler(buffer, offset, length, header),
    )
    const hasEnded = (): boolean => this.#isOver && this.#image?.isClosed !== false
    return messagesOf(
      {
        poll: (taking, fragmentLimit) => {
          handler = taking
          return this.poll(assembler.onFragment, fragmentLimit)
        },
        get hasEnded() {
          return hasEnded()
        },
      },
      signal,
    )
  }

  [Symbol.asyncIterator](): AsyncGenerator<StreamMessage, void, undefined> {
    return this.messages()
  }

  /** Ends the merge: stops a running replay, and keeps the live destination. In a handler it takes effect after the turn. Does nothing when already closed. */
  close(): void {
    if (this.#isClosed) return
    const hasEnded = this.#isOver
    this.#enter(ReplayMergeState.CLOSED)
    if (!hasEnded && !this.#isInTurn) this.#end()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get #isOver(): boolean {
    return (
      this.#state === ReplayMergeState.MERGED || this.#state === ReplayMergeState.FAILED || this.#isClosed
    )
  }

  get #isClosed(): boolean {
    return this.#state === ReplayMergeState.CLOSED
  }

  *#mergeSteps(): RequestSteps<void> {
    const endpoint = yield* this.#endpointSteps()
    this.#enter(ReplayMergeState.GET_RECORDING_POSITION)
    let target = yield* this.#recordedPositionSteps()
    yield* this.#replaySteps(endpoint)
    for (;;) {
      this.#enter(ReplayMergeState.CATCHUP)
      const image = yield* this.#catchUpSteps(target)
      this.#enter(ReplayMergeState.ATTEMPT_LIVE_JOIN)
      target = yield* this.#recordedPositionSteps()
      const behind = target - image.position
      if (!this.#isLiveAdded) {
        if (behind <= Math.min(image.termBufferLength / LIVE_ADD_DIVISOR, LIVE_ADD_MAX_WINDOW)) {
          tryAddDestination(this.#options.subscription, this.#options.liveDestination, this.#onLateError)
          this.#isLiveAdded = true
          this.#onProgress()
        }
      } else if (behind <= 0 && image.activeTransportCount >= MERGED_TRANSPORT_COUNT) {
        this.#release()
        this.#enter(ReplayMergeState.MERGED)
        return
      }
    }
  }

  *#endpointSteps(): RequestSteps<string> {
    const { replayEndpoint, replayDestination, subscription } = this.#options
    if (replayEndpoint !== undefined) return replayEndpoint
    for (;;) {
      const address = subscription.localSocketAddresses[0]
      if (address !== undefined) {
        const host = ChannelUri.parse(replayDestination).get('endpoint')?.slice(0, -1) ?? ''
        return host + address.slice(address.lastIndexOf(':') + 1)
      }
      yield undefined
    }
  }

  // The questions become rarer: the archive has others to serve.
  *#recordedPositionSteps(): RequestSteps<number> {
    for (;;) {
      while (performance.now() < this.#nextQuestionMs) yield undefined
      this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS)
      this.#nextQuestionMs = performance.now() + this.#backoffMs
      const asking = this.#archive.getMaxRecordedPosition(this.#options.recordingId)
      while (!asking.poll()) yield undefined
      // A handler that was called meanwhile may have closed the merge: then it ends here.
      if (this.#isClosed) yield undefined
      this.#onProgress()
      if (asking.result >= 0) return asking.result
    }
  }

  *#replaySteps(endpoint: string): RequestSteps<void> {
    const { recordingId, replayChannel, startPosition, subscription } = this.#options
    this.#enter(ReplayMergeState.REPLAY)
    const channel = ChannelUri.parse(replayChannel).put('endpoint', endpoint).toString()
    const asking = this.#archive.startReplay(recordingId, channel, subscription.streamId, {
      position: startPosition,
      length: UNBOUNDED - startPosition,
    })
    this.#replayRequestId = asking.correlationId
    this.#archive.lateErrors.add(asking.correlationId, this.#onLateError)
    try {
      while (!asking.poll()) yield undefined
    } finally {
      asking.cancel()
    }
    this.#replaySessionId = asking.result
    this.#backoffMs = INITIAL_BACKOFF_MS
    this.#nextQuestionMs = 0
    this.#onProgress()
  }

  *#catchUpSteps(target: number): RequestSteps<Image> {
    const { subscription } = this.#options
    const sessionId = streamSessionId(this.#replaySessionId ?? 0n)
    for (;;) {
      this.#image ??= subscription.imageBySessionId(sessionId)
      const image = this.#image
      if (image !== undefined) {
        const { position } = image
        if (position > this.#progressPosition) this.#onProgress()
        this.#progressPosition = position
        if (position >= target) return image
        if (image.isClosed) throw new TypeError(`its image was closed at position ${position}`)
      }
      yield undefined
    }
  }

  #checkProgress(): void {
    const { mergeProgressTimeoutMs } = this.#options
    if (performance.now() <= this.#progressMs + mergeProgressTimeoutMs) return
    throw new TypeError(`there was no progress in mergeProgressTimeoutMs of ${mergeProgressTimeoutMs}`)
  }

  #failure(cause: unknown): ArchiveError<'REPLAY_MERGE_FAILED'> {
    const { recordingId } = this.#options
    const activeTransportCount = this.#image?.activeTransportCount ?? 0
    const what = cause instanceof Error ? cause.message : String(cause)
    return new ArchiveError(
      'REPLAY_MERGE_FAILED',
      `Cannot merge the replay of recording ${recordingId} in state ${this.#state} with ${activeTransportCount} transports: ${what}`,
      { recordingId, state: this.#state, activeTransportCount },
      { cause },
    )
  }

  #enter(state: ReplayMergeState): void {
    if (!this.#isClosed) this.#state = state
  }

  #end(): void {
    this.#steps.return()
    this.#release()
  }

  #onProgress(): void {
    this.#progressMs = performance.now()
  }

  // The subscription takes the replay no more, and the archive need not send it.
  #release(): void {
    const { subscription, replayDestination } = this.#options
    if (!this.#archive.aeron.isClosed && !subscription.isClosed && !this.#isReplayRefused) {
      subscription.asyncRemoveDestination(replayDestination)
    }
    if (this.#replaySessionId !== undefined && this.#archive.isConnected) {
      this.#archive.stopReplay(this.#replaySessionId)
    }
    this.#replaySessionId = undefined
    this.#archive.lateErrors.remove(this.#replayRequestId, this.#onLateError)
  }
}
