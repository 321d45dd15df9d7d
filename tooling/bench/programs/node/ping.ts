// Sends messages at a fixed rate and takes the time until each comes back, from the time at which it was to be sent: a message that
// had to wait for one before it counts with its wait. Parameters: dir, pingChannel, pongChannel, pingStream, pongStream, length,
// rate (messages a second), warmupMs, measureMs, idle.
import { AtomicBuffer } from '@x/atomic'
import type { Aeron } from '@x/client'
import { LatencyHistogram } from './lib/latency.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'
import { runAgent } from './lib/run-agent.ts'
import type { FiniteAgent } from './lib/run-agent.ts'

const FRAGMENT_LIMIT = 10
/** At most, for the last messages to come back: one that a stall holds up at the end counts too. */
const DRAIN_MS = 1_000

class PingAgent implements FiniteAgent {
  readonly roleName = 'ping'
  readonly histogram = new LatencyHistogram()
  sent = 0
  received = 0
  isDone = false
  readonly #buffer = AtomicBuffer.allocate(params.number('length'))
  readonly #intervalMs = 1_000 / params.number('rate')
  readonly #publication
  readonly #subscription
  #startMs = 0
  #measureMs = 0
  #endMs = 0

  constructor(aeron: Aeron) {
    this.#subscription = aeron.addSubscriptionSync(params.text('pongChannel'), params.number('pongStream'))
    this.#publication = aeron.addExclusivePublicationSync(
      params.text('pingChannel'),
      params.number('pingStream'),
    )
  }

  doWork(): number {
    const now = performance.now()
    if (this.#startMs === 0) return this.#awaitConnection(now)
    const intended = this.#startMs + this.sent * this.#intervalMs
    let workCount = 0
    if (now >= intended && intended < this.#endMs) {
      this.#buffer.putFloat64(0, intended)
      if (this.#publication.offer(this.#buffer, 0, this.#buffer.capacity) > 0) this.sent++
      workCount = 1
    }
    const isAnswered = intended >= this.#endMs && this.received === this.sent
    if (isAnswered || now > this.#endMs + DRAIN_MS) this.isDone = true
    return workCount + this.#subscription.poll(this.#onPong, FRAGMENT_LIMIT)
  }

  #awaitConnection(now: number): number {
    if (!this.#publication.isConnected || !this.#subscription.isConnected) return 0
    this.#startMs = now
    this.#measureMs = now + params.number('warmupMs')
    this.#endMs = this.#measureMs + params.number('measureMs')
    return 1
  }

  readonly #onPong = (buffer: AtomicBuffer, offset: number): void => {
    const intended = buffer.getFloat64(offset)
    this.received++
    if (intended >= this.#measureMs) this.histogram.recordMs(performance.now() - intended)
  }
}

let ping: PingAgent | undefined
await runAgent((aeron) => (ping = new PingAgent(aeron)))
const { sent, received, histogram } = ping!
printSample({ sent, received }, { roundTrip: histogram.encode() })
