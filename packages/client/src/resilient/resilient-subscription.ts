import type { Aeron } from '../aeron.ts'
import type { SubscriptionOptions } from '../aeron.ts'
import type { ControlledFragmentHandler, FragmentHandler } from '../logbuffer/fragment-handler.ts'
import type { Image } from '../subscription/image.ts'
import type { Subscription } from '../subscription/subscription.ts'
import { Rebuildable, type Rebuilt } from './resilient-resource.ts'

const NO_IMAGES: readonly Image[] = []

/**
 * A subscription that is added again after each reconnect, with its image handlers and destinations, and then has new images. While there is no driver, polls
 * return 0. Clear fragment assemblers in `onReconnect`: incomplete messages will not be completed.
 */
export class ResilientSubscription extends Rebuildable<Subscription> {
  readonly #handlers: SubscriptionOptions

  /** @internal */
  constructor(
    channel: string,
    streamId: number,
    handlers: SubscriptionOptions,
    onClose: (resource: Rebuilt) => void,
  ) {
    super(channel, streamId, onClose)
    this.#handlers = handlers
  }

  /** The current images. */
  get images(): readonly Image[] {
    return this.current?.images ?? NO_IMAGES
  }

  /** Whether there is a driver and at least one image is open. */
  get isConnected(): boolean {
    return this.current?.isConnected ?? false
  }

  /** See {@link Subscription.poll}. */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    return this.current?.poll(handler, fragmentLimit) ?? 0
  }

  /** See {@link Subscription.controlledPoll}. */
  controlledPoll(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    return this.current?.controlledPoll(handler, fragmentLimit) ?? 0
  }

  protected override add(aeron: Aeron): Promise<Subscription> {
    return aeron.addSubscription(this.channel, this.streamId, this.#handlers)
  }
}
