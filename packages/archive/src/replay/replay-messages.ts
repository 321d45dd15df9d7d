import { FragmentAssembler, type FragmentHandler, type Image } from '@x/client'
import { ArchiveError } from '../archive-error.ts'
import type { MessageSource } from './message-stream.ts'
import { stopQuietly, streamSessionId, type OpenReplay } from './open-replay.ts'
import type { ReplayParams } from './replay-params.ts'
import type { RequestRunner } from '../requests/request-runner.ts'
import { maxRecordedPosition } from '../requests/query-requests.ts'

/** The messages of one replay, until its end. */
export class ReplayMessages implements MessageSource {
  readonly #requests: RequestRunner
  readonly #recordingId: bigint
  readonly #replay: OpenReplay
  readonly #params: ReplayParams
  readonly #deadlineMs: number
  #handler: FragmentHandler = () => undefined
  #image: Image | undefined = undefined
  readonly #assembler = new FragmentAssembler((buffer, offset, length, header) =>
    this.#handler(buffer, offset, length, header),
  )

  constructor(requests: RequestRunner, recordingId: bigint, replay: OpenReplay, params: ReplayParams) {
    const { nowMs, options } = requests.session.parts
    this.#requests = requests
    this.#recordingId = recordingId
    this.#replay = replay
    this.#params = params
    this.#deadlineMs = nowMs() + options.messageTimeoutMs
  }

  get hasEnded(): boolean {
    const image = this.#image
    return image !== undefined && (image.isClosed || image.isEndOfStream)
  }

  poll(handler: FragmentHandler, fragmentLimit: number): number {
    const { subscription, replaySessionId } = this.#replay
    this.#image ??= subscription.imageBySessionId(streamSessionId(replaySessionId))
    if (this.#image === undefined) {
      this.#checkImageDeadline()
      return 0
    }
    this.#handler = handler
    return this.#image.poll(this.#assembler.onFragment, fragmentLimit)
  }

  /** @throws ArchiveError REPLAY_LOST when the replay ended before its end */
  async checkComplete(): Promise<void> {
    const image = this.#image
    if (image === undefined) return
    const { position: start = image.joinPosition, length = -1, boundingLimitCounterId } = this.#params
    const recorded = await this.#requests.position(
      `get the highest position of recording ${this.#recordingId}`,
      maxRecordedPosition(this.#recordingId),
    )
    const isBounded = boundingLimitCounterId !== undefined
    const end = length >= 0 ? Math.min(start + length, recorded) : recorded
    // What was recorded at the start of a bounded replay, or of one that stops there, is not known any more.
    const isExact = !isBounded && length !== -2
    if (image.isEndOfStream && (!isExact || image.position >= end)) return
    throw this.#lost(image.position, `it ended at position ${image.position}, and should have at ${end}`)
  }

  /** Ends the replay, when it has not ended yet. */
  close(): void {
    const isOver = this.hasEnded
    this.#replay.subscription.close()
    if (!isOver) stopQuietly(this.#requests, this.#replay.replaySessionId)
  }

  #checkImageDeadline(): void {
    const { nowMs, options } = this.#requests.session.parts
    this.#requests.session.checkAlive(`replay recording ${this.#recordingId}`)
    if (nowMs() <= this.#deadlineMs) return
    const { messageTimeoutMs } = options
    throw this.#lost(-1, `its stream did not come in messageTimeoutMs of ${messageTimeoutMs}`)
  }

  #lost(position: number, what: string): ArchiveError {
    const recordingId = this.#recordingId
    return new ArchiveError('REPLAY_LOST', `Cannot replay all of recording ${recordingId}: ${what}`, {
      recordingId,
      position,
    })
  }
}
