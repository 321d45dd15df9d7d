import { AtomicBuffer } from '@x/atomic'
import type { AeronCluster, EgressListener } from '@x/cluster'
import { AgentTerminationError, type Agent } from '@x/idlestrategy'
import { build as buildHistogram, type Histogram } from 'hdr-histogram-js'
import type { EchoDecoder } from './gen/echo-decoder.ts'
import { EchoEncoder } from './gen/echo-encoder.ts'
import { MessageDispatcher, type MessageHandlers } from './gen/message-dispatcher.ts'
import { MessageHeaderEncoder } from './gen/message-header-encoder.ts'
import type { TickDecoder } from './gen/tick-decoder.ts'
import type { SampleOptions } from './options.ts'
import { SequenceCheck } from './sequence-check.ts'

/** Messages that may be under way at once: more would measure the length of a queue. */
const MAX_IN_FLIGHT = 1_000
/** Messages sent in one duty cycle. */
const SEND_BATCH = 32
/** After this long without an echo, what is under way counts as lost. */
const ECHO_TIMEOUT_MS = 10_000

/** Sends echo messages at a steady rate, and checks what comes back. */
export class EchoClient implements Agent, EgressListener, MessageHandlers {
  readonly roleName = 'echo-client'
  /** Round trips in microseconds. */
  readonly roundTripUs: Histogram = buildHistogram({
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  })
  readonly sequences: SequenceCheck = new SequenceCheck()

  readonly #rate: number
  readonly #dispatcher = new MessageDispatcher()
  readonly #headerEncoder = new MessageHeaderEncoder()
  readonly #echoEncoder = new EchoEncoder()
  readonly #message: AtomicBuffer
  readonly #payload: Uint8Array
  readonly #messageLength: number
  #cluster: AeronCluster | undefined
  #messageLimit: number
  #sentCount = 0
  #tickCount = 0n
  #startMs = 0
  #lastEchoMs = 0

  constructor(options: SampleOptions) {
    this.#rate = options.rate
    this.#messageLimit = options.messages ?? Number.POSITIVE_INFINITY
    this.#payload = new Uint8Array(options.length)
    this.#message = AtomicBuffer.allocate(
      MessageHeaderEncoder.ENCODED_LENGTH + EchoEncoder.BLOCK_LENGTH + 4 + options.length,
    )
    this.#messageLength = this.#message.capacity
  }

  /** Messages sent. */
  get sentCount(): number {
    return this.#sentCount
  }

  /** Ticks that the service's timer had counted when it last told. */
  get tickCount(): bigint {
    return this.#tickCount
  }

  /** Begins to send, with the next duty cycle. */
  begin(cluster: AeronCluster): void {
    this.#cluster = cluster
    this.#startMs = performance.now()
    this.#lastEchoMs = this.#startMs
  }

  /** Sends no more; the agent ends when what is under way has come back. */
  finish(): void {
    this.#messageLimit = this.#sentCount
  }

  /** @throws AgentTerminationError when all is done, or nothing comes back any more */
  doWork(): number {
    const cluster = this.#cluster
    if (cluster === undefined) return 0
    const nowMs = performance.now()
    const work = cluster.pollEgress() + this.#send(cluster, nowMs)
    if (cluster.isClosed)
      throw cluster.closeCause ?? new AgentTerminationError('The cluster client is closed')
    if (this.#isDone(nowMs)) throw new AgentTerminationError('All is echoed', { isExpected: true })
    return work
  }

  onMessage(
    _sessionId: bigint,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    this.#dispatcher.dispatch(buffer, offset, length, this)
  }

  onEcho(echo: EchoDecoder): void {
    this.#lastEchoMs = performance.now()
    if (this.sequences.onSequence(echo.sequence))
      this.roundTripUs.recordValue(Math.max(1, nowUs() - echo.sentTimeUs))
  }

  onTick(tick: TickDecoder): void {
    this.#tickCount = tick.count
  }

  get #inFlight(): number {
    return this.#sentCount - this.sequences.report().received
  }

  #send(cluster: AeronCluster, nowMs: number): number {
    const due = Math.min(this.#messageLimit, Math.floor(((nowMs - this.#startMs) * this.#rate) / 1_000))
    const room = MAX_IN_FLIGHT - this.#inFlight
    const count = Math.min(due - this.#sentCount, room, SEND_BATCH)
    for (let sent = 0; sent < count; sent++) {
      this.#echoEncoder
        .wrapAndApplyHeader(this.#message, 0, this.#headerEncoder)
        .sequence(this.#sentCount)
        .sentTimeUs(nowUs())
        .payload(this.#payload)
      if (cluster.offer(this.#message, 0, this.#messageLength) < 0) return sent
      this.#sentCount++
    }
    return Math.max(0, count)
  }

  #isDone(nowMs: number): boolean {
    if (this.#sentCount < this.#messageLimit) return false
    return this.#inFlight === 0 || nowMs - this.#lastEchoMs > ECHO_TIMEOUT_MS
  }
}

function nowUs(): number {
  return Math.round(performance.now() * 1_000)
}
