import type { FragmentHandler } from '@x/client'
import { setImmediate, setTimeout } from 'node:timers/promises'

/** Maximum number of fragments of a poll, and so of what is kept for a slow reader. Ours: some hundred kilobytes. */
const FRAGMENT_LIMIT = 128
/** Between two polls that find nothing, in milliseconds. Ours: the least that a timer can do. */
const IDLE_MS = 1

/** A reassembled message, copied out of the stream. */
export interface StreamMessage {
  /** The bytes of the message. */
  readonly data: Buffer
  /** Position of the stream in bytes after the message. */
  readonly position: number
  /** Session id of the stream. */
  readonly sessionId: number
  /** Reserved value that the publisher set, an int64; 0 if it set none. */
  readonly reservedValue: bigint
}

/** A source of reassembled messages that is polled. */
export interface MessageSource {
  /** Passes messages to `handler`. @returns how much was done */
  poll(handler: FragmentHandler, fragmentLimit: number): number
  /** Whether there will be no more messages. */
  readonly hasEnded: boolean
}

/**
 * Iterates over the messages of a source. It polls again when all messages of the previous poll have been consumed, so that a slow reader does not fill the memory,
 * but slows the publisher down by flow control. The event loop turns between polls.
 *
 * @throws the reason of the signal, and what the poll throws
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
