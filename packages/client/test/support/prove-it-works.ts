import type { Aeron } from '@x/client'
import { expect } from 'vitest'
import { eventually } from './eventually.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'

/** One message there and back. */
export async function proveItWorks(aeron: Aeron): Promise<void> {
  using subscription = await aeron.addSubscription(CHANNEL, 77)
  using publication = await aeron.addExclusivePublication(CHANNEL, 77)
  await eventually(() => publication.isConnected && subscription.isConnected)
  // The driver raises the limit a moment after it has told that there is a subscriber.
  await eventually(() => publication.offer(new Uint8Array(9)) === 64)
  let received = 0
  await eventually(() => subscription.poll((_buffer, _offset, length) => (received += length), 1) > 0)
  expect(received).toBe(9)
}
