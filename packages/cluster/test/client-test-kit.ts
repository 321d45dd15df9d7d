import { AtomicBuffer } from '@x/atomic'
import { AeronCluster, type EgressListener, type NewLeader, type SessionEvent } from '@x/cluster'

/** What the auction of Aeron's tutorial answers to a bid. */
export interface BidResult {
  readonly correlationId: bigint
  readonly customerId: bigint
  readonly price: bigint
  readonly succeeded: boolean
}

/** For what happens at once, on a machine that is busy with others. */
const WAIT_MS = 30_000
const BID_LENGTH = 24
const RESULT_LENGTH = 25

/** A listener that keeps what it is told. */
export class Recorder implements EgressListener {
  readonly results: BidResult[] = []
  readonly lengths: number[] = []
  readonly sessionEvents: SessionEvent[] = []
  readonly newLeaders: NewLeader[] = []

  onMessage(
    _clusterSessionId: bigint,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    this.lengths.push(length)
    if (length !== RESULT_LENGTH) return
    this.results.push({
      correlationId: buffer.getInt64(offset),
      customerId: buffer.getInt64(offset + 8),
      price: buffer.getInt64(offset + 16),
      succeeded: buffer.getUint8(offset + 24) === 1,
    })
  }

  onSessionEvent(event: SessionEvent): void {
    this.sessionEvents.push(event)
  }

  onNewLeader(event: NewLeader): void {
    this.newLeaders.push(event)
  }
}

/** A bid as the auction takes it. */
export function bidOf(correlationId: bigint, customerId: bigint, price: bigint): AtomicBuffer {
  const bid = AtomicBuffer.allocate(BID_LENGTH)
  bid.putInt64(0, correlationId)
  bid.putInt64(8, customerId)
  bid.putInt64(16, price)
  return bid
}

/** A cluster client, of either kind. */
type Polled = Pick<AeronCluster, 'pollEgress' | 'isClosed'> & { readonly closeCause: Error | undefined }

/** Polls egress, on the event loop, until `look` gives something. */
export async function pollUntil<T>(
  what: string,
  cluster: Polled,
  look: () => T | undefined,
  timeoutMs: number = WAIT_MS,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    cluster.pollEgress()
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > deadline) {
      throw new Error(
        `Cannot wait for ${what}: it did not happen in ${timeoutMs} ms, the client is ${cluster.isClosed ? 'closed' : 'open'}, ${cluster.closeCause}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Sends a bid and waits for its result; a bid that a leader lost is sent again. */
export async function bid(
  cluster: AeronCluster,
  recorder: Recorder,
  correlationId: bigint,
  price: bigint,
  timeoutMs: number = WAIT_MS,
): Promise<BidResult> {
  const message = bidOf(correlationId, 7n, price)
  await pollUntil('an offer', cluster, () => (cluster.offer(message) > 0 ? true : undefined), timeoutMs)
  return pollUntil(
    `the result of bid ${correlationId}`,
    cluster,
    () => recorder.results.find((result) => result.correlationId === correlationId),
    timeoutMs,
  )
}
