import { type Aeron, type Image, type Subscription } from '@x/client'
import type { RequestSteps } from '../requests/archive-request.ts'
import { subscriptionSteps } from '../requests/registration-steps.ts'

/** The live stream of a persistent subscription. */
export interface LiveStream {
  readonly aeron: Aeron
  readonly channel: string
  readonly streamId: number
  /** Time in milliseconds after which a missing image is reported. */
  readonly imageTimeoutMs: number
  readonly onError: (error: Error) => void
}

/** The subscription to a live stream; constructing it starts to add it. */
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
   * Returns the image of the live stream, if there is one. If it is not there in time, that is reported once, and waiting continues.
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
