import { setTimeout as sleep } from 'node:timers/promises'
import type { Aeron } from '@x/client'
import { AeronCluster, type AeronClusterOptions, type SessionEvent } from '@x/cluster'

const ECHO_LENGTH = 9
/** Connects under way at once: each is polled by timers of its own. */
const CONNECTS_AT_ONCE = 50
/** Well below the session timeout, also where a round takes its time. */
const KEEP_ALIVE_INTERVAL_MS = 1_000
/** Bytes of the log that a request to close surely fits in. */
const CLOSE_REQUEST_ROOM = 128

/** One session of a crowd. */
export interface CrowdMember {
  readonly cluster: AeronCluster
  /** Numbers that came back. */
  readonly echoes: bigint[]
  readonly events: SessionEvent[]
  /** Bytes that came, whatever they are. */
  readonly receivedLength: number
  /** False for one that does not read its egress. */
  isPolled: boolean
  /** False for one that falls silent. */
  isKeptAlive: boolean
}

/** Many sessions over one Aeron client, all polled by one loop. */
export class Crowd {
  readonly members: CrowdMember[] = []
  readonly #aeron: Aeron
  readonly #options: Omit<AeronClusterOptions, 'aeron' | 'egressStreamId' | 'egressListener'>
  #nextStreamId = 10_000
  #keepAliveMs = 0
  /** Those whose keep-alive of this round has not found room yet. */
  #due: CrowdMember[] = []

  constructor(aeron: Aeron, options: Omit<AeronClusterOptions, 'aeron'>) {
    this.#aeron = aeron
    this.#options = options
  }

  /** Opens sessions, each with an egress stream of its own, and keeps all there are alive meanwhile. */
  async open(count: number): Promise<void> {
    for (let left = count; left > 0; left -= CONNECTS_AT_ONCE) {
      const connects = Array.from({ length: Math.min(left, CONNECTS_AT_ONCE) }, async () => this.connect())
      const opening = Promise.all(connects)
      let isDone = false
      void opening.then(
        () => (isDone = true),
        () => (isDone = true),
      )
      while (!isDone) {
        this.poll()
        this.#keepAlive()
        await sleep(1)
      }
      this.members.push(...(await opening))
    }
  }

  /** Opens one session, that does not belong to the crowd yet. */
  async connect(): Promise<CrowdMember> {
    const echoes: bigint[] = []
    const events: SessionEvent[] = []
    const received = { length: 0 }
    const cluster = await AeronCluster.connect({
      ...this.#options,
      aeron: this.#aeron,
      egressStreamId: this.#nextStreamId++,
      egressListener: {
        onMessage: (_id, _timestamp, buffer, offset, length) => {
          received.length += length
          if (length === ECHO_LENGTH) echoes.push(buffer.getInt64(offset + 1))
        },
        onSessionEvent: (event) => events.push(event),
      },
    })
    return {
      cluster,
      echoes,
      events,
      get receivedLength() {
        return received.length
      },
      isPolled: true,
      isKeptAlive: true,
    }
  }

  /** Polls each that reads. */
  poll(): void {
    for (const { cluster, isPolled } of this.members) if (isPolled) cluster.pollEgress()
  }

  /** Polls all until a condition holds. */
  async until(what: string, isTrue: () => boolean, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!isTrue()) {
      if (Date.now() > deadline) throw new Error(`expected ${what} within ${timeoutMs} ms`)
      this.poll()
      this.#keepAlive()
      await sleep(1)
    }
  }

  /** One keep-alive of each member in a round: all of them together are more than the ingress has room for at once. */
  #keepAlive(): void {
    if (this.#due.length === 0 && Date.now() >= this.#keepAliveMs) {
      this.#keepAliveMs = Date.now() + KEEP_ALIVE_INTERVAL_MS
      this.#due = [...this.members]
    }
    for (let member = this.#due[0]; member !== undefined; member = this.#due[0]) {
      const { cluster, isKeptAlive } = member
      if (isKeptAlive && !cluster.isClosed && !cluster.sendKeepAlive()) return
      this.#due.shift()
    }
  }

  /** Sends a command, with a number, as each member. */
  async tell(members: readonly CrowdMember[], command: number, number: bigint): Promise<void> {
    const message = new DataView(new ArrayBuffer(ECHO_LENGTH))
    message.setUint8(0, command)
    message.setBigInt64(1, number, true)
    const bytes = new Uint8Array(message.buffer)
    const left = [...members]
    await this.until('all offers to be taken', () => {
      while (left[0] !== undefined && left[0].cluster.offer(bytes) > 0) left.shift()
      return left.length === 0
    })
  }

  /**
   * Closes members, each with a request that the cluster gets: a close does not wait for room in the ingress, which all of them share, and
   * without its request the session would end by time out.
   */
  async leave(members: readonly CrowdMember[]): Promise<void> {
    const left = [...members]
    const hasRoom = ({ cluster }: CrowdMember): boolean =>
      (cluster.ingressPublication?.availableWindow ?? 0) >= CLOSE_REQUEST_ROOM
    await this.until('room for all requests to close', () => {
      while (left[0] !== undefined && hasRoom(left[0])) left.shift()?.cluster.close()
      return left.length === 0
    })
  }

  close(): void {
    for (const { cluster } of this.members) cluster.close()
  }
}
