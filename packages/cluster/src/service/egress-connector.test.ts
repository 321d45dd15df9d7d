import { AeronError, type Aeron, type Publication } from '@x/client'
import { beforeEach, expect, test } from 'vitest'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { isClusterError } from '../cluster-error.ts'
import { ContainerClientSession } from './container-client-session.ts'
import { EgressConnector } from './egress-connector.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'
import { ServiceState } from './service-state.ts'
import { SessionEgress } from './session-egress.ts'

const SECOND_NS = 1_000_000_000n
const REFUSED_FOR_NOW = new AeronError('REGISTRATION_FAILED', 'SendChannelEndpoint found in CLOSING state', {
  correlationId: 1n,
  errorCode: 10,
  errorCodeName: 'RESOURCE_TEMPORARILY_UNAVAILABLE',
})

let nowNs: bigint
/** What the driver does with a request, by its number from 1. */
let add: (request: number) => void
let answer: (registrationId: bigint) => Publication | undefined
let requests: number
let removed: bigint[]
let errors: Error[]
let connector: EgressConnector

beforeEach(() => {
  nowNs = 0n
  add = () => undefined
  answer = () => undefined
  requests = 0
  removed = []
  errors = []
  const aeron = {
    asyncAddPublication: () => {
      add(++requests)
      return BigInt(requests)
    },
    getPublication: (id: bigint) => answer(id),
    asyncRemovePublication: (id: bigint) => void removed.push(id),
  } as unknown as Aeron
  connector = new EgressConnector(aeron, { nanoTime: () => nowNs }, (error) => void errors.push(error))
})

function newSession(id = 1n): ContainerClientSession {
  const egress = new SessionEgress(new ServiceState(), new LifecycleGuard(), () => undefined)
  const encodedPrincipal = new Uint8Array()
  const description = { id, responseStreamId: 102, responseChannel: 'aeron:ipc', encodedPrincipal }
  return new ContainerClientSession(description, egress, () => true)
}

function refuse(): never {
  throw REFUSED_FOR_NOW
}

/** Turns until there is an outcome, a tenth of a millisecond each; the time that they took. */
function untilOutcome(session: ContainerClientSession): bigint {
  const startNs = nowNs
  while (!connector.connect(session)) {
    nowNs += 100_000n
    if (nowNs - startNs > 10n * SECOND_NS) throw new Error('no outcome within ten seconds')
  }
  return nowNs - startNs
}

function codes(): unknown[] {
  return errors.map((error) => (error as { code?: unknown }).code)
}

test('an egress that is refused for the moment is asked for again, ever more slowly, and that is reported once', () => {
  const publication = new FakePublication().publication
  answer = (id) => (id < 4n ? refuse() : publication)
  const session = newSession()
  const tookNs = untilOutcome(session)
  expect(session.hasPublication).toBe(true)
  expect(requests).toBe(4)
  expect(tookNs).toBeGreaterThanOrEqual(7_000_000n)
  expect(codes()).toEqual(['EGRESS_CONNECT_DELAYED'])
})

test('an egress that is always refused for the moment is given up after a second, and the session goes on without', () => {
  answer = refuse
  const session = newSession()
  const tookNs = untilOutcome(session)
  expect(session.hasPublication).toBe(false)
  expect(requests).toBe(11)
  expect(tookNs).toBeGreaterThanOrEqual(SECOND_NS)
  expect(tookNs).toBeLessThan(2n * SECOND_NS)
  expect(codes()).toEqual(['EGRESS_CONNECT_DELAYED', 'EGRESS_CONNECT_FAILED'])
  expect(isClusterError(errors[1], 'EGRESS_CONNECT_FAILED') && errors[1].cause).toBe(REFUSED_FOR_NOW)
})

test('a request that cannot be sent is reported, the first as well as one that is made again', () => {
  const failure = new Error('the command buffer of the driver is full')
  for (const failing of [1, 2]) {
    requests = 0
    errors.length = 0
    answer = refuse
    add = (request) => {
      if (request === failing) throw failure
    }
    const session = newSession()
    untilOutcome(session)
    expect(session.hasPublication).toBe(false)
    expect(requests).toBe(failing)
    expect(codes().at(-1)).toBe('EGRESS_CONNECT_FAILED')
    expect(errors.at(-1)?.cause).toBe(failure)
    expect(errors).toHaveLength(failing)
  }
})

test('an egress that is refused for good is not asked for again', () => {
  answer = () => {
    throw new Error('unknown host')
  }
  untilOutcome(newSession())
  expect(requests).toBe(1)
  expect(codes()).toEqual(['EGRESS_CONNECT_FAILED'])
})

test('sessions wait beside one another, and what was given up for one leaves nothing to the next of its id', () => {
  answer = refuse
  const [one, two] = [newSession(1n), newSession(2n)]
  expect([connector.connect(one), connector.connect(two)]).toEqual([false, false])
  untilOutcome(one)
  expect(connector.connect(two)).toBe(false)
  connector.cancel()
  const publication = new FakePublication().publication
  answer = () => publication
  untilOutcome(two)
  expect(two.hasPublication).toBe(true)
})

test('cancel() gives up what is under way, answered or not', () => {
  connector.connect(newSession(1n))
  connector.connect(newSession(2n))
  answer = (id) => (id === 1n ? refuse() : undefined)
  connector.connect(newSession(1n))
  connector.cancel()
  expect(removed).toEqual([2n])
  connector.cancel()
  expect(removed).toEqual([2n])
})
