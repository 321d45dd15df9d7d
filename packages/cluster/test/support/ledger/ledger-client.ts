import type { Cluster } from '@x/aeron-tooling'
import type { AtomicBuffer } from '@x/atomic'
import { AeronCluster } from '@x/cluster'
import {
  encodeLedgerMessage,
  FLAG_SERVICE_MESSAGE,
  FLAG_TIMER,
  LedgerKind,
  type LedgerMessage,
} from './ledger-message.ts'

/** For what happens at once, on a machine that is busy with others. */
const WAIT_MS = 60_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What was sent and answered, by all clients of a test: sequences are never used twice. */
export class LedgerBook {
  /** Sequences that were accepted by a leader. */
  readonly offered: Set<bigint> = new Set()
  /** How often each sequence was answered. */
  readonly replies: Map<bigint, number> = new Map()
  #sequence = 0n

  next(): bigint {
    return ++this.#sequence
  }
}

/** Talks to ledgers. Nothing is ever sent twice: an offer that a leader took and lost stays lost. */
export class LedgerClient {
  readonly cluster: AeronCluster
  readonly book: LedgerBook
  #isLoading = false
  #loading: Promise<void> | undefined

  private constructor(cluster: AeronCluster, book: LedgerBook) {
    this.cluster = cluster
    this.book = book
  }

  /** How often each sequence was answered, to any client of the book. */
  get replies(): ReadonlyMap<bigint, number> {
    return this.book.replies
  }

  /** Connects over the driver in `aeronDirectory`, with a session of its own. */
  static async connect(
    nodes: Cluster,
    aeronDirectory: string,
    book: LedgerBook = new LedgerBook(),
    host: string = '127.0.0.1',
  ): Promise<LedgerClient> {
    const { replies } = book
    const cluster = await AeronCluster.connect({
      aeronDirectory,
      ingressChannel: 'aeron:udp?term-length=64k',
      ingressEndpoints: nodes.ingressEndpoints,
      egressChannel: `aeron:udp?endpoint=${host}:0`,
      keepAliveIntervalMs: 500,
      newLeaderTimeoutMs: 20_000,
      messageTimeoutMs: 20_000,
      egressListener: {
        onMessage: (_id, _timestamp, buffer: AtomicBuffer, offset) => {
          const sequence = buffer.getInt64(offset)
          replies.set(sequence, (replies.get(sequence) ?? 0) + 1)
        },
      },
    })
    return new LedgerClient(cluster, book)
  }

  /** Begins to send ADD messages at a steady rate; every tenth sets a timer, every fifteenth makes the service offer a message. */
  startLoad(ratePerSecond: number): void {
    this.#isLoading = true
    this.#loading = this.#load(ratePerSecond)
  }

  /** Sends no more, and waits until what was answered is in. */
  async stopLoad(): Promise<void> {
    this.#isLoading = false
    await this.#loading
    await this.poll(300)
  }

  /** Offers until a leader takes it. */
  async send(
    message: Omit<LedgerMessage, 'sequence'> & { readonly sequence?: bigint },
    timeoutMs: number = WAIT_MS,
  ): Promise<bigint> {
    const sequence = message.sequence ?? this.book.next()
    const bytes = encodeLedgerMessage({ ...message, sequence })
    const deadline = Date.now() + timeoutMs
    while (this.cluster.offer(bytes) < 0) {
      if (Date.now() > deadline || this.cluster.isClosed) {
        throw new Error(`expected to send, the client is ${this.cluster.state}: ${this.cluster.closeCause}`)
      }
      await this.poll(1)
    }
    if (message.kind === LedgerKind.ADD) this.book.offered.add(sequence)
    return sequence
  }

  /** Polls egress for a while. */
  async poll(ms: number): Promise<void> {
    const end = Date.now() + ms
    do {
      this.cluster.pollEgress()
      await sleep(1)
    } while (Date.now() < end)
  }

  /** Polls egress until `look` gives something. */
  async pollUntil<T>(
    what: string,
    look: () => T | undefined | false,
    timeoutMs: number = WAIT_MS,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const found = look()
      if (found !== undefined && found !== false) return found
      if (Date.now() > deadline) {
        throw new Error(
          `Cannot see ${what} in ${timeoutMs} ms: the client is ${this.cluster.state}: ${this.cluster.closeCause}`,
        )
      }
      await this.poll(5)
    }
  }

  close(): void {
    this.cluster.close()
  }

  async #load(ratePerSecond: number): Promise<void> {
    const begin = Date.now()
    let sent = 0
    while (this.#isLoading && !this.cluster.isClosed) {
      this.cluster.pollEgress()
      const due = Math.floor(((Date.now() - begin) * ratePerSecond) / 1_000)
      while (sent < due) {
        sent++
        const sequence = this.book.next()
        const flags =
          (sequence % 10n === 0n ? FLAG_TIMER : 0) | (sequence % 15n === 0n ? FLAG_SERVICE_MESSAGE : 0)
        const message = {
          kind: LedgerKind.ADD,
          sequence,
          flags,
          argument: 200n,
          fillerLength: Number(sequence % 50n),
        }
        if (this.cluster.offer(encodeLedgerMessage(message)) > 0) this.book.offered.add(sequence)
      }
      await sleep(1)
    }
  }
}
