import { AtomicBuffer } from '@x/atomic'
import { COUNTER_LENGTH, CountersManager, METADATA_LENGTH } from '@x/atomic/status'
import { Aeron, ChannelUri, FragmentAssembler, type Publication, type Subscription } from '@x/client'
import type { ArchiveDriver } from './memory-archive.ts'
import { MemoryStream } from './memory-stream.ts'
import type { PublicationScript } from './publication-script.ts'

const COUNTER_COUNT = 64
const FIRST_SESSION_ID = 1_000
const POLL_LIMIT = 64
/** Id of the container's client, which its start ack carries. */
const CLIENT_ID = 1n
const MTU_LENGTH = 1_408

/** Where an egress goes to: a client of the test. */
export interface EgressSink {
  readonly script: PublicationScript
  /** Whether a driver would reach it; otherwise the publication is refused. */
  readonly isReachable: boolean
  onEgress(message: Uint8Array): void
}

/** What a driver does for one container. */
export interface MemoryDriverOptions {
  readonly egressTermLength: number
  readonly snapshotTermLength: number
  readonly snapshotScript: PublicationScript
  readonly egressOf: (channel: string, streamId: number) => EgressSink
}

/**
 * A media driver in memory of this process, for one container: streams, counters, and a stand-in for the Aeron client. It works when it is
 * told to, and then in the same order every time.
 */
export class MemoryDriver implements ArchiveDriver {
  readonly counters: CountersManager = new CountersManager(
    AtomicBuffer.allocate(COUNTER_COUNT * METADATA_LENGTH),
    AtomicBuffer.allocate(COUNTER_COUNT * COUNTER_LENGTH),
    { clock: { timeMs: () => 0 } },
  )
  /** The client that the container gets. */
  readonly aeron: Aeron
  readonly #options: MemoryDriverOptions
  readonly #streams = new Map<number, MemoryStream>()
  readonly #work = new Set<() => void>()
  #nextSessionId = FIRST_SESSION_ID

  constructor(options: MemoryDriverOptions) {
    this.#options = options
    this.aeron = standIn(new MemoryAeron(this))
  }

  nextSessionId(): number {
    return this.#nextSessionId++
  }

  streamOf(sessionId: number): MemoryStream | undefined {
    return this.#streams.get(sessionId)
  }

  offerStream(stream: MemoryStream): void {
    this.#streams.set(stream.sessionId, stream)
  }

  addWork(work: () => void): () => void {
    this.#work.add(work)
    return () => this.#work.delete(work)
  }

  /** Carries on what was sent since the last time. */
  work(): void {
    for (const work of this.#work) work()
  }

  /** A publication whose messages go to `onMessage` when the driver works. */
  openPublication(
    channel: string,
    streamId: number,
    termLength: number,
    script: PublicationScript,
    onMessage: (message: Uint8Array) => void,
  ): Publication {
    const sessionId = this.nextSessionId()
    const stream = new MemoryStream({ channel, streamId, sessionId, termLength, mtuLength: MTU_LENGTH })
    const subscription = stream.subscribe()
    const assembler = new FragmentAssembler((buffer, offset, length) => {
      onMessage(buffer.bytes.slice(offset, offset + length))
    })
    const read = (): void => {
      while (subscription.poll(assembler.onFragment, POLL_LIMIT) > 0);
    }
    this.addWork(read)
    script.onFull = read
    return stream.concurrent(script)
  }

  openEgress(channel: string, streamId: number): Publication {
    const sink = this.#options.egressOf(channel, streamId)
    if (!sink.isReachable) {
      throw new Error(
        `Cannot add a publication: no driver reaches "${channel}" of this session, as the test asked`,
      )
    }
    return this.openPublication(channel, streamId, this.#options.egressTermLength, sink.script, (message) =>
      sink.onEgress(message),
    )
  }

  openExclusive(channel: string, streamId: number): Publication {
    const { snapshotTermLength: termLength, snapshotScript: script } = this.#options
    const sessionId = this.nextSessionId()
    const stream = new MemoryStream({ channel, streamId, sessionId, termLength, mtuLength: MTU_LENGTH })
    this.offerStream(stream)
    script.onFull = () => this.work()
    return stream.exclusive(script)
  }

  subscribe(channel: string): Subscription {
    const sessionId = Number(ChannelUri.parse(channel).get('session-id'))
    const stream = this.#streams.get(sessionId)
    if (stream === undefined) throw new Error(`Cannot subscribe to "${channel}": it must be of a stream`)
    return stream.subscribe()
  }
}

/** The part of an Aeron client that a container uses. */
class MemoryAeron {
  readonly clientId = CLIENT_ID
  readonly isClosed = false
  readonly countersReader: CountersManager
  readonly conductorAgentInvoker: { invoke(): number }
  readonly #driver: MemoryDriver
  readonly #registered = new Map<bigint, () => Publication | Subscription>()
  #nextId = 1n

  constructor(driver: MemoryDriver) {
    this.#driver = driver
    this.countersReader = driver.counters
    this.conductorAgentInvoker = {
      invoke: () => {
        driver.work()
        return 0
      },
    }
  }

  asyncAddPublication(channel: string, streamId: number): bigint {
    return this.#register(() => this.#driver.openEgress(channel, streamId))
  }

  asyncRemovePublication(registrationId: bigint): void {
    this.#registered.delete(registrationId)
  }

  getPublication(registrationId: bigint): Publication | Subscription | undefined {
    return this.#take(registrationId)
  }

  asyncAddExclusivePublication(channel: string, streamId: number): bigint {
    return this.#register(() => this.#driver.openExclusive(channel, streamId))
  }

  getExclusivePublication(registrationId: bigint): Publication | Subscription | undefined {
    return this.#take(registrationId)
  }

  asyncAddSubscription(channel: string, _streamId: number): bigint {
    return this.#register(() => this.#driver.subscribe(channel))
  }

  getSubscription(registrationId: bigint): Publication | Subscription | undefined {
    return this.#take(registrationId)
  }

  asyncRemoveSubscription(registrationId: bigint): void {
    this.#registered.delete(registrationId)
  }

  #register(open: () => Publication | Subscription): bigint {
    const registrationId = this.#nextId++
    this.#registered.set(registrationId, open)
    return registrationId
  }

  #take(registrationId: bigint): Publication | Subscription | undefined {
    const open = this.#registered.get(registrationId)
    this.#registered.delete(registrationId)
    return open?.()
  }
}

/** Gives a part of a client for a whole one; what the real one has beyond it is refused in words. */
function standIn(part: MemoryAeron): Aeron {
  const proxy = new Proxy(part, {
    get(target, name) {
      if (name in target) {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      }
      if (name in Aeron.prototype) {
        throw new Error(
          `Cannot use cluster.aeron.${String(name)} in a test kit: there is no media driver; test the service without it`,
        )
      }
      return undefined
    },
  })
  return proxy as unknown as Aeron
}
