import { Readable } from 'node:stream'
import type { MessagesOptions } from '../subscription/subscription-messages.ts'
import type { Subscription } from '../subscription/subscription.ts'

/** How to read a subscription as a stream. */
export interface SubscriptionReadableOptions extends MessagesOptions {
  /** Whether to give the bytes alone, rather than whole `Message` objects. @default false */
  readonly dataOnly?: boolean
  /** Messages that the stream itself holds, besides those of `maxBuffered`. @default 16 */
  readonly highWaterMark?: number
}

/**
 * A subscription as a Node.js stream in object mode, one message a chunk. It ends when the subscription is closed, and is destroyed with
 * what ended the client. It polls only while it is read, so a slow consumer back-pressures the publishers. The subscription stays the
 * application's: destroying the stream does not close it.
 */
export function subscriptionReadable(
  subscription: Subscription,
  options: SubscriptionReadableOptions = {},
): Readable {
  const { dataOnly = false, highWaterMark = 16, ...rest } = options
  const messages = subscription.messages(rest)
  return Readable.from(dataOnly ? dataOf(messages) : messages, { objectMode: true, highWaterMark })
}

async function* dataOf(messages: AsyncIterable<{ readonly data: Buffer }>): AsyncGenerator<Buffer, void> {
  for await (const { data } of messages) yield data
}
