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
 * A subscription to a stream that is recorded, in order and without gaps, from any position on: what was published before comes from the recording, the rest
 * from the live stream. When the live stream is lost, the recording fills the gap, and the live stream is joined again. Messages come whole.
 * Source: `io.aeron.archive.client.PersistentSubscription`.
 *
 * Call {@link poll} or {@link controlledPoll} in a duty cycle, all the work is done there; or iterate: `for await (const message of subscription)`.
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
   * Makes a persistent subscription. The archive need not be there yet.
   *
   * @throws TypeError | RangeError | SyntaxError for options that do not fit
   * @throws AeronError when there is no driver, for a client of its own
   */
  static async create(options: PersistentSubscriptionOptions): Promise<PersistentSubscription> {
    const resolved = resolvePersistentSubscriptionOptions(options)
    const aeron = resolved.aeron ?? (await Aeron.connect(ownAeronOptions(resolved)))
    return new PersistentSubscription(resolved, aeron)
  }

  /** As {@link create}, blocking this thread until there is a driver, for a client of its own. */
  static createSync(options: PersistentSubscriptionOptions): PersistentSubscription {
    const resolved = resolvePersistentSubscriptionOptions(options)
    return new PersistentSubscription(
      resolved,
      resolved.aeron ?? Aeron.connectSync(ownAeronOptions(resolved)),
    )
  }

  /** How far it has come. */
  get state(): PersistentSubscriptionStateName {
    return this.#machine.state
  }

  /** Position in bytes behind what was delivered last, or where it is to begin. */
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

  /** Whether it cannot go on. */
  get hasFailed(): boolean {
    return this.state === 'FAILED'
  }

  /** Why it cannot go on. */
  get failureReason(): ArchiveError<'PERSISTENT_SUBSCRIPTION_FAILED'> | undefined {
    return this.#machine.failureReason
  }

  get isClosed(): boolean {
    return this.#machine.isClosed
  }

  /** Does what there is to do, and hands up to `fragmentLimit` fragments as whole messages to `handler`. Returns how much was done. */
  poll(handler: FragmentHandler, fragmentLimit: number): number {
    return this.#machine.doWork((buffer, offset, length, header) => {
      handler(buffer, offset, length, header)
      return Action.CONTINUE
    }, fragmentLimit)
  }

  /** As {@link poll}, with a handler that says after each message how to go on; what it says is for the whole message. */
  controlledPoll(handler: ControlledFragmentHandler, fragmentLimit: number): number {
    return this.#machine.doWork(handler, fragmentLimit)
  }

  /**
   * The messages, copied, one by one, without end.
   *
   * @throws ArchiveError PERSISTENT_SUBSCRIPTION_FAILED, and the reason of an aborted signal
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

  /** Ends the replay and the subscriptions, and the Aeron client when it is its own. Quiet when closed already. */
  close(): void {
    this.#machine.close()
    if (this.#ownsAeron) this.#aeron.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

function ownAeronOptions({ aeronDirectory }: ResolvedPersistentSubscriptionOptions): AeronOptions {
  return {
    clientName: 'PersistentSubscription',
    useConductorAgentInvoker: true,
    ...(aeronDirectory !== undefined && { aeronDirectory }),
  }
}
