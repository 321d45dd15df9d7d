import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import {
  Action,
  AeronError,
  BACK_PRESSURED,
  type Aeron,
  type ControlledFragmentHandler,
  type Header,
} from '@x/client'
import {
  ChallengeEncoder,
  ChallengeResponseDecoder,
  EventCode,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  SessionConnectRequestDecoder,
  SessionEventEncoder,
} from '@x/codecs/cluster'
import { isClusterError } from '../cluster-error.ts'
import { resolveAeronClusterOptions, type AeronClusterOptions } from './aeron-cluster-options.ts'
import { AsyncConnect, AsyncConnectState, type ConnectedSession } from './async-connect.ts'

const UNFRAGMENTED = 0xc0
const IMAGE = { isClosed: false }
const NULL_TIMEOUT = SessionEventEncoder.LEADER_HEARTBEAT_TIMEOUT_NS_NULL

class FakePublication {
  readonly channel: string
  isConnected = false
  isClosed = false
  result = 1
  readonly sent: Uint8Array[] = []
  constructor(channel: string) {
    this.channel = channel
  }
  offer(message: Uint8Array): number {
    if (this.result > 0) this.sent.push(message)
    return this.result
  }
  close(): void {
    this.isClosed = true
  }
}

class FakeSubscription {
  resolved: string | undefined = 'aeron:udp?endpoint=localhost:4711'
  isClosed = false
  readonly arrived: AtomicBuffer[] = []
  tryResolveChannelEndpointPort(): string | undefined {
    return this.resolved
  }
  controlledPoll(handler: ControlledFragmentHandler): number {
    const header = { flags: UNFRAGMENTED, context: IMAGE } as unknown as Header
    let fragments = 0
    for (let next = this.arrived[0]; next !== undefined; next = this.arrived[0]) {
      const action = handler(next, 0, next.capacity, header)
      if (action === Action.ABORT) break
      this.arrived.shift()
      fragments++
      if (action === Action.BREAK) break
    }
    return fragments
  }
  close(): void {
    this.isClosed = true
  }
}

/** A driver that answers every registration with the next look. */
class FakeAeron {
  readonly publications: FakePublication[] = []
  readonly removed: bigint[] = []
  readonly subscription = new FakeSubscription()
  readonly refusals = new Map<string, ('GENERIC_ERROR' | 'RESOURCE_TEMPORARILY_UNAVAILABLE')[]>()
  isClosed = false
  answersSubscriptions = true
  #correlationId = 0n
  nextCorrelationId(): bigint {
    return ++this.#correlationId
  }
  asyncAddSubscription(): bigint {
    return this.nextCorrelationId()
  }
  getSubscription(): FakeSubscription | undefined {
    return this.answersSubscriptions ? this.subscription : undefined
  }
  asyncRemoveSubscription(registrationId: bigint): void {
    this.removed.push(registrationId)
  }
  asyncAddExclusivePublication(channel: string): bigint {
    this.publications.push(new FakePublication(channel))
    return BigInt(this.publications.length - 1)
  }
  getExclusivePublication(index: bigint): FakePublication | undefined {
    const publication = this.publications[Number(index)]
    const errorCodeName = this.refusals.get(publication?.channel ?? '')?.shift()
    if (errorCodeName === undefined) return publication
    throw new AeronError('REGISTRATION_FAILED', `Cannot add: ${errorCodeName}`, {
      correlationId: index,
      errorCode: 0,
      errorCodeName,
    })
  }
  asyncRemovePublication(registrationId: bigint): void {
    this.removed.push(registrationId)
  }
  close(): void {
    this.isClosed = true
  }
}

let aeron: FakeAeron
let nowMs: number

beforeEach(() => {
  aeron = new FakeAeron()
  nowMs = 0
})

function connecting(
  options: Partial<AeronClusterOptions> = {},
  ownsAeron = false,
): AsyncConnect<ConnectedSession> {
  return new AsyncConnect(
    {
      aeron: aeron as unknown as Aeron,
      ownsAeron,
      options: resolveAeronClusterOptions({
        ingressChannel: 'aeron:udp?term-length=64k',
        ingressEndpoints: '0=a:1,1=b:2,2=c:3',
        egressChannel: 'aeron:udp?endpoint=localhost:0',
        ...options,
      }),
      nowMs: () => nowMs,
    },
    (session) => session,
  )
}

function pollTo(connect: AsyncConnect<ConnectedSession>, state: AsyncConnectState): void {
  for (let turn = 0; connect.state !== state; turn++) {
    if (turn > 20) throw new Error(`no way from ${connect.state} to ${state}`)
    connect.poll()
  }
}

