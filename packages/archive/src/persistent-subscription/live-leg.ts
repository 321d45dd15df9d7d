import { type Aeron, type Image, type Subscription } from '@x/client'
import type { RequestSteps } from '../requests/archive-request.ts'
import { subscriptionSteps } from '../requests/registration-steps.ts'

/** Where the live stream is, and who is told what goes wrong with it. */
export interface LiveStream {
  readonly aeron: Aeron
  readonly channel: string
  readonly streamId: number
  /** How long the image may take before that is told, in milliseconds. */
  readonly imageTimeoutMs: number
  readonly onError: (error: Error) => void
}

/** The subscription to a live stream, from the moment that it is added. */
export class LiveLeg {
  readonly #stream: LiveStream
  readonly #adding: RequestSteps<Subscription>
  #subscription: Subscription | undefined = undefined
  #deadlineMs = Number.POSITIVE_INFINITY

  constructor(stream: LiveStream) {
    const { aeron, channel, streamId, onError } = stream
    this.#stream = stream
    this.#adding = subscriptionSteps(aeron, channel, streamId, onError)
  }

  /** Whether the driver has added the subscription. */
  get isAdded(): boolean {
    return this.#subscription !== undefined
  }

  /**
   * One look for the image of the live stream. That it does not come in time is told once, and waited for further.
   *
   * @throws AeronError REGISTRATION_FAILED when the driver refuses the subscription
   */
  image(): Image | undefined {
    const { imageTimeoutMs, onError, channel, streamId } = this.#stream
    if (this.#subscription === undefined) {
      const { done, value } = this.#adding.next()
      if (done !== true) return undefined
      this.#subscription = value
      this.#deadlineMs = performance.now() + imageTimeoutMs
    }
    const image = this.#subscription.imageAtIndex(0)
    if (image === undefined && performance.now() >= this.#deadlineMs) {
      this.#deadlineMs = Number.POSITIVE_INFINITY
      onError(
        new Error(
          `Cannot join the live stream ${streamId} on "${channel}" yet: no publisher was seen in ${imageTimeoutMs} ms; it may be down, or not reach this subscriber`,
        ),
      )
    }
    return image
  }

  close(): void {
    this.#adding.return(undefined as never)
    this.#subscription?.close()
  }
}
