import { expect, test } from 'vitest'
import {
  ADMIN_ACTION,
  BACK_PRESSURED,
  CLOSED,
  MAX_POSITION_EXCEEDED,
  NOT_CONNECTED,
  type Publication,
} from '@x/client'
import { AeronClusterState, LeaderLink, type IngressAttempt } from './leader-link.ts'

const NEW_LEADER_TIMEOUT_MS = 4_000
const MESSAGE_TIMEOUT_MS = 1_000

class FakePublication {
  isConnected = false
  isClosed = false
  close(): void {
    this.isClosed = true
  }
}

class FakeAttempt implements IngressAttempt {
  publication: FakePublication | undefined
  error: Error | undefined
  isClosed = false
  poll(): Publication | undefined {
    if (this.error !== undefined) throw this.error
    return this.publication as unknown as Publication | undefined
  }
  close(): void {
    this.isClosed = true
  }
}

class Harness {
  nowMs = 0
  readonly publication = new FakePublication()
  readonly link = new LeaderLink(
    this.publication as unknown as Publication,
    { newLeaderTimeoutMs: NEW_LEADER_TIMEOUT_MS, messageTimeoutMs: MESSAGE_TIMEOUT_MS },
    () => this.nowMs,
  )
}

for (const result of [1, BACK_PRESSURED, ADMIN_ACTION]) {
  test(`LeaderLink.track() of ${result} while CONNECTED changes nothing`, () => {
    const { link } = new Harness()
    expect(link.track(result)).toBe(result)
    expect(link.state).toBe(AeronClusterState.CONNECTED)
    expect(link.poll()).toBe(false)
  })
}

for (const result of [NOT_CONNECTED, CLOSED]) {
  test(`LeaderLink.track() of ${result} while CONNECTED loses the leader, and the sender sees NOT_CONNECTED`, () => {
    const { link, publication } = new Harness()
    expect(link.track(result)).toBe(NOT_CONNECTED)
    expect(link.state).toBe(AeronClusterState.AWAIT_NEW_LEADER)
    expect(publication.isClosed).toBe(true)
    expect(link.publication).toBeUndefined()
    expect(link.resultWithoutPublication).toBe(NOT_CONNECTED)
  })
}

test('LeaderLink.track() of MAX_POSITION_EXCEEDED ends the session with the next poll', () => {
  const { link, publication } = new Harness()
  expect(link.track(MAX_POSITION_EXCEEDED)).toBe(MAX_POSITION_EXCEEDED)
  expect(link.state).toBe(AeronClusterState.PENDING_CLOSE)
  expect(publication.isClosed).toBe(true)
  expect(link.resultWithoutPublication).toBe(CLOSED)
  expect(link.poll()).toBe(true)
})

test('LeaderLink.poll() asks to close when no leader is named in time', () => {
  const harness = new Harness()
  harness.link.onEgressImageClosed()
  expect(harness.link.state).toBe(AeronClusterState.AWAIT_NEW_LEADER)
  harness.nowMs = NEW_LEADER_TIMEOUT_MS
  expect(harness.link.poll()).toBe(false)
  harness.link.onEgressImageClosed()
  harness.nowMs += 1
  expect(harness.link.poll()).toBe(true)
})

test('LeaderLink goes to a new leader: attempt, publication, connection', () => {
  const { link } = new Harness()
  const attempt = new FakeAttempt()
  link.loseLeader()
  link.onNewLeader(attempt)
  expect(link.state).toBe(AeronClusterState.AWAIT_NEW_LEADER_CONNECTION)
  expect(link.poll()).toBe(false)
  expect(link.publication).toBeUndefined()
  attempt.publication = new FakePublication()
  expect(link.poll()).toBe(false)
  expect(link.publication).toBe(attempt.publication)
  expect(link.track(NOT_CONNECTED)).toBe(NOT_CONNECTED)
  expect(link.state).toBe(AeronClusterState.AWAIT_NEW_LEADER_CONNECTION)
  attempt.publication.isConnected = true
  expect(link.poll()).toBe(false)
  expect(link.state).toBe(AeronClusterState.CONNECTED)
})

test('LeaderLink.track() of a position connects to a new leader', () => {
  const { link } = new Harness()
  const attempt = new FakeAttempt()
  link.onNewLeader(attempt)
  expect(link.track(128)).toBe(128)
  expect(link.state).toBe(AeronClusterState.CONNECTED)
})

test('LeaderLink.poll() asks to close when a new leader is not reached in time', () => {
  const harness = new Harness()
  harness.link.onNewLeader(new FakeAttempt())
  harness.nowMs = MESSAGE_TIMEOUT_MS + 1
  expect(harness.link.poll()).toBe(true)
})

test('LeaderLink.poll() throws the refusal of a publication once, and closes in time', () => {
  const harness = new Harness()
  const attempt = new FakeAttempt()
  attempt.error = new Error('refused')
  harness.link.onNewLeader(attempt)
  expect(() => harness.link.poll()).toThrow('refused')
  expect(harness.link.poll()).toBe(false)
  harness.nowMs = MESSAGE_TIMEOUT_MS + 1
  expect(harness.link.poll()).toBe(true)
})

test('LeaderLink.onNewLeader() in any state replaces what there was', () => {
  const { link, publication } = new Harness()
  const first = new FakeAttempt()
  const second = new FakeAttempt()
  link.onNewLeader(first)
  expect(publication.isClosed).toBe(true)
  link.onNewLeader(second)
  expect(first.isClosed).toBe(true)
  link.onEgressImageClosed()
  expect(second.isClosed).toBe(true)
  expect(link.state).toBe(AeronClusterState.AWAIT_NEW_LEADER)
})

test('LeaderLink.onSessionClosed() ends the session, also while no leader is known', () => {
  const { link } = new Harness()
  link.loseLeader()
  link.onSessionClosed()
  expect(link.poll()).toBe(true)
  link.close()
  expect(link.state).toBe(AeronClusterState.CLOSED)
  expect(link.poll()).toBe(false)
  link.onSessionClosed()
  expect(link.state).toBe(AeronClusterState.CLOSED)
  expect(link.resultWithoutPublication).toBe(CLOSED)
})
