// Sends messages to a cluster that sends them back: at fixed rates, each latency from the time at which the message was to be sent; and
// as fast as a window of messages under way allows. Parameters: dir, ingressEndpoints, length, rates (comma separated), window,
// warmupMs, measureMs, idle.
import { AtomicBuffer } from '@x/atomic'
import type { Aeron } from '@x/client'
import { AeronCluster } from '@x/cluster'
import { LatencyHistogram } from './lib/latency.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'
import { runAgent } from './lib/run-agent.ts'
import type { FiniteAgent } from './lib/run-agent.ts'

const window = params.number('window')
const warmupMs = params.number('warmupMs')
const measureMs = params.number('measureMs')

/** One stage: at a rate, or as fast as can be with a rate of 0. */
class Stage {
  readonly rate: number
  readonly histogram: LatencyHistogram = new LatencyHistogram()
  readonly lengthMs: number
  startMs = 0
  measureFromMs = 0
  endMs = 0
  sent = 0
  received = 0
  /** In the time that is measured. */
  measured = 0

  constructor(rate: number, isFirst: boolean) {
    this.rate = rate
    // What is warm stays warm.
    this.lengthMs = (isFirst ? warmupMs : warmupMs / 4) + measureMs
  }

  start(now: number): void {
    this.startMs = now
    this.endMs = now + this.lengthMs
    this.measureFromMs = this.endMs - measureMs
  }

  /** When the next message is to be sent; Infinity when there is none yet. */
  nextMs(now: number): number {
    if (this.rate === 0) return this.sent - this.received < window ? now : Infinity
    return this.startMs + (this.sent * 1_000) / this.rate
  }

  onEcho(sentMs: number, now: number): void {
    this.received++
    if (sentMs >= this.measureFromMs && this.rate !== 0) this.histogram.recordMs(now - sentMs)
    if (now >= this.measureFromMs && now < this.endMs) this.measured++
  }
}

class EchoClient implements FiniteAgent {
  readonly roleName = 'echo-client'
  readonly stages: readonly Stage[]
  isDone = false
  #cluster: AeronCluster | undefined
  readonly #buffer = AtomicBuffer.allocate(params.number('length'))
  #stage: Stage
  #index = 0

  constructor() {
    const rates = params.text('rates').split(',').map(Number)
    this.stages = [...rates, 0].map((rate, index) => new Stage(rate, index === 0))
    this.#stage = this.stages[0]!
  }

  async connect(aeron: Aeron): Promise<this> {
    this.#cluster = await AeronCluster.connect({
      aeron,
      ingressChannel: 'aeron:udp?term-length=1m',
      ingressEndpoints: params.text('ingressEndpoints'),
      egressChannel: 'aeron:udp?endpoint=127.0.0.1:0|term-length=1m',
      keepAliveIntervalMs: 1_000,
      egressListener: {
        onMessage: (_sessionId, _timestamp, buffer, offset) => {
          this.#stage.onEcho(buffer.getFloat64(offset), performance.now())
        },
      },
    })
    this.#stage.start(performance.now())
    return this
  }

  doWork(): number {
    const now = performance.now()
    const stage = this.#stage
    const cluster = this.#cluster!
    let workCount = 0
    const next = stage.nextMs(now)
    if (now >= next && next < stage.endMs) {
      this.#buffer.putFloat64(0, next)
      if (cluster.offer(this.#buffer, 0, this.#buffer.capacity) > 0) stage.sent++
      workCount = 1
    }
    if (next >= stage.endMs && stage.received >= stage.sent) this.#nextStage(now)
    if (this.isDone) return 0
    if (cluster.isClosed) throw cluster.closeCause ?? new Error('Cannot go on: the session is closed')
    return workCount + cluster.pollEgress()
  }

  #nextStage(now: number): void {
    const stage = this.stages[++this.#index]
    if (stage === undefined) {
      this.isDone = true
      this.#cluster?.close()
    } else {
      this.#stage = stage
      stage.start(now)
    }
  }
}

const client = new EchoClient()
await runAgent(async (aeron) => client.connect(aeron))
const atRates = client.stages.filter((stage) => stage.rate !== 0)
const fastest = client.stages.find((stage) => stage.rate === 0)!
printSample(
  { messagesPerSecond: fastest.measured / (measureMs / 1_000) },
  Object.fromEntries(atRates.map((stage) => [`echo${stage.rate}`, stage.histogram.encode()])),
)
