// Cost of one message over IPC, in ns: an offer, a claim and a poll, on one thread against a real media driver.
// Run: pnpm --filter @x/client bench [messages in a batch]
import { launchMediaDriver } from '@x/aeron-tooling'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Aeron,
  ADMIN_ACTION,
  BufferClaim,
  publicationResultName,
  FragmentAssembler,
  type FragmentHandler,
  type Publication,
  type Subscription,
} from '@x/client'

const CHANNEL = 'aeron:ipc?term-length=16m'
const BATCH = Number(process.argv[2] ?? 25_000)
const ROUNDS = 200
const FRAGMENT_LIMIT = 1_000

/** Sends a batch; gives the ns that one message took. Waiting for room is not counted: the batch fits the window. */
type Sender = (publication: Publication, count: number) => number

function timed(count: number, work: () => void): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / count
}

function checkRetryable(result: number): void {
  if (result === ADMIN_ACTION) return
  throw new Error(
    `Cannot send: the batch must fit the window, the result is ${publicationResultName(result)}`,
  )
}

function offerer(length: number): Sender {
  const source = new Uint8Array(length).fill(7)
  return (publication, count) =>
    timed(count, () => {
      for (let sent = 0; sent < count;) {
        const result = publication.offer(source, 0, length)
        if (result > 0) sent++
        else checkRetryable(result)
      }
    })
}

function claimer(length: number): Sender {
  const claim = new BufferClaim()
  return (publication, count) =>
    timed(count, () => {
      for (let sent = 0; sent < count;) {
        const result = publication.tryClaim(length, claim)
        if (result > 0) {
          claim.buffer.putInt32(claim.offset, sent++)
          claim.commit()
        } else {
          checkRetryable(result)
        }
      }
    })
}

function drain(subscription: Subscription, handler: FragmentHandler, count: number): number {
  return timed(count, () => {
    let received = 0
    while (received < count) received += subscription.poll(handler, FRAGMENT_LIMIT)
  })
}

function median(values: number[]): string {
  return values
    .sort((a, b) => a - b)
    [values.length >> 1]!.toFixed(1)
    .padStart(8)
}

async function measure(
  name: string,
  publication: Publication,
  subscription: Subscription,
  send: Sender,
): Promise<void> {
  const sends: number[] = []
  const polls: number[] = []
  let bytes = 0
  const plain: FragmentHandler = (_buffer, _offset, length) => {
    bytes += length
  }
  const assembler = new FragmentAssembler(plain)
  for (let round = 0; round < ROUNDS; round++) {
    while (publication.availableWindow < BATCH * 256) await sleep(1)
    sends.push(send(publication, BATCH))
    polls.push(drain(subscription, round % 2 === 0 ? plain : assembler.onFragment, BATCH))
  }
  if (bytes === 0) throw new Error('Nothing was received')
  const plainPolls = polls.filter((_, round) => round % 2 === 0)
  const assembled = polls.filter((_, round) => round % 2 === 1)
  console.log(`${name.padEnd(34)}${median(sends)}${median(plainPolls)}${median(assembled)}`)
}

async function main(): Promise<void> {
  await using driver = await launchMediaDriver()
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  console.log(`node ${process.version}, ${process.arch}, batches of ${BATCH}; ns per message`)
  console.log(`${''.padEnd(34)}    send    poll  poll by assembler`)
  for (const exclusive of [true, false]) {
    using subscription = await aeron.addSubscription(CHANNEL, 1)
    using publication = exclusive
      ? await aeron.addExclusivePublication(CHANNEL, 1)
      : await aeron.addPublication(CHANNEL, 1)
    while (!publication.isConnected) await sleep(1)
    const kind = exclusive ? 'exclusive' : 'concurrent'
    await measure(`${kind} offer of 32 bytes`, publication, subscription, offerer(32))
    await measure(`${kind} offer of 192 bytes`, publication, subscription, offerer(192))
    await measure(`${kind} tryClaim of 32 bytes`, publication, subscription, claimer(32))
  }
}

await main()
