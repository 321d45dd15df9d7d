import { Action, type ControlledFragmentHandler, type Image } from '@x/client'

/**
 * Brings a replay and the live stream of the same recording to one position: the live stream passes over what the replay has delivered, the replay delivers up to
 * where the live stream stands. Source: Aeron's PersistentSubscription.
 */
export class StreamSwitch {
  readonly #replay: Image
  readonly #live: Image
  // End of the first live fragment that the replay has not delivered.
  #nextLivePosition = -1
  #isMet = false

  constructor(replay: Image, live: Image) {
    this.#replay = replay
    this.#live = live
  }

  /** Whether both streams are at the same position, so that the live stream can take over. */
  get isMet(): boolean {
    return this.#isMet || this.#replay.position === this.#live.position
  }

  /** Bytes by which the live stream is ahead of the replay; negative if it is behind. */
  get difference(): number {
    return this.#live.position - this.#replay.position
  }

  /** One turn of both. Returns the number of fragments. */
  poll(deliver: ControlledFragmentHandler, fragmentLimit: number): number {
    const passed = this.#live.controlledPoll((_buffer, _offset, _length, header) => {
      if (header.position <= this.#replay.position) return Action.CONTINUE
      this.#nextLivePosition = header.position
      return Action.ABORT
    }, fragmentLimit)
    const delivered = this.#replay.controlledPoll((buffer, offset, length, header) => {
      this.#isMet = header.position === this.#nextLivePosition
      return this.#isMet ? Action.ABORT : deliver(buffer, offset, length, header)
    }, fragmentLimit)
    return passed + delivered
  }
}
