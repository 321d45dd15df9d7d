import type { Aeron, Image, Publication, Subscription } from '@x/client'
import { beforeEach, expect, test } from 'vitest'
import { AuctionService } from '../../test/support/auction-service.ts'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { isClusterError } from '../cluster-error.ts'
import type { ActiveLogEvent } from './active-log-event.ts'
import type { BoundedLogAdapter } from './bounded-log-adapter.ts'
import { ClientSessions } from './client-sessions.ts'
import { Role } from './cluster.ts'
import { ContainerClientSession } from './container-client-session.ts'
import { EgressConnector } from './egress-connector.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'
import { LogJoin } from './log-join.ts'
import { ServiceCallbacks } from './service-callbacks.ts'
import { ServiceState } from './service-state.ts'
import { SessionEgress } from './session-egress.ts'

const EVENT: ActiveLogEvent = {
  logPosition: 960,
  maxLogPosition: Number.MAX_SAFE_INTEGER,
  memberId: 2,
  logSessionId: -7,
  logStreamId: 100,
  isStartup: false,
  role: Role.LEADER,
  isStandby: false,
  logChannel: 'aeron-spy:aeron:udp?tags=7|session-id=-7|alias=log',
}

/** A driver whose answers a test gives, and a record of what was done. */
class Scene {
  readonly done: string[] = []
  readonly state = new ServiceState()
  readonly sessions = new ClientSessions<ContainerClientSession>()
  subscription: Subscription | undefined
  image: Partial<Image> | undefined
  publication: Publication | undefined
  isAckSent = true
  readonly #guard = new LifecycleGuard()
  readonly #service = new AuctionService()

  constructor() {
    this.state.logPosition = 960
    this.#service.onRoleChange = (role) => void this.done.push(`role ${role}`)
  }

  addSession(id: bigint): ContainerClientSession {
    const description = {
      id,
      responseStreamId: 102,
      responseChannel: 'aeron:ipc',
      encodedPrincipal: new Uint8Array(),
    }
    const session = new ContainerClientSession(
      description,
      new SessionEgress(this.state, this.#guard, () => undefined),
      () => true,
    )
    this.sessions.add(session)
    return session
  }

  /** The driver has made the subscription, and its image joins at `joinPosition`. */
  answer(joinPosition: number): void {
    this.subscription = {
      imageBySessionId: (sessionId: number) => (sessionId === EVENT.logSessionId ? this.image : undefined),
      close: () => this.done.push('close subscription'),
    } as unknown as Subscription
    this.image = { joinPosition, subscription: this.subscription }
  }

  join(event: ActiveLogEvent): LogJoin {
    const aeron = {
      asyncAddSubscription: (channel: string, streamId: number) => {
        this.done.push(`subscribe ${channel} ${streamId}`)
        return 5n
      },
      getSubscription: () => this.subscription,
      asyncAddPublication: () => 6n,
      getPublication: () => this.publication,
      asyncRemoveSubscription: (id: bigint) => this.done.push(`remove ${id}`),
    } as unknown as Aeron
    const onError = (): void => {}
    return new LogJoin(
      {
        aeron,
        serviceId: 3,
        isRespondingService: true,
        state: this.state,
        sessions: this.sessions,
        connector: new EgressConnector(aeron, { nanoTime: () => 0n }, onError),
        callbacks: new ServiceCallbacks(this.#service, this.#guard, this.state, {
          onError,
          terminateOnServiceError: false,
        }),
        markFile: { setMemberId: (id) => this.done.push(`member ${id}`) },
        logAdapter: {
          join: (_image: Image, max: number) => this.done.push(`read to ${max}`),
        } as unknown as BoundedLogAdapter,
        trySendAck: (logPosition, relevantId) => {
          if (this.isAckSent) this.done.push(`ack ${logPosition} ${relevantId}`)
          return this.isAckSent
        },
      },
      event,
    )
  }
}

let scene: Scene

beforeEach(() => {
  scene = new Scene()
})

test('LogJoin goes from subscription to image, ack, egress and role, and waits at each', () => {
  const session = scene.addSession(1n)
  session.markClosing()
  const join = scene.join(EVENT)
  expect(join.poll()).toBe(false)
  expect(scene.done.splice(0)).toEqual([
    'subscribe aeron-spy:aeron:udp?tags=7|session-id=-7|alias=log-sc-3 100',
  ])
  scene.answer(960)
  const { image } = scene
  scene.image = undefined
  expect(join.poll()).toBe(false)
  scene.image = image
  scene.isAckSent = false
  expect(join.poll()).toBe(false)
  expect(scene.done).toEqual([])
  scene.isAckSent = true
  expect(join.poll()).toBe(false)
  expect(scene.done.splice(0)).toEqual(['ack 960 -1', 'member 2'])
  scene.publication = new FakePublication().publication
  expect(join.poll()).toBe(true)
  expect(scene.done).toEqual([`read to ${Number.MAX_SAFE_INTEGER}`, 'role 2'])
  expect(session.hasPublication).toBe(true)
  expect(session.isClosing).toBe(false)
})

test('LogJoin at the start of a node leaves the stale sessions of the log without egress', () => {
  const session = scene.addSession(1n)
  scene.answer(960)
  expect(scene.join({ ...EVENT, isStartup: true }).poll()).toBe(true)
  expect(session.hasPublication).toBe(false)
})

test('LogJoin at a follower disconnects all egress', () => {
  const session = scene.addSession(1n)
  const fake = new FakePublication()
  session.connect(fake.publication)
  scene.answer(960)
  expect(scene.join({ ...EVENT, role: Role.FOLLOWER }).poll()).toBe(true)
  expect(fake.isClosed).toBe(true)
  expect(scene.done.some((entry) => entry.startsWith('role'))).toBe(false)
})

for (const [joinPosition, logPosition] of [
  [992, 960],
  [960, 992],
] as const) {
  test(`LogJoin refuses a log that joins at ${joinPosition} and is said to begin at ${logPosition}`, () => {
    scene.answer(joinPosition)
    const join = scene.join({ ...EVENT, logPosition })
    let thrown: unknown
    try {
      join.poll()
    } catch (error) {
      thrown = error
    }
    if (!isClusterError(thrown, 'LOG_NOT_CONTIGUOUS')) throw new Error('expected LOG_NOT_CONTIGUOUS')
    expect(thrown.context).toEqual({ logPosition: 960, joinPosition, eventPosition: logPosition })
    join.close()
    expect(scene.done.at(-1)).toBe('close subscription')
  })
}

test('LogJoin.close() gives up a subscription that the driver has not made yet', () => {
  scene.join(EVENT).close()
  expect(scene.done.at(-1)).toBe('remove 5')
})
