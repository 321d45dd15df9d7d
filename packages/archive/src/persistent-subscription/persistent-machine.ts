import { Action, isAeronError, type Aeron, type ControlledFragmentHandler, type Image } from '@x/client'
import type { AeronArchive } from '../aeron-archive.ts'
import type { ArchiveError } from '../archive-error.ts'
import { ArchiveLink } from './archive-link.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import { LiveLeg } from './live-leg.ts'
import { MessageAssembler } from './message-assembler.ts'
import { PersistentSubscriptionCounters } from './persistent-subscription-counters.ts'
import { checkRecording, failureOf, withoutLosses } from './persistent-subscription-failure.ts'
import type { ResolvedPersistentSubscriptionOptions } from './persistent-subscription-options.ts'
import {
  PersistentSubscriptionState,
  type PersistentSubscriptionStateName,
} from './persistent-subscription-state.ts'
import type { RecordingDescriptor } from '../recording/recording-descriptor.ts'
import { ReplayLeg } from './replay-leg.ts'
import { StreamSwitch } from './stream-switch.ts'

const DEFAULT_MESSAGE_TIMEOUT_MS = 10_000

/** Interval in milliseconds at which a recording that is behind is queried. Ours: it takes a few turns of the archive to catch up. */
const BEHIND_INTERVAL_MS = 10

/** States in which the loss of the archive changes nothing: it is not needed, or not there yet. */
const STATES_WITHOUT_ARCHIVE: ReadonlySet<PersistentSubscriptionStateName> = new Set([
  'AWAIT_ARCHIVE_CONNECTION',
  'ATTEMPT_SWITCH',
  'LIVE',
  'FAILED',
])

