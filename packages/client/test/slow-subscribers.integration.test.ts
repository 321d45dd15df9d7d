import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { spawn } from 'node:child_process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_ACTION, Aeron, BACK_PRESSURED, type Publication, type Subscription } from '@x/client'
import { eventually } from './support/eventually.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'
const MESSAGE_LENGTH = 1_000

let driver: MediaDriverProcess
let aeron: Aeron

beforeAll(async () => {
  driver = await launchMediaDriver({ fastTimeouts: true })
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
})

/** Offers numbered messages until `count` are taken or one is pushed back, and gives the last result. */
function offerNumbered(
  publication: Publication,
  next: number,
  count: number,
): { next: number; result: number } {
  const message = Buffer.alloc(MESSAGE_LENGTH)
  let result = 0
  while (next < count) {
    message.writeInt32LE(next)
    result = publication.offer(message)
    if (result === ADMIN_ACTION) continue
    if (result < 0) break
    next++
  }
  return { next, result }
}

/** Polls, and checks that numbers follow one another; gives the number that is due. */
function pollNumbered(subscription: Subscription, due: number, limit: number): number {
  subscription.poll((buffer, offset) => expect(buffer.getInt32(offset)).toBe(due++), limit)
  return due
}

test('a subscriber that hardly polls pushes its publisher back, and loses nothing', async () => {
  using subscription = await aeron.addSubscription(CHANNEL, 1)
  using publication = await aeron.addPublication(CHANNEL, 1)
  await eventually(() => publication.isConnected && subscription.isConnected)
  const count = 2_000
  let pushedBack = 0
  let sent = 0
  let due = 0
  while (due < count) {
    const { next, result } = offerNumbered(publication, sent, count)
    sent = next
    if (result === BACK_PRESSURED) pushedBack++
    // Never more under way than the window, half a term, and what one offer may go beyond.
    expect((sent - due) * (MESSAGE_LENGTH + 32)).toBeLessThan(65_536)
    due = pollNumbered(subscription, due, 3)
    await nextTurn()
  }
  expect(pushedBack).toBeGreaterThan(100)
})

test('a subscriber that dies holds its publisher back until the driver gives it up, and no longer', async () => {
  const streamId = 2
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  const program = fileURLToPath(new URL('support/reading-client.ts', import.meta.url))
  const args = [driver.aeronDirectory, CHANNEL, String(streamId)]
  using publication = await aeron.addPublication(CHANNEL, streamId)
  const child = spawn(process.execPath, [...flags, program, ...args], { stdio: 'ignore' })
  try {
    await eventually(() => publication.isConnected)
    using subscription = await aeron.addSubscription(CHANNEL, streamId)
    await eventually(() => subscription.isConnected)
    let sent = offerNumbered(publication, 0, 10).next
    child.kill('SIGKILL')
    let due = 0
    let longestHoldMs = 0
    let sinceMs = performance.now()
    while (due < 500) {
      const before = sent
      const { next, result } = offerNumbered(publication, sent, 500)
      sent = next
      expect(result > 0 || result === BACK_PRESSURED || before === 500, `result ${result}`).toBe(true)
      if (sent > before) sinceMs = performance.now()
      if (sent < 500) longestHoldMs = Math.max(longestHoldMs, performance.now() - sinceMs)
      due = pollNumbered(subscription, due, 10)
      await nextTurn()
    }
    // The liveness timeout is 4 s here, and the driver looks every 200 ms; what is above it is for a machine that is busy with others.
    expect(longestHoldMs).toBeGreaterThan(1_000)
    expect(longestHoldMs).toBeLessThan(20_000)
    expect(publication.isConnected).toBe(true)
  } finally {
    child.kill('SIGKILL')
  }
})
