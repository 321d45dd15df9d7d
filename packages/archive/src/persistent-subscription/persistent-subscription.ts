import {
  Action,
  Aeron,
  type AeronOptions,
  type ControlledFragmentHandler,
  type FragmentHandler,
} from '@x/client'
import type { ArchiveError } from '../archive-error.ts'
import { messagesOf, type StreamMessage } from '../replay/message-stream.ts'
import { PersistentMachine } from './persistent-machine.ts'
import {
  resolvePersistentSubscriptionOptions,
  type PersistentSubscriptionOptions,
  type ResolvedPersistentSubscriptionOptions,
} from './persistent-subscription-options.ts'
import type { PersistentSubscriptionStateName } from './persistent-subscription-state.ts'

/**
 * A subscription to a recorded stream that delivers all its messages from any position on, in order and without gaps: older ones from the recording, the others from
 * the live stream. When the live stream is lost, it fills the gap from the recording and joins the live stream again. Messages are reassembled. Corresponds to
 * `io.aeron.archive.client.PersistentSubscription`.
 *
 * Call {@link poll} or {@link controlledPoll} in a duty cycle, which do all the work, or iterate: `for await (const message of subscription)`.
 */
export class PersistentSubscription implements Disposable {
  readonly recordingId: bigint
  readonly #aeron: Aeron
  readonly #ownsAeron: boolean
  readonly #machine: PersistentMachine

  private constructor(options: ResolvedPersistentSubscriptionOptions, aeron: Aeron) {
    this.recordingId = options.recordingId
    this.#aeron = aeron
    this.#ownsAeron = options.aeron === undefined
    this.#machine = new PersistentMachine(options, aeron)
  }

  /**
   * Creates a persistent subscription. The archive need not be running yet.
   *
   * @throws TypeError | RangeError | SyntaxError for invalid options
   * @throws AeronError when there is no driver, if `aeron` is not given
   */
  static async create(options: PersistentSubscriptionOptions): Promise<PersistentSubscription> {
    const resolved = resolvePersistentSubscriptionOptions(options)
    const aeron = resolved.aeron ?? (await Aeron.connect(ownAeronOptions(resolved)))
    return new PersistentSubscription(resolved, aeron)
  }

  /** Like {@link create}, but blocks the calling thread until there is a driver, if `aeron` is not given. */
  static createSync(options: PersistentSubscriptionOptions): PersistentSubscription {
    const resolved = resolvePersistentSubscriptionOptions(options)
    return new PersistentSubscription(
      resolved,
      resolved.aeron ?? Aeron.connectSync(ownAeronOptions(resolved)),
    )
  }

  /** State of the subscription. */
  get state(): PersistentSubscriptionStateName {
    return this.#machine.state
  }

  /** Position in bytes after the last message delivered, or else the start position. */
  get position(): number {
    return this.#machine.position
  }

  /** Whether messages come from the live stream. */
  get isLive(): boolean {
    return this.state === 'LIVE'
  }

  /** Whether messages come from the recording. */
  get isReplaying(): boolean {
    return this.state === 'REPLAY' || this.state === 'ATTEMPT_SWITCH'
  }

  /** Whether it has failed for good. */
  get hasFailed(): boolean {
    return this.state === 'FAILED'
  }

  /** Why it has failed. */
  get failureReason(): ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'> | undefined {
    return this.#machine.failureReason
  }

  get isClosed(): boolean {
    return this.#machine.isClosed
  }

  /** Advances the subscription, and passes up to `fragmentLimit` fragments, as reassembled messages, to `handler`. @returns how much was done */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    return this.#machine.doWork((buffer, offset, length, header) => {
      handler(buffer, offset, length, header)
      return Action.CONTINUE
    }, fragmentLimit)
  }

  /** Like {@link poll}, with a handler that returns after each message how to continue; the action applies to the whole message. */
  controlledPoll(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    return this.#machine.doWork(handler, fragmentLimit)
  }

  /**
   * Iterates over the messages, copied, without end.
   *
   * @throws ArchiveError PERSISTENT_SUBSCRIPTION_FAILED, or the reason of the signal
   */
  messages({ signal }: { readonly signal?: AbortSignal } = {}): AsyncGenerator<
    StreamMessage,
    void,
    undefined
  > {
    const machine = this.#machine
    return messagesOf(
      {
        poll: (handler, fragmentLimit) => {
          const work = this.poll(handler, fragmentLimit)
          if (machine.failureReason !== undefined) throw machine.failureReason
          return work
        },
        get hasEnded() {
          return machine.isClosed
        },
      },
      signal,
    )
  }

  [Symbol.asyncIterator](): AsyncGenerator<StreamMessage, void, undefined> {
    return this.messages()
  }

  /** Closes the replay, the subscriptions, and the Aeron client unless it was passed in. Does nothing when already closed. */
  close(): void {
    this.#machine.close()
    if (this.#ownsAeron) this.#aeron.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function ownAeronOptions({ aeronDirectory, listener }: ResolvedPersistentSubscriptionOptions): AeronOptions {
  return {
    clientName: 'PersistentSubscription',
    useConductorAgentInvoker: true,
    // An error of a channel may come long after that was added; without a handler, the next subscription to be added would fail by it.
    errorHandler: (error) => listener.onError?.(error),
    subscriberErrorHandler: 'rethrow',
    ...(aeronDirectory !== undefined && { aeronDirectory }),
  }
}
