/*
 * Opens, uses and closes things again and again, and prints what is left as JSON: <aeron directory> <what> <rounds or seconds>
 * Run with --expose-gc.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Aeron } from '@x/client'
import { eventually } from '../eventually.ts'
import { countMappings, readFigures, type SoakReport } from './soak-figures.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'
const WARM_UP_ROUNDS = 100

const [aeronDirectory = '', what = '', amount] = process.argv.slice(2)
const errors: string[] = []
let mostMappings = 0

function connect(): Promise<Aeron> {
  return Aeron.connect({
    aeronDirectory,
    resourceLingerDurationMs: 0,
    idleSleepDurationMs: 1,
    errorHandler: (error) => errors.push(error.message),
  })
}

async function publications(aeron: Aeron, rounds: number): Promise<void> {
  const buffer = new Uint8Array(100)
  for (let i = 0; i < rounds; i++) {
    const publication =
      i % 2 === 0 ? await aeron.addPublication(CHANNEL, i) : await aeron.addExclusivePublication(CHANNEL, i)
    publication.offer(buffer)
    publication.close()
    if (i % 64 === 0) mostMappings = Math.max(mostMappings, countMappings())
  }
}

async function counters(aeron: Aeron, rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    const counter = await aeron.addCounter(1_001, { label: `counter ${i}` })
    counter.set(BigInt(i))
    counter.close()
  }
}

/** Pairs with messages between them, many open at a time. */
async function streams(aeron: Aeron, rounds: number): Promise<void> {
  const buffer = new Uint8Array(2_000)
  for (let i = 0; i < rounds; i++) {
    using subscription = await aeron.addSubscription(CHANNEL, 5_000 + (i % 50))
    using publication = await aeron.addPublication(CHANNEL, 5_000 + (i % 50))
    await eventually(() => publication.isConnected && subscription.isConnected)
    let received = 0
    for (let sent = 0; sent < 20;) {
      if (publication.offer(buffer) > 0) sent++
      else await nextTurn()
      received += subscription.poll(() => {}, 100)
    }
    await eventually(() => (received += subscription.poll(() => {}, 100)) >= 40)
    if (i % 64 === 0) mostMappings = Math.max(mostMappings, countMappings())
  }
}

/** Whole clients, closed without closing what they have. */
async function clients(rounds: number): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    using aeron = await connect()
    await Promise.all([aeron.addPublication(CHANNEL, i), aeron.addSubscription(CHANNEL, i)])
  }
}

async function mixed(aeron: Aeron, seconds: number): Promise<number> {
  const endMs = performance.now() + seconds * 1_000
  let rounds = 0
  while (performance.now() < endMs) {
    await publications(aeron, 50)
    await counters(aeron, 50)
    await streams(aeron, 20)
    await clients(2)
    rounds++
  }
  return rounds
}

async function run(aeron: Aeron, rounds: number): Promise<number> {
  if (what === 'publications') await publications(aeron, rounds)
  else if (what === 'counters') await counters(aeron, rounds)
  else if (what === 'streams') await streams(aeron, rounds)
  else if (what === 'clients') await clients(rounds)
  else return mixed(aeron, rounds)
  return rounds
}

const aeron = await connect()
await run(aeron, what === 'mixed' ? 10 : Math.min(WARM_UP_ROUNDS, Number(amount)))
const before = await readFigures(aeronDirectory)
const rounds = await run(aeron, Number(amount))
const after = await readFigures(aeronDirectory)
aeron.close()
const report: SoakReport = { rounds, before, after, mostMappings, errors: errors.slice(0, 5) }
process.stdout.write(JSON.stringify(report))