function sessionEvent(
  correlationId: bigint,
  code: EventCode,
  detail: string,
  leaderMemberId = 1,
): AtomicBuffer {
  const buffer = AtomicBuffer.allocate(256)
  new SessionEventEncoder()
    .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
    .clusterSessionId(77n)
    .correlationId(correlationId)
    .leadershipTermId(5n)
    .leaderMemberId(leaderMemberId)
    .code(code)
    .version(768)
    .leaderHeartbeatTimeoutNs(NULL_TIMEOUT)
    .detail(detail)
  return buffer
}

function requestOf(publication: FakePublication | undefined): SessionConnectRequestDecoder {
  const bytes = publication?.sent.at(-1) ?? new Uint8Array(0)
  return new SessionConnectRequestDecoder().wrapAndApplyHeader(bytes, 0, new MessageHeaderDecoder())
}

function failureOf(connect: AsyncConnect<ConnectedSession>): unknown {
  try {
    for (;;) connect.poll()
  } catch (error) {
    return error
  }
}

function memberPublication(endpoint: string): FakePublication {
  const found = aeron.publications.findLast((each) => each.channel.includes(`endpoint=${endpoint}`))
  if (found === undefined) throw new Error(`nothing was added to ${endpoint}`)
  return found
}

test('AsyncConnect sends its request to the first member that is connected, and keeps that one', () => {
  const connect = connecting({ clientName: 'tester' })
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  expect(aeron.publications.map((each) => each.channel)).toEqual([
    'aeron:udp?term-length=64k|endpoint=a:1',
    'aeron:udp?term-length=64k|endpoint=b:2',
    'aeron:udp?term-length=64k|endpoint=c:3',
  ])
  const second = memberPublication('b:2')
  second.isConnected = true
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  const request = requestOf(second)
  expect(request.responseChannel).toBe('aeron:udp?endpoint=localhost:4711')
  expect(request.responseStreamId).toBe(102)
  expect(request.version).toBe(768)
  expect(request.encodedCredentials).toHaveLength(0)
  expect(request.clientInfo).toMatch(/^name=tester /)
  aeron.subscription.arrived.push(
    sessionEvent(request.correlationId + 9n, EventCode.ERROR, 'for another'),
    sessionEvent(request.correlationId, EventCode.OK, ''),
    sessionEvent(0n, EventCode.CLOSED, 'later'),
  )
  pollTo(connect, AsyncConnectState.DONE)
  const session = connect.poll()
  expect(session).toMatchObject({
    clusterSessionId: 77n,
    leadershipTermId: 5n,
    leaderMemberId: 1,
    leaderHeartbeatTimeoutNs: 10_000_000_000n,
    egressImage: IMAGE,
    publication: second,
  })
  expect(aeron.publications.map((each) => each.isClosed)).toEqual([true, false, true])
  expect(aeron.subscription.arrived).toHaveLength(1)
  connect.close()
  expect(second.isClosed).toBe(false)
})

