import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { FragmentAssembler } from '../assembler/fragment-assembler.ts'
import type { Image } from './image.ts'
import type { Subscription } from './subscription.ts'

/** A whole message, copied out of the log: it stays good for as long as it is kept. */
export interface Message {
  readonly data: Buffer
  /** Session of the publication that sent it. */
  readonly sessionId: number
  readonly streamId: number
  /** Position in its stream after it. */
  readonly position: number
  readonly reservedValue: bigint
  /** The image that delivered it. */
  readonly image: Image
}

/** How to iterate over messages. */
export interface MessagesOptions {
  /**
   * Most fragments that are taken out of the log before the loop has asked for them. Nothing more is polled until it has, and then the log
   * itself is the buffer: when that is full, publishers are back-pressured. @default 64
   */
  readonly maxBuffered?: number
  /** Ends the iteration: it throws the signal's reason. */
  readonly signal?: AbortSignal
}

const MAX_BUFFERED = 64
/** Ours: how long the loop may keep the event loop from timers and sockets, and how long it looks again at once when there is nothing. */
const SLICE_MS = 1

/** What a subscription keeps for its iterations: messages taken out of the log, and the parts of those that are not whole yet. */
export class SubscriptionMessages {
  readonly #subscription: Subscription
  readonly #assembler: FragmentAssembler
  readonly #queue: Message[] = []
  #turnStartMs = performance.now()

  constructor(subscription: Subscription) {
    this.#subscription = subscription
    this.#assembler = new FragmentAssembler((buffer, offset, length, header) => {
      this.#queue.push({
        data: Buffer.from(buffer.bytes.subarray(offset, offset + length)),
        sessionId: header.sessionId,
        streamId: header.streamId,
        position: header.position,
        reservedValue: header.reservedValue,
        image: header.context,
      })
    })
  }

  /** The messages, until the subscription is closed; throws what ended the client, when that was why. */
  async *iterate({ maxBuffered = MAX_BUFFERED, signal }: MessagesOptions): AsyncGenerator<Message, void> {
    if (!Number.isInteger(maxBuffered) || maxBuffered < 1) {
      throw new RangeError(
        `Cannot iterate over messages: maxBuffered must be an integer from 1, current value is ${maxBuffered}`,
      )
    }
    let idleSinceMs: number | undefined
    for (;;) {
      signal?.throwIfAborted()
      const message = this.#queue.shift()
      if (message !== undefined) {
        idleSinceMs = undefined
        yield message
        continue
      }
      if (this.#subscription.isClosed) {
        if (this.#subscription.closeCause !== undefined) throw this.#subscription.closeCause
        return
      }
      await this.#shareEventLoop()
      if (this.#subscription.poll(this.#assembler.onFragment, maxBuffered) > 0) continue
      idleSinceMs ??= performance.now()
      await this.#pause(performance.now() - idleSinceMs, signal)
    }
  }

  // Promises alone would starve the timers, and with them the client's conductor, for as long as messages come.
  async #shareEventLoop(): Promise<void> {
    if (performance.now() - this.#turnStartMs < SLICE_MS) return
    await nextTurn()
    this.#turnStartMs = performance.now()
  }

  async #pause(idleMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (idleMs < SLICE_MS) {
      await nextTurn()
    } else {
      // Aborted or not, what comes next looks at the signal.
      await sleep(1, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
    }
    this.#turnStartMs = performance.now()
  }
}
