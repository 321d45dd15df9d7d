import { BufferClaim, isRetryable, NOT_CONNECTED } from '@x/client'
import { expect, test } from 'vitest'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
import { isClusterError } from '../cluster-error.ts'
import { MESSAGE_TOO_LONG, MOCKED_OFFER } from './client-session.ts'
import { Role } from './cluster.ts'
import { ContainerClientSession } from './container-client-session.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'
import { ServiceState } from './service-state.ts'
import { SessionEgress } from './session-egress.ts'

function setUp(role: Role): {
  session: ContainerClientSession
  fake: FakePublication
  guard: LifecycleGuard
  closed: bigint[]
  errors: Error[]
} {
  const state = new ServiceState()
  state.role = role
  state.clusterTime = 9n
  state.header.setLeadershipTermId(2n)
  const guard = new LifecycleGuard()
  const closed: bigint[] = []
  const errors: Error[] = []
  const session = new ContainerClientSession(
    { id: 5n, responseStreamId: 102, responseChannel: 'aeron:ipc', encodedPrincipal: new Uint8Array() },
    new SessionEgress(state, guard, (error) => errors.push(error)),
    (id) => closed.push(id) > 0,
  )
  return { session, fake: new FakePublication(), guard, closed, errors }
}

const HEADER_HEX = '180001006f001100' + '0200000000000000' + '0500000000000000' + '0900000000000000'
const BODY = new Uint8Array([1, 2, 3, 4])

test('ClientSession.offer() sends term, session and cluster time in front of the message, at the leader', () => {
  const { session, fake } = setUp(Role.LEADER)
  session.connect(fake.publication)
  expect(session.offer(BODY)).toBe(4096)
  expect(fake.lastHex).toBe(`${HEADER_HEX}01020304`)
  session.offer(BODY, 1)
  expect(fake.lastHex).toBe(`${HEADER_HEX}020304`)
  session.offer(BODY, 1, 1)
  expect(fake.lastHex).toBe(`${HEADER_HEX}02`)
})

test('ClientSession.offerVectors() sends the parts as one message, at the leader', () => {
  const { session, fake } = setUp(Role.LEADER)
  expect(session.offerVectors([{ buffer: BODY }])).toBe(NOT_CONNECTED)
  session.connect(fake.publication)
  expect(session.offerVectors([{ buffer: BODY, offset: 1, length: 2 }, { buffer: BODY }])).toBe(4096)
  expect(fake.lastHex).toBe(`${HEADER_HEX}020301020304`)
  const follower = setUp(Role.FOLLOWER).session
  expect(follower.offerVectors([{ buffer: BODY }])).toBe(MOCKED_OFFER)
})

test('ClientSession.tryClaim() writes the header in front of the claim, at the leader', () => {
  const { session, fake } = setUp(Role.LEADER)
  session.connect(fake.publication)
  const claim = new BufferClaim()
  session.tryClaim(1, claim)
  claim.buffer.putUint8(claim.offset + SESSION_HEADER_LENGTH, 7)
  claim.commit()
  expect(fake.lastHex).toBe(`${HEADER_HEX}07`)
})

test('ClientSession at the leader gives NOT_CONNECTED when its egress could not be connected', () => {
  const { session } = setUp(Role.LEADER)
  expect(session.offer(BODY)).toBe(NOT_CONNECTED)
  expect(session.tryClaim(1, new BufferClaim())).toBe(NOT_CONNECTED)
})

test.each([-1, 0.5, 65_441])(
  'ClientSession.tryClaim() of %d bytes throws in every role, connected or not',
  (length) => {
    for (const role of [Role.LEADER, Role.FOLLOWER]) {
      expect(() => setUp(role).session.tryClaim(length, new BufferClaim())).toThrow(RangeError)
    }
  },
)

test('ClientSession pretends elsewhere, with a claim of the shape of a real one', () => {
  const { session, fake } = setUp(Role.FOLLOWER)
  session.connect(fake.publication)
  expect(session.offer(BODY)).toBe(MOCKED_OFFER)
  const claim = new BufferClaim()
  expect(session.tryClaim(65_440, claim)).toBe(MOCKED_OFFER)
  expect(claim.length).toBe(SESSION_HEADER_LENGTH + 65_440)
  claim.buffer.putUint8(claim.offset + claim.length - 1, 1)
  claim.commit()
  expect(fake.sent).toEqual([])
  expect(() => session.tryClaim(65_441, claim)).toThrow(RangeError)
})

test('ClientSession refuses to send in a callback that the log does not drive', () => {
  const { session, guard } = setUp(Role.FOLLOWER)
  guard.enter('onStart')
  expect(() => session.offer(BODY)).toThrow(/^Cannot offer to a session: onStart/)
  expect(() => session.tryClaim(1, new BufferClaim())).toThrow(/^Cannot claim for a session: onStart/)
})

test('ClientSession.close() asks for the close', () => {
  const { session, closed } = setUp(Role.LEADER)
  expect(session.close()).toBe(true)
  expect(closed).toEqual([5n])
})

test.each([Role.LEADER, Role.FOLLOWER])(
  'ClientSession refuses what lies outside its buffer in role %i',
  (role) => {
    const { session, fake } = setUp(role)
    session.connect(fake.publication)
    const outside = /within the buffer of 4 bytes/
    expect(() => session.offer(BODY, 2, 3)).toThrow(outside)
    expect(() => session.offer(BODY, -1, 2)).toThrow(outside)
    expect(() => session.offer(BODY, 0, 1.5)).toThrow(outside)
    expect(() => session.offerVectors([{ buffer: BODY }, { buffer: BODY, offset: 5 }])).toThrow(outside)
  },
)

test('ClientSession reports what is too long for the egress of a client, and throws on no member', () => {
  const { session, fake, errors } = setUp(Role.LEADER)
  session.connect(fake.publication)
  const longest = new Uint8Array(fake.maxMessageLength - SESSION_HEADER_LENGTH)
  const longestClaim = fake.maxPayloadLength - SESSION_HEADER_LENGTH
  const claim = new BufferClaim()
  const sends = (extra: number): number[] => [
    session.offer(new Uint8Array(longest.length + extra)),
    session.offerVectors([{ buffer: longest }, { buffer: BODY, length: extra }]),
    session.tryClaim(longestClaim + extra, claim),
  ]
  expect(sends(0)).toEqual([4096, 4096, 4096])
  expect(errors).toEqual([])
  expect(sends(1)).toEqual([MESSAGE_TOO_LONG, MESSAGE_TOO_LONG, MESSAGE_TOO_LONG])
  expect(isRetryable(MESSAGE_TOO_LONG)).toBe(false)
  expect(errors.map((error) => isClusterError(error, 'MESSAGE_TOO_LONG') && error.context)).toEqual([
    { clusterSessionId: 5n, length: longest.length + 1, maxLength: longest.length },
    { clusterSessionId: 5n, length: longest.length + 1, maxLength: longest.length },
    { clusterSessionId: 5n, length: longestClaim + 1, maxLength: longestClaim },
  ])

  const follower = setUp(Role.FOLLOWER)
  follower.session.connect(fake.publication)
  expect(follower.session.offer(new Uint8Array(longest.length + 1))).toBe(MOCKED_OFFER)
  expect(follower.session.tryClaim(longestClaim + 1, claim)).toBe(MOCKED_OFFER)
  expect(follower.errors).toEqual([])
})
