import { setTimeout as sleep } from 'node:timers/promises'
import { Aeron, type SubscriptionOptions } from '../aeron.ts'
import { AeronError, isAeronError } from '../aeron-error.ts'
import type { AwaitOptions } from '../await-options.ts'
import type { ConcurrentPublication } from '../publication/concurrent-publication.ts'
import type { ExclusivePublication } from '../publication/exclusive-publication.ts'
import { toError } from '../to-error.ts'
import { planResilience, type ResilientAeronOptions, type ResilientPlan } from './resilient-options.ts'
import { ResilientPublication } from './resilient-publication.ts'
import type { Rebuilt } from './resilient-resource.ts'
import { ResilientSubscription } from './resilient-subscription.ts'

/**
 * A client that survives its driver. An {@link Aeron} is closed when its driver dies or times it out. This client then reconnects, as often as necessary, and adds
 * its publications and subscriptions again, in their order. It restores the connection, not the stream: what was in the logs of the old driver is lost, and
 * sessions and positions are new. To restore streams, record and replay them.
 *
 * ```ts
 * await using aeron = await ResilientAeron.connect({ onDisconnect: (cause) => log(cause.message) })
 * const publication = await aeron.addPublication('aeron:ipc', 10)
 * ```
 */
export class ResilientAeron implements AsyncDisposable {
  readonly #plan: ResilientPlan
  readonly #resources = new Set<Rebuilt>()
  readonly #closing = new AbortController()
  #aeron: Aeron | undefined
  #recovery: Promise<void> = Promise.resolve()

  private constructor(plan: ResilientPlan) {
    this.#plan = plan
  }

  /**
   * Connects for the first time, like {@link Aeron.connect}, and rejects like it when there is no driver in time.
   *
   * @throws RangeError when an option is out of range
   */
  static async connect(options: ResilientAeronOptions & AwaitOptions = {}): Promise<ResilientAeron> {
    const { signal, ...rest } = options
    const resilient = new ResilientAeron(planResilience(rest))
    resilient.#aeron = await resilient.#connect(signal)
    return resilient
  }

  /** The current client; `undefined` while there is no driver, and once closed. Do not keep a reference, and do not close it: it would not be replaced. */
  get current(): Aeron | undefined {
    return this.#aeron
  }

  /** Whether the application has closed this client. */
  get isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** Adds a publication, now and after each reconnect; waits for a driver if there is none. Rejects like {@link Aeron.addPublication}. */
  addPublication(channel: string, streamId: number): Promise<ResilientPublication<ConcurrentPublication>> {
    const add = (aeron: Aeron): Promise<ConcurrentPublication> => aeron.addPublication(channel, streamId)
    return this.#add(new ResilientPublication(channel, streamId, add, (closed) => this.#forget(closed)))
  }

  /** Like {@link addPublication}, for an exclusive publication. */
  addExclusivePublication(
    channel: string,
    streamId: number,
  ): Promise<ResilientPublication<ExclusivePublication>> {
    const add = (aeron: Aeron): Promise<ExclusivePublication> =>
      aeron.addExclusivePublication(channel, streamId)
    return this.#add(new ResilientPublication(channel, streamId, add, (closed) => this.#forget(closed)))
  }

  /** Like {@link addPublication}, for a subscription. */
  addSubscription(
    channel: string,
    streamId: number,
    handlers: SubscriptionOptions = {},
  ): Promise<ResilientSubscription> {
    return this.#add(new ResilientSubscription(channel, streamId, handlers, (closed) => this.#forget(closed)))
  }

  /** Closes the client and everything it added, and stops reconnecting. Resolves when nothing is in progress any more. */
  async close(): Promise<void> {
    if (!this.isClosed) {
      this.#closing.abort()
      for (const resource of this.#resources) resource.close()
      this.#aeron?.close()
      this.#aeron = undefined
    }
    await this.#recovery
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #add<R extends Rebuilt>(resource: R): Promise<R> {
    for (;;) {
      await this.#recovery
      const aeron = this.#aeron
      if (aeron === undefined) throw this.#closedError()
      try {
        await resource.rebuild(aeron)
        if (this.#aeron !== aeron) continue
        this.#resources.add(resource)
        return resource
      } catch (error) {
        // A client that has ended in the meantime is about to be replaced: the next one is asked. One that the application closed is not.
        const isReplaced = isAeronError(error, 'CLIENT_CLOSED') && aeron.closeCause !== undefined
        if (!isReplaced || this.isClosed) throw error
        await sleep(0)
      }
    }
  }

  #forget(resource: Rebuilt): void {
    this.#resources.delete(resource)
  }

  async #connect(signal: AbortSignal | undefined): Promise<Aeron> {
    let aeron: Aeron | undefined
    const closeHandler = (): void => this.#onClosed(aeron)
    aeron = await Aeron.connect({
      ...this.#plan.aeron,
      closeHandler,
      ...(signal === undefined ? {} : { signal }),
    })
    return aeron
  }

  // Runs on the conductor of the client that ends, so what it starts must wait for the next turn of the event loop.
  #onClosed(aeron: Aeron | undefined): void {
    const cause = aeron?.closeCause
    if (this.isClosed || cause === undefined || aeron !== this.#aeron) return
    this.#aeron = undefined
    for (const resource of this.#resources) resource.lose()
    this.#recovery = this.#recover(cause)
  }

  async #recover(cause: Error): Promise<void> {
    await sleep(0)
    this.#tell(() => this.#plan.onDisconnect?.(cause))
    while (!this.isClosed) {
      const aeron = await this.#attempt(() => this.#connect(this.#closing.signal), undefined)
      if (aeron === undefined) continue
      if (await this.#rebuildAll(aeron)) {
        this.#aeron = aeron
        this.#tell(() => this.#plan.onReconnect?.(aeron))
        return
      }
      aeron.close()
    }
  }

  /** Adds all again; false when the client ended meanwhile. */
  async #rebuildAll(aeron: Aeron): Promise<boolean> {
    for (const resource of this.#resources) {
      while (!resource.isClosed) {
        const isDone = await this.#attempt(async () => {
          await resource.rebuild(aeron)
          return true
        }, resource)
        if (aeron.isClosed || this.isClosed) return false
        if (isDone === true) break
      }
    }
    return !this.isClosed && !aeron.isClosed
  }

  /** Tries once; after a failure waits, and gives `undefined`. */
  async #attempt<T>(action: () => Promise<T>, resource: Rebuilt | undefined): Promise<T | undefined> {
    try {
      return await action()
    } catch (error) {
      const { signal } = this.#closing
      if (signal.aborted) return undefined
      this.#tell(() => this.#plan.onRetry?.(toError(error), resource))
      await sleep(this.#plan.retryIntervalMs, undefined, { signal }).catch(() => undefined)
      return undefined
    }
  }

  // What a callback throws must not end the recovery.
  #tell(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      const { errorHandler } = this.#plan.aeron
      if (errorHandler === undefined) process.emitWarning(toError(error))
      else errorHandler(toError(error))
    }
  }

  #closedError(): AeronError<'CLIENT_CLOSED'> {
    return new AeronError('CLIENT_CLOSED', 'Cannot use the client: it must be open, but it has been closed', {
      clientId: -1n,
    })
  }
}
