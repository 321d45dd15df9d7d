import type { Aeron } from '../aeron.ts'
import type { SubscriptionOptions } from '../aeron.ts'
import type { ControlledFragmentHandler, FragmentHandler } from '../logbuffer/fragment-handler.ts'
import type { Image } from '../subscription/image.ts'
import type { Subscription } from '../subscription/subscription.ts'
import { Rebuildable, type Rebuilt } from './resilient-resource.ts'

const NO_IMAGES: readonly Image[] = []

/**
 * A subscription that is added again, with its image handlers and destinations, with each new client. Its images are new ones then. While there is no driver,
 * polls give 0. A fragment assembler should be cleared in `onReconnect`: halves of messages do not come back.
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

  /** The images there are now. */
  get images(): readonly Image[] {
    return this.current?.images ?? NO_IMAGES
  }

  /** Whether there is a driver and at least one image is open. */
  get isConnected(): boolean {
    return this.current?.isConnected ?? false
  }

  /** As {@link Subscription.poll}. */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    return this.current?.poll(handler, fragmentLimit) ?? 0
  }

  /** As {@link Subscription.controlledPoll}. */
  controlledPoll(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    return this.current?.controlledPoll(handler, fragmentLimit) ?? 0
  }

  protected override add(aeron: Aeron): Promise<Subscription> {
    return aeron.addSubscription(this.channel, this.streamId, this.#handlers)
  }
}
