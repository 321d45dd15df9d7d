import type { Aeron } from '../aeron.ts'

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

/** A resource that is added again with each new client. */
export abstract class Rebuildable<T extends Disposable> implements Rebuilt {
  readonly channel: string
  readonly streamId: number
  readonly #onClose: (resource: Rebuilt) => void
  #current: T | undefined
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
    if (this.#isClosed) current[Symbol.dispose]()
    else this.#current = current
  }

  /** The client that it was added to has ended: for the one who rebuilds it. */
  lose(): void {
    this.#current = undefined
  }

  protected abstract add(aeron: Aeron): Promise<T>
}
