import type { Aeron } from '../aeron.ts'
import type { OfferSource } from '../logbuffer/message-parts.ts'
import type { BufferClaim } from '../logbuffer/buffer-claim.ts'
import type { ReservedValueSupplier } from '../logbuffer/term-appender.ts'
import { CLOSED, NOT_CONNECTED } from '../publication/publication-result.ts'
import type { Publication } from '../publication/publication.ts'
import { Rebuildable, type Rebuilt } from './resilient-resource.ts'

/**
 * A publication that is added again after each reconnect. It is then a new stream with a new session, starting at position 0; what subscribers had not read is lost
 * with the driver. Its destinations are added again. While there is no driver, offers return `NOT_CONNECTED`.
 */
export class ResilientPublication<T extends Publication = Publication> extends Rebuildable<T> {
  readonly #add: (aeron: Aeron) => Promise<T>

  /** @internal */
  constructor(
    channel: string,
    streamId: number,
    add: (aeron: Aeron) => Promise<T>,
    onClose: (resource: Rebuilt) => void,
  ) {
    super(channel, streamId, onClose)
    this.#add = add
  }

  /** Whether there is a driver and a subscriber is connected. */
  get isConnected(): boolean {
    return this.current?.isConnected ?? false
  }

  /** See {@link Publication.offer}. */
  offer(buffer: OfferSource, offset?: number, length?: number, supplier?: ReservedValueSupplier): number {
    const { current } = this
    return current === undefined
      ? this.#absent()
      : this.#present(current.offer(buffer, offset, length, supplier))
  }

  /** See {@link Publication.tryClaim}. */
  tryClaim(length: number, claim: BufferClaim): number {
    const { current } = this
    return current === undefined ? this.#absent() : this.#present(current.tryClaim(length, claim))
  }

  protected override add(aeron: Aeron): Promise<T> {
    return this.#add(aeron)
  }

  #absent(): number {
    return this.isClosed ? CLOSED : NOT_CONNECTED
  }

  // The client has ended, and whoever builds the next has not been told yet: for the application that is the same.
  #present(result: number): number {
    return result === CLOSED ? this.#absent() : result
  }
}
