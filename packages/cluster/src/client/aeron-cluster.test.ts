import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import {
  Action,
  BufferClaim,
  type Aeron,
  type ControlledFragmentHandler,
  type FragmentHandler,
  type Header,
} from '@x/client'
import {
  EventCode,
  MessageHeaderEncoder,
  NewLeaderEventEncoder,
  SessionEventEncoder,
  SessionMessageHeaderEncoder,
} from '@x/codecs/cluster'
import { AeronCluster } from './aeron-cluster.ts'

const SESSION_ID = 5n
const HEADER_LENGTH = 32
const BEGIN = 0x80
const END = 0x40

/** One frame of the egress, as a handler gets it. */
interface Frame {
  readonly payload: Uint8Array
  readonly header: Header
}

/** An egress whose frames the test writes. */
class FakeSubscription {
  isConnected = true
  readonly frames: Frame[] = []
  readonly image = { isClosed: false }
  #termOffset = 0

  tryResolveChannelEndpointPort(): string {
    return 'aeron:udp?endpoint=localhost:4711'
  }

  add(payload: Uint8Array, flags: number = BEGIN | END): void {
    const termOffset = this.#termOffset
    this.#termOffset += HEADER_LENGTH + ((payload.length + 31) & ~31)
    const header = {
      buffer: AtomicBuffer.allocate(HEADER_LENGTH),
      offset: 0,
      sessionId: 7,
      flags,
      termOffset,
      nextTermOffset: this.#termOffset,
      frameLength: HEADER_LENGTH + payload.length,
      initialTermId: 0,
      termLength: 65_536,
      context: this.image,
    }
    this.frames.push({ payload, header: header as unknown as Header })
  }

  poll(handler: FragmentHandler, limit: number): number {
    const frames = this.frames.splice(0, limit)
    for (const { payload, header } of frames) handler(AtomicBuffer.wrap(payload), 0, payload.length, header)
    return frames.length
  }

  controlledPoll(handler: ControlledFragmentHandler, limit: number): number {
    let fragments = 0
    for (let next = this.frames[0]; next !== undefined && fragments < limit; next = this.frames[0]) {
      const action = handler(AtomicBuffer.wrap(next.payload), 0, next.payload.length, next.header)
      if (action === Action.ABORT) break
      this.frames.shift()
      fragments++
      if (action === Action.BREAK) break
    }
    return fragments
  }

  close(): void {}
}

class FakePublication {
  isConnected = true
  claimed: number[] = []
  offer(): number {
    return 64
  }
  tryClaim(length: number): number {
    this.claimed.push(length)
    return -2
  }
  close(): void {
    this.isConnected = false
  }
}

let subscription: FakeSubscription
let publications: FakePublication[]
let received: string[]
let cluster: AeronCluster

beforeEach(() => {
  subscription = new FakeSubscription()
  publications = []
  received = []
  cluster = connected()
})

function connected(): AeronCluster {
  let correlationId = 0n
  const aeron = {
    isClosed: false,
    nextCorrelationId: () => ++correlationId,
    asyncAddSubscription: () => 1n,
    getSubscription: () => subscription,
    asyncAddExclusivePublication: () => BigInt(publications.push(new FakePublication()) - 1),
    getExclusivePublication: (index: bigint) => publications[Number(index)],
  }
  const onMessage = (
    _sessionId: bigint,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): Action => {
    received.push(buffer.getStringWithoutLengthAscii(offset, length))
    return Action.CONTINUE
  }
  const connecting = AeronCluster.asyncConnect({
    aeron: aeron as unknown as Aeron,
    ingressChannel: 'aeron:udp',
    ingressEndpoints: '0=a:1,1=b:2',
    egressChannel: 'aeron:udp?endpoint=localhost:0',
    egressListener: { onMessage },
    controlledEgressListener: { onMessage },
  })
  let client: AeronCluster | undefined
  for (let step = 0; step < 10 && client === undefined; step++) {
    if (correlationId > 0n && subscription.frames.length === 0) subscription.add(sessionOpened(correlationId))
    client = connecting.poll()
  }
  if (client === undefined) throw new Error('The client must be connected')
  return client
}

function sessionOpened(correlationId: bigint): Uint8Array {
  const bytes = new Uint8Array(256)
  const encoder = new SessionEventEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .clusterSessionId(SESSION_ID)
    .correlationId(correlationId)
    .leadershipTermId(1n)
    .leaderMemberId(0)
    .code(EventCode.OK)
    .version(0)
    .leaderHeartbeatTimeoutNs(0n)
    .detail('')
  return bytes.subarray(0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength)
}

function newLeader(): Uint8Array {
  const bytes = new Uint8Array(256)
  const encoder = new NewLeaderEventEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .leadershipTermId(2n)
    .clusterSessionId(SESSION_ID)
    .leaderMemberId(1)
    .ingressEndpoints('0=a:1,1=b:2')
  return bytes.subarray(0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength)
}

function sessionMessage(text: string): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + text.length)
  new SessionMessageHeaderEncoder()
    .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
    .leadershipTermId(2n)
    .clusterSessionId(SESSION_ID)
    .timestamp(0n)
  new TextEncoder().encodeInto(text, bytes.subarray(HEADER_LENGTH))
  return bytes
}

test.each(['pollEgress', 'controlledPollEgress'] as const)(
  '%s() drops what the last leader left half-way, and nothing of the new one',
  (poll) => {
    subscription.add(sessionMessage('half of the last leader'), BEGIN)
    cluster[poll]()
    const message = sessionMessage('twelve bytes')
    subscription.add(newLeader())
    // More fragments than one poll takes.
    subscription.add(message.subarray(0, HEADER_LENGTH), BEGIN)
    for (let i = HEADER_LENGTH; i < message.length; i++) {
      subscription.add(message.subarray(i, i + 1), i === message.length - 1 ? END : 0)
    }
    for (let i = 0; i < 3; i++) cluster[poll]()
    expect(received).toEqual(['twelve bytes'])
    expect(cluster.leaderMemberId).toBe(1)
  },
)

test('tryClaim() refuses a negative length, which would leave no room for the session header', () => {
  expect(() => cluster.tryClaim(-1, new BufferClaim())).toThrow(RangeError)
  expect(cluster.tryClaim(0, new BufferClaim())).toBe(-2)
  expect(publications.flatMap(({ claimed }) => claimed)).toEqual([HEADER_LENGTH])
})
