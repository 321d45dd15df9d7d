import type { Aeron } from '../aeron.ts'
import { AeronError, isAeronError } from '../aeron-error.ts'
import type { AwaitOptions } from '../await-options.ts'

/** What a publication and a subscription that are added again have in common. */
export interface ResilientResource extends Disposable {
  readonly channel: string
  readonly streamId: number
  /** Whether the application has closed it. */
  readonly isClosed: boolean
  close(): void
}

/** A resource as the one who rebuilds it sees it. */
export interface Rebuilt extends ResilientResource {
  rebuild(aeron: Aeron): Promise<void>
  lose(): void
}

/** What is added again, as far as every kind of it is the same. */
interface Current extends Disposable {
  addDestination(channel: string, options?: AwaitOptions): Promise<unknown>
  removeDestination(channel: string, options?: AwaitOptions): Promise<void>
}

/** A resource that is added again with each new client, together with its destinations. */
export abstract class Rebuildable<T extends Current> implements Rebuilt {
  readonly channel: string
  readonly streamId: number
  readonly #onClose: (resource: Rebuilt) => void
  readonly #destinations = new Set<string>()
  #current: T | undefined
  /** The next one, while it is given its destinations. */
  #next: T | undefined
  #isClosed = false

  /** @internal */
  constructor(channel: string, streamId: number, onClose: (resource: Rebuilt) => void) {
    this.channel = channel
    this.streamId = streamId
    this.#onClose = onClose
  }

  /** The present one, with all that it can do; `undefined` while there is no driver, and once closed. Do not keep it. */
  get current(): T | undefined {
    return this.#current
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Adds a destination, now and with each new client. While there is no driver, it is added once there is one. Those that are added through
   * {@link current} are gone with the driver.
   *
   * @throws AeronError `REGISTRATION_FAILED` when the driver refuses it, `COMMAND_TIMEOUT`, `RESOURCE_CLOSED`: then it is not added later either
   */
  async addDestination(channel: string, options?: AwaitOptions): Promise<void> {
    if (this.#isClosed) throw closedError(`add the destination "${channel}"`)
    const isNew = !this.#destinations.has(channel)
    this.#destinations.add(channel)
    try {
      await this.#current?.addDestination(channel, options)
    } catch (error) {
      if (this.#isReplaced(error)) return
      if (isNew) this.#destinations.delete(channel)
      throw error
    }
  }

  /** Removes a destination, and does not add it with the next client. Errors as of {@link addDestination}. */
  async removeDestination(channel: string, options?: AwaitOptions): Promise<void> {
    if (this.#isClosed) throw closedError(`remove the destination "${channel}"`)
    this.#destinations.delete(channel)
    try {
      await (this.#next ?? this.#current)?.removeDestination(channel, options)
    } catch (error) {
      if (!this.#isReplaced(error)) throw error
    }
  }

  /** Closes it for good; quiet when it is closed already. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#current?.[Symbol.dispose]()
    this.#current = undefined
    this.#onClose(this)
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Adds it to a client: for the one who rebuilds it. */
  async rebuild(aeron: Aeron): Promise<void> {
    const current = await this.add(aeron)
    this.#next = current
    try {
      // Destinations that are added meanwhile are visited too: that is how a set is iterated over.
      for (const channel of this.#destinations) await current.addDestination(channel)
    } catch (error) {
      current[Symbol.dispose]()
      throw error
    } finally {
      this.#next = undefined
    }
    if (this.#isClosed) current[Symbol.dispose]()
    else this.#current = current
  }

  /** The client that it was added to has ended: for the one who rebuilds it. */
  lose(): void {
    this.#current = undefined
  }

  protected abstract add(aeron: Aeron): Promise<T>

  // The client has ended meanwhile: the next one is given the destinations as they are now.
  #isReplaced(error: unknown): boolean {
    return !this.#isClosed && (isAeronError(error, 'CLIENT_CLOSED') || isAeronError(error, 'RESOURCE_CLOSED'))
  }
}

function closedError(action: string): AeronError<'RESOURCE_CLOSED'> {
  return new AeronError(
    'RESOURCE_CLOSED',
    `Cannot ${action}: what it is for must be open, but it is closed`,
    {
      registrationId: -1n,
    },
  )
}
