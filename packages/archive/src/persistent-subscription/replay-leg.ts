import type { Aeron, Image, Subscription } from '@x/client'
import type { AeronArchive } from '../aeron-archive.ts'
import { CaughtUpCheck } from './caught-up-check.ts'
import { streamSessionId, type OpenReplay } from '../replay/open-replay.ts'
import type { RecordingDescriptor } from '../recording/recording-descriptor.ts'

/** The part of a term that a replay may be behind when the live stream is added. Protocol: Aeron's PersistentSubscription. */
const THRESHOLD_DIVISOR = 4

/** A replay under way, and the subscription that takes it. */
export class ReplayLeg {
  readonly #archive: AeronArchive
  readonly #aeron: Aeron
  readonly #replaySessionId: bigint
  readonly #subscription: Subscription
  readonly #check: CaughtUpCheck
  readonly #deadlineMs: number
  #image: Image | undefined = undefined

  /** @param imageTimeoutMs how long the image may take, in milliseconds */
  constructor(
    archive: AeronArchive,
    { replaySessionId, subscription }: OpenReplay,
    { recordingId, termBufferLength }: RecordingDescriptor,
    imageTimeoutMs: number,
  ) {
    this.#archive = archive
    this.#aeron = archive.aeron
    this.#replaySessionId = replaySessionId
    this.#subscription = subscription
    this.#check = new CaughtUpCheck(archive, recordingId, termBufferLength / THRESHOLD_DIVISOR)
    this.#deadlineMs = performance.now() + imageTimeoutMs
  }

  /** The stream of the replay, once it is there; it stays when it has closed. */
  get image(): Image | undefined {
    this.#image ??= this.#subscription.imageBySessionId(streamSessionId(this.#replaySessionId))
    return this.#image
  }

  /** Whether the stream should have come by now. */
  get isOverdue(): boolean {
    return this.#image === undefined && performance.now() >= this.#deadlineMs
  }

  /** As {@link CaughtUpCheck.isCaughtUp}. */
  isCaughtUp(position: number): boolean {
    return this.#check.isCaughtUp(position)
  }

  /** Stops the replay, when it has not ended by itself. */
  close(): void {
    if (this.#aeron.isClosed) return
    if (this.#image?.isClosed !== true && this.#archive.isConnected) {
      this.#archive.stopReplay(this.#replaySessionId)
    }
    this.#subscription.close()
  }
}