test('AsyncConnect waits for the port of its egress, and sends again after back pressure', () => {
  const connect = connecting({ ingressEndpoints: undefined as never, ingressChannel: 'aeron:ipc' })
  aeron.subscription.resolved = undefined
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  const [publication] = aeron.publications
  Object.assign(publication ?? {}, { isConnected: true, result: BACK_PRESSURED })
  connect.poll()
  expect(connect.state).toBe(AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  aeron.subscription.resolved = 'aeron:udp?endpoint=localhost:1'
  pollTo(connect, AsyncConnectState.SEND_MESSAGE)
  connect.poll()
  expect(connect.state).toBe(AsyncConnectState.SEND_MESSAGE)
  Object.assign(publication ?? {}, { result: 1 })
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
})

test('AsyncConnect goes where it is redirected, with a new request', () => {
  const connect = connecting()
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  const follower = memberPublication('a:1')
  const leader = memberPublication('c:3')
  follower.isConnected = true
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  const { correlationId } = requestOf(follower)
  aeron.subscription.arrived.push(sessionEvent(correlationId, EventCode.REDIRECT, '0=a:1,2=c:3', 2))
  connect.poll()
  expect(connect.state).toBe(AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  expect(follower.isClosed).toBe(true)
  expect(leader.isClosed).toBe(false)
  leader.isConnected = true
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  expect(requestOf(leader).correlationId).toBeGreaterThan(correlationId)
})

test('AsyncConnect adds a publication to a leader that it did not know', () => {
  const connect = connecting({ ingressEndpoints: '0=a:1' })
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  memberPublication('a:1').isConnected = true
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  const { correlationId } = requestOf(memberPublication('a:1'))
  aeron.subscription.arrived.push(sessionEvent(correlationId, EventCode.REDIRECT, '0=a:1,2=new:9', 2))
  connect.poll()
  connect.poll()
  expect(memberPublication('new:9').isClosed).toBe(false)
  expect(memberPublication('a:1').isClosed).toBe(true)
})

test('AsyncConnect answers a challenge', () => {
  const connect = connecting({
    ingressEndpoints: '0=a:1',
    credentialsSupplier: {
      encodedCredentials: () => Uint8Array.of(1),
      onChallenge: (challenge) => Uint8Array.of(...challenge, 9),
    },
  })
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  const publication = memberPublication('a:1')
  publication.isConnected = true
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  const request = requestOf(publication)
  expect([...request.encodedCredentials]).toEqual([1])
  const challenge = AtomicBuffer.allocate(64)
  new ChallengeEncoder()
    .wrapAndApplyHeader(challenge, 0, new MessageHeaderEncoder())
    .correlationId(request.correlationId)
    .clusterSessionId(77n)
    .encodedChallenge(Uint8Array.of(4, 5))
  aeron.subscription.arrived.push(challenge)
  connect.poll()
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  const answer = new ChallengeResponseDecoder().wrapAndApplyHeader(
    publication.sent.at(-1) ?? new Uint8Array(0),
    0,
    new MessageHeaderDecoder(),
  )
  expect(answer.clusterSessionId).toBe(77n)
  expect(answer.correlationId).toBeGreaterThan(request.correlationId)
  expect([...answer.encodedCredentials]).toEqual([4, 5, 9])
  aeron.subscription.arrived.push(sessionEvent(answer.correlationId, EventCode.AUTHENTICATION_REJECTED, 'no'))
  expect(isClusterError(failureOf(connect), 'AUTHENTICATION_REJECTED')).toBe(true)
  expect(publication.isClosed).toBe(true)
  expect(aeron.subscription.isClosed).toBe(true)
})

test('AsyncConnect fails with the words of the cluster when it refuses', () => {
  const connect = connecting({ ingressEndpoints: '0=a:1' }, true)
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  memberPublication('a:1').isConnected = true
  pollTo(connect, AsyncConnectState.POLL_RESPONSE)
  const { correlationId } = requestOf(memberPublication('a:1'))
  aeron.subscription.arrived.push(sessionEvent(correlationId, EventCode.ERROR, 'session limit reached'))
  const error = failureOf(connect)
  expect(isClusterError(error, 'SESSION_REJECTED') && error.context.detail).toBe('session limit reached')
  expect(aeron.isClosed).toBe(true)
  expect(connect.state).toBe(AsyncConnectState.CLOSED)
})

test('AsyncConnect leaves out a member that the driver refuses, and fails when none is left', () => {
  aeron.refusals.set('aeron:udp?term-length=64k|endpoint=a:1', ['GENERIC_ERROR'])
  aeron.refusals.set('aeron:udp?term-length=64k|endpoint=b:2', ['GENERIC_ERROR'])
  const connect = connecting({ ingressEndpoints: '0=a:1,1=b:2' })
  const error = failureOf(connect)
  expect(isClusterError(error, 'CONNECT_FAILED')).toBe(true)
  expect(error instanceof Error && error.cause instanceof AggregateError && error.cause.errors).toHaveLength(
    2,
  )
})

test('AsyncConnect times out with the state and the refusals, after it tried again where that made sense', () => {
  const channel = 'aeron:udp?term-length=64k|endpoint=a:1'
  aeron.refusals.set(channel, ['RESOURCE_TEMPORARILY_UNAVAILABLE'])
  const connect = connecting({ ingressEndpoints: '0=a:1', messageTimeoutMs: 100 })
  pollTo(connect, AsyncConnectState.AWAIT_PUBLICATION_CONNECTED)
  connect.poll()
  connect.poll()
  expect(aeron.publications).toHaveLength(2)
  nowMs = 101
  const error = failureOf(connect)
  expect(isClusterError(error, 'CONNECT_TIMEOUT') && error.context.state).toBe('AWAIT_PUBLICATION_CONNECTED')
  expect(String(error)).toContain('RESOURCE_TEMPORARILY_UNAVAILABLE')
  expect(memberPublication('a:1').isClosed).toBe(true)
  expect(isClusterError(failureOf(connect), 'CONNECT_FAILED')).toBe(true)
})

test('AsyncConnect.close() takes back a registration that is pending', () => {
  aeron.answersSubscriptions = false
  const connect = connecting()
  connect.poll()
  connect.close()
  connect.close()
  expect(aeron.removed).toEqual([1n])
})
