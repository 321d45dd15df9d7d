import type { FragmentHandler } from '@x/client'
import { setImmediate, setTimeout } from 'node:timers/promises'

/** Fragments that one poll takes at most, and so what waits for a slow reader. Ours: some hundred kilobytes. */
const FRAGMENT_LIMIT = 128
/** Between two polls that find nothing, in milliseconds. Ours: the least that a timer can do. */
const IDLE_MS = 1

/** A whole message, copied out of the stream. */
export interface StreamMessage {
  readonly data: Buffer
  /** Position in bytes behind the message. */
  readonly position: number
  /** Session id of the stream that it came on. */
  readonly sessionId: number
  /** What the publisher put beside the message. */
  readonly reservedValue: bigint
}

/** Something that gives whole messages when it is polled. */
export interface MessageSource {
  /** Hands messages to `handler`; gives how much was done. */
  poll(handler: FragmentHandler, fragmentLimit: number): number
  /** Whether there is nothing more to come. */
  readonly hasEnded: boolean
}

/**
 * The messages of a source, one by one. It polls when the last one was taken, so a slow reader slows the stream down, as flow control has it, and
 * fills no memory; it lets the event loop turn between polls.
 *
 * @throws the reason of an aborted signal, and what the poll throws
 */
export async function* messagesOf(
  source: MessageSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamMessage, void, undefined> {
  let messages: StreamMessage[] = []
  const handler: FragmentHandler = (buffer, offset, length, header) => {
    const data = Buffer.from(buffer.bytes.subarray(offset, offset + length))
    const { position, sessionId, reservedValue } = header
    messages.push({ data, position, sessionId, reservedValue })
  }
  for (;;) {
    signal?.throwIfAborted()
    const work = source.poll(handler, FRAGMENT_LIMIT)
    const taken = messages
    messages = []
    yield* taken
    if (work === 0 && source.hasEnded) return
    await (work > 0 ? setImmediate() : setTimeout(IDLE_MS))
  }
}