/** The state machine of a persistent subscription. Source: `io.aeron.archive.client.PersistentSubscription`. */
export class PersistentMachine {
  readonly #options: ResolvedPersistentSubscriptionOptions
  readonly #aeron: Aeron
  readonly #messageTimeoutMs: number
  readonly #link: ArchiveLink
  readonly #counters: PersistentSubscriptionCounters
  readonly #assembler = new MessageAssembler((buffer, offset, length, header) =>
    this.#handler(buffer, offset, length, header),
  )
  #handler: ControlledFragmentHandler = () => Action.ABORT
  #state: PersistentSubscriptionStateName = 'AWAIT_ARCHIVE_CONNECTION'
  // Makes a replay or a live stream ready; undefined while messages come.
  #preparing: RequestSteps<void> | undefined
  #replay: ReplayLeg | undefined = undefined
  #live: LiveLeg | undefined = undefined
  #liveImage: Image | undefined = undefined
  #switch: StreamSwitch | undefined = undefined
  #position: number
  #lastLivePosition = -1
  #failureReason: ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'> | undefined = undefined
  #isInTurn = false
  #isClosed = false

  constructor(options: ResolvedPersistentSubscriptionOptions, aeron: Aeron) {
    const { archive, startPosition } = options
    this.#options = options
    this.#aeron = aeron
    this.#messageTimeoutMs = archive.messageTimeoutMs ?? DEFAULT_MESSAGE_TIMEOUT_MS
    this.#position = startPosition
    this.#link = new ArchiveLink(
      aeron,
      archive,
      () => this.#onDisconnected(),
      (error) => this.#onError(error),
    )
    this.#counters = new PersistentSubscriptionCounters(aeron, options)
  }

  get state(): PersistentSubscriptionStateName {
    return this.#state
  }

  /** Position in bytes after the last message delivered, or else the start position. */
  get position(): number {
    return this.#assembler.openPosition ?? this.#streamPosition
  }

  get failureReason(): ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'> | undefined {
    return this.#failureReason
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** One turn. Returns how much was done. */
  doWork(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    if (this.#isClosed || this.#state === 'FAILED') return 0
    this.#handler = handler
    this.#isInTurn = true
    try {
      return this.#attempt(() => this.#maintain()) + this.#turn(fragmentLimit)
    } finally {
      this.#isInTurn = false
      if (this.#isClosed) this.#release()
    }
  }

  /** Closes the replay and the subscriptions; in a handler, after the turn. Does nothing when already closed. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (!this.#isInTurn) this.#release()
  }

  // Where the stream goes on; what has come of an unfinished message is kept.
  get #streamPosition(): number {
    return this.#replay?.image?.position ?? this.#liveImage?.position ?? this.#position
  }

  #turn(fragmentLimit: number): number {
    if (this.#isClosed || this.#state === 'FAILED') return 0
    if (this.#state === 'REPLAY') {
      return this.#attempt(() => this.#seekLive()) + this.#deliverReplay(fragmentLimit)
    }
    if (this.#state === 'ATTEMPT_SWITCH') return this.#attemptSwitch(fragmentLimit)
    if (this.#state === 'LIVE') return this.#deliverLive(fragmentLimit)
    return this.#attempt(() => this.#prepare())
  }

  // An error in here ends the subscription. What the application's handler throws does not pass here.
  #attempt(turn: () => number): number {
    try {
      return turn()
    } catch (error) {
      if (isAeronError(error, 'UNHANDLED_ERROR')) this.#onForeignError(error)
      else this.#fail(failureOf(this.#options.recordingId, error))
      return 1
    }
  }

  // A callback of the given Aeron client has thrown earlier, and the next call that adds something throws it, once. Here that was a subscription: add it again.
  #onForeignError(error: Error): void {
    if (this.#state === 'REPLAY') this.#dropLive()
    else this.#restart()
    this.#onError(error)
  }

  #maintain(): number {
    if (this.#aeron.isClosed) throw this.#aeron.closeCause ?? new TypeError('the Aeron client is closed')
    const work = this.#aeron.conductorAgentInvoker?.invoke() ?? 0
    try {
      this.#counters.poll()
    } catch (error) {
      this.#onError(error as Error)
    }
    return work + this.#link.poll()
  }

  #prepare(): number {
    const before = this.#state
    this.#preparing ??= this.#prepareSteps()
    const { done } = this.#preparing.next()
    if (done === true) this.#preparing = undefined
    return before === this.#state ? 0 : 1
  }

  // Until there is a replay or a live stream. An archive that does not answer is asked again.
  *#prepareSteps(): RequestSteps<void> {
    for (;;) {
      this.#enter('AWAIT_ARCHIVE_CONNECTION')
      let archive = this.#link.archive
      while (archive === undefined) {
        yield undefined
        archive = this.#link.archive
      }
      const isReady = yield* withoutLosses(this.#startSteps(archive))
      if (isReady === true) return
    }
  }

  *#startSteps(archive: AeronArchive): RequestSteps<boolean> {
    const { recordingId, liveStreamId } = this.#options
    this.#counters.setJoinDifference(undefined)
    this.#enter('SEND_LIST_RECORDING_REQUEST')
    const listing = archive.listRecording(recordingId)
    this.#enter('AWAIT_LIST_RECORDING_RESPONSE')
    while (!listing.poll()) yield undefined
    const plan = checkRecording(listing.result, {
      recordingId,
      liveStreamId,
      position: this.#position,
      lastLivePosition: this.#lastLivePosition,
    })
    this.#position = plan.position
    if (plan.isLive) return yield* this.#joinSteps()
    if (yield* this.#isBehindSteps(archive, plan.recording)) return false
    yield* this.#replaySteps(archive, plan.recording)
    return true
  }

  // The live stream may have been ahead of a recording that is active still: what was delivered is on its way into it.
  *#isBehindSteps(archive: AeronArchive, recording: RecordingDescriptor): RequestSteps<boolean> {
    if (recording.stopPosition !== -1 || this.#lastLivePosition < this.#position) return false
    const asking = archive.getMaxRecordedPosition(recording.recordingId)
    while (!asking.poll()) yield undefined
    if (asking.result >= this.#position) return false
    const againMs = performance.now() + BEHIND_INTERVAL_MS
    while (performance.now() < againMs) yield undefined
    return true
  }

  *#replaySteps(archive: AeronArchive, recording: RecordingDescriptor): RequestSteps<void> {
    const { recordingId, replayChannel, replayStreamId } = this.#options
    const opening = archive.openReplay(
      recordingId,
      replayChannel,
      replayStreamId,
      { position: this.#position },
      (step, refusal) => {
        this.#enter(step)
        if (refusal !== undefined) this.#onError(refusal)
      },
    )
    try {
      while (!opening.poll()) yield undefined
    } finally {
      opening.cancel()
    }
    this.#replay = new ReplayLeg(archive, opening.result, recording, this.#messageTimeoutMs)
    this.#enter('REPLAY')
  }

  // Gives false when the live stream is ahead: the recording must fill the gap first.
  *#joinSteps(): RequestSteps<boolean> {
    this.#enter('ADD_LIVE_SUBSCRIPTION')
    const live = this.#addLive()
    this.#enter('AWAIT_LIVE')
    let image = live.image()
    while (image === undefined) {
      yield undefined
      image = live.image()
    }
    const livePosition = image.position
    this.#observeLive(livePosition)
    if (this.#position >= 0 && livePosition !== this.#position) {
      this.#dropLive()
      if (livePosition > this.#position) return false
      throw new RangeError(
        `the live stream begins at position ${livePosition}, which is before ${this.#position}, where this subscription is`,
      )
    }
    this.#liveImage = image
    this.#counters.setJoinDifference(0)
    this.#onLiveJoined()
    return true
  }

  // While the recording is replayed: adds the live subscription once that is close to its end, and looks for the live image.
  #seekLive(): number {
    const replay = this.#replay
    const replayImage = replay?.image
    if (replay === undefined || replayImage === undefined) {
      if (replay?.isOverdue === true) this.#restart()
      return 0
    }
    if (replayImage.isClosed) return 0
    if (this.#live === undefined) {
      if (replay.isCaughtUp(replayImage.position)) this.#addLive()
      return 0
    }
    const liveImage = this.#live.image()
    if (liveImage === undefined) return 0
    this.#liveImage = liveImage
    this.#switch = new StreamSwitch(replayImage, liveImage)
    this.#counters.setJoinDifference(this.#switch.difference)
    this.#enter('ATTEMPT_SWITCH')
    return 1
  }

  #deliverReplay(fragmentLimit: number): number {
    const image = this.#replay?.image
    if (this.#state !== 'REPLAY' || image === undefined) return 0
    const fragments = image.controlledPoll(this.#assembler.onFragment, fragmentLimit)
    if (fragments > 0 || !image.isClosed || this.#isClosed) return fragments
    this.#restart()
    return 1
  }

  #attemptSwitch(fragmentLimit: number): number {
    const replayImage = this.#replay?.image
    const liveImage = this.#liveImage
    const streams = this.#switch
    if (replayImage === undefined || liveImage === undefined || streams === undefined) return 0
    if (!streams.isMet) {
      if (replayImage.isClosed) {
        this.#observeLive(liveImage.position)
        this.#restart()
        return 1
      }
      if (liveImage.isClosed) {
        this.#dropLive()
        this.#counters.setJoinDifference(undefined)
        this.#enter('REPLAY')
        return 1
      }
    }
    const fragments = streams.isMet ? 1 : streams.poll(this.#assembler.onFragment, fragmentLimit)
    if (!streams.isMet || this.#isClosed) return fragments
    this.#position = replayImage.position
    this.#replay?.close()
    this.#replay = undefined
    this.#onLiveJoined()
    return fragments
  }

  #deliverLive(fragmentLimit: number): number {
    const image = this.#liveImage
    if (image === undefined) return 0
    const fragments = image.controlledPoll(this.#assembler.onFragment, fragmentLimit)
    if (fragments > 0 || !image.isClosed || this.#isClosed) return fragments
    this.#observeLive(image.position)
    this.#restart()
    this.#counters.onLiveLeft()
    this.#options.listener.onLiveLeft?.()
    return 1
  }

  #addLive(): LiveLeg {
    const { liveChannel, liveStreamId } = this.#options
    this.#live = new LiveLeg({
      aeron: this.#aeron,
      channel: liveChannel,
      streamId: liveStreamId,
      imageTimeoutMs: this.#messageTimeoutMs,
      onError: (error) => this.#onError(error),
    })
    return this.#live
  }

  #onLiveJoined(): void {
    this.#enter('LIVE')
    this.#counters.onLiveJoined()
    this.#options.listener.onLiveJoined?.()
  }

  #onDisconnected(): void {
    if (!STATES_WITHOUT_ARCHIVE.has(this.#state)) this.#restart()
  }

  // From where it has come to, beginning with the archive.
  #restart(): void {
    this.#drop()
    this.#enter('AWAIT_ARCHIVE_CONNECTION')
  }

  #drop(): void {
    this.#position = this.#streamPosition
    this.#preparing?.return()
    this.#preparing = undefined
    this.#replay?.close()
    this.#replay = undefined
    this.#dropLive()
  }

  #dropLive(): void {
    if (!this.#aeron.isClosed) this.#live?.close()
    this.#live = undefined
    this.#liveImage = undefined
    this.#switch = undefined
  }

  #release(): void {
    this.#drop()
    this.#link.close()
    this.#counters.close()
  }

  #observeLive(position: number): void {
    this.#lastLivePosition = Math.max(this.#lastLivePosition, position)
  }

  #enter(state: PersistentSubscriptionStateName): void {
    this.#state = state
    this.#counters.setState(PersistentSubscriptionState[state])
  }

  #fail(reason: ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'>): void {
    this.#failureReason = reason
    this.#drop()
    this.#enter('FAILED')
    this.#link.close()
    this.#onError(reason)
  }

  #onError(error: Error): void {
    this.#options.listener.onError?.(error)
  }
}
