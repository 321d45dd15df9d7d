import { AtomicBuffer } from '@x/atomic'
import { CountersManager } from '@x/atomic/status'
import { NOT_CONNECTED, type Aeron, type FragmentHandler, type Header, type Subscription } from '@x/client'
import {
  BooleanType,
  JoinLogEncoder,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  ServiceAckDecoder,
} from '@x/codecs/cluster'
import { AgentInvoker, NoOpIdleStrategy } from '@x/idlestrategy'
import { beforeEach, expect, test } from 'vitest'
import { AuctionService } from '../../test/support/auction-service.ts'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { sessionOpen, timerEvent } from '../../test/support/log-messages.ts'
import { ScriptedLog } from '../../test/support/scripted-log.ts'
import { COMMIT_POSITION_TYPE_ID, RECOVERY_STATE_TYPE_ID } from './cluster-counters.ts'
import { Role } from './cluster.ts'
import { ClusteredServiceAgent } from './clustered-service-agent.ts'
import type { ClusteredService } from './clustered-service.ts'
import { resolveContainerOptions } from './container-options.ts'
import type { ContainerResources } from './container-resources.ts'
import type { ContainerTermination } from './container-termination.ts'

const HEADER = new MessageHeaderDecoder()
const CLIENT_ID = 7n
const LOG_SESSION_ID = -7

/** A member without driver and consensus module: a test writes their counters, control messages and log. */
class Member {
  readonly service: AuctionService & ClusteredService = new AuctionService()
  readonly log = new ScriptedLog()
  readonly errors: unknown[] = []
  readonly terminations: ContainerTermination[] = []
  readonly toModule = new FakePublication()
  closeCount = 0
  nowNs = 0n
  failClose: (() => void) | undefined
  readonly #counters = new CountersManager(AtomicBuffer.allocate(16 * 512), AtomicBuffer.allocate(16 * 128))
  readonly #commitPositionId: number
  readonly #toService: Uint8Array[] = []
  readonly invoker: AgentInvoker

  constructor() {
    const key = AtomicBuffer.allocate(32)
    this.#commitPositionId = this.#counters.allocate({
      typeId: COMMIT_POSITION_TYPE_ID,
      key,
      label: 'commit',
    })
    const recovery = AtomicBuffer.allocate(32)
    recovery.putInt64(0, -1n)
    this.#counters.allocate({ typeId: RECOVERY_STATE_TYPE_ID, key: recovery, label: 'recovery' })
    const onError = (error: unknown): void => void this.errors.push(error)
    const agent = new ClusteredServiceAgent(this.#resources(), {
      onStarted: () => undefined,
      onTerminated: (termination) => this.terminations.push(termination),
    })
    this.invoker = new AgentInvoker(agent, { errorHandler: onError })
    this.invoker.start()
  }

  /** The acks so far: id and log position. */
  get acks(): [bigint, number][] {
    return this.toModule.messages.map((message) => {
      const ack = new ServiceAckDecoder().wrapAndApplyHeader(message, 0, HEADER)
      return [ack.ackId, ack.logPosition]
    })
  }

  commit(position: number): void {
    this.#counters.setCounterValue(this.#commitPositionId, BigInt(position))
  }

  joinLog(logPosition: number, role: Role): void {
    const buffer = AtomicBuffer.allocate(256)
    const encoder = new JoinLogEncoder()
      .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
      .logPosition(logPosition)
      .maxLogPosition(2n ** 63n - 1n)
      .memberId(0)
      .logSessionId(LOG_SESSION_ID)
      .logStreamId(100)
      .isStartup(BooleanType.FALSE)
      .role(role)
      .isStandby(BooleanType.FALSE)
      .logChannel('aeron:ipc')
    this.#toService.push(buffer.bytes.slice(0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength))
  }

  turn(count = 1): void {
    for (let turn = 0; turn < count; turn++) {
      this.nowNs += 2_000_000n
      this.invoker.invoke()
    }
  }

  #resources(): ContainerResources {
    const aeron = {
      clientId: CLIENT_ID,
      isClosed: false,
      countersReader: this.#counters,
      asyncAddSubscription: () => 1n,
      getSubscription: () => ({
        imageBySessionId: () => Object.assign(this.log.image, { joinPosition: 0 }),
        close: () => undefined,
      }),
      asyncAddPublication: () => 2n,
      getPublication: () => undefined,
      asyncRemoveSubscription: () => undefined,
      asyncRemovePublication: () => undefined,
    } as unknown as Aeron
    const subscription = {
      poll: (handler: FragmentHandler) => {
        const message = this.#toService.shift()
        if (message === undefined) return 0
        handler(AtomicBuffer.wrap(message), 0, message.length, { flags: 0xc0 } as Header)
        return 1
      },
    } as unknown as Subscription
    const ignored = { updateActivityTimestamp: () => undefined, setMemberId: () => undefined }
    return {
      options: resolveContainerOptions({
        clusteredService: this.service,
        aeronDirectory: '/dev/shm/none',
        nanoClock: { nanoTime: () => this.nowNs },
        idleStrategy: new NoOpIdleStrategy(),
      }),
      aeron,
      markFile: ignored,
      errors: { onError: (error: unknown) => this.errors.push(error), record: () => undefined },
      dutyCycle: { onCycle: () => undefined },
      snapshotDurations: { onDuration: () => undefined },
      publication: this.toModule.publication,
      subscription,
      close: () => {
        this.closeCount++
        this.failClose?.()
      },
    } as unknown as ContainerResources
  }
}

let member: Member

beforeEach(() => {
  member = new Member()
})

/** Starts the service, and joins the log as `role`. */
function join(role: Role): void {
  member.turn()
  member.joinLog(0, role)
  member.turn(3)
  expect(member.acks).toEqual([
    [0n, 0],
    [1n, 0],
  ])
}

test('closed by a callback, an invoked agent finishes its turn, and onTerminate comes last', () => {
  const { service, log, invoker } = member
  join(Role.FOLLOWER)
  const calls: string[] = []
  service.onTimerEvent = (id) => {
    invoker.close()
    calls.push(`timer ${id}`)
  }
  service.onTerminate = () => void calls.push('terminate')
  service.doBackgroundWork = () => calls.push('background')
  log.append(timerEvent(1n, 1n))
  log.append(timerEvent(2n, 1n))
  member.commit(log.appendPosition)
  member.turn(2)
  expect(calls).toEqual(['timer 1', 'timer 2', 'background', 'terminate'])
  expect(member.errors).toEqual([])
  expect(member.terminations).toMatchObject([{ cause: 'CLOSED', logPosition: log.appendPosition }])
  expect(member.closeCount).toBe(1)
})

test('invoked by a callback, an agent does nothing: no entry is applied twice', () => {
  const { service, log, invoker } = member
  join(Role.FOLLOWER)
  const timers: bigint[] = []
  service.onTimerEvent = (id) => {
    timers.push(id)
    if (timers.length < 10) invoker.invoke()
  }
  log.append(timerEvent(1n, 1n))
  log.append(timerEvent(2n, 1n))
  member.commit(log.appendPosition)
  member.turn(2)
  expect(timers).toEqual([1n, 2n])
})

test('the end is told also when what the container has cannot be closed', () => {
  join(Role.FOLLOWER)
  member.failClose = () => {
    throw new Error('no room to sync the mark file')
  }
  member.invoker.close()
  expect(member.terminations).toMatchObject([{ cause: 'CLOSED' }])
  expect(member.errors).toMatchObject([{ message: 'no room to sync the mark file' }])
})

test('a session that was being opened when the log went is opened, without egress, so that the next log goes on behind it', () => {
  const { service, log } = member
  join(Role.LEADER)
  const opened = log.append(sessionOpen(1n, 10n))
  member.commit(opened)
  member.turn(2)
  expect(service.entries).toEqual([])
  log.isClosed = true
  member.turn(2)
  expect(service.entries).toEqual([`open 1 at 10 position ${opened} time 10`])
  expect(service.cluster.getClientSession(1n)).toBeDefined()
  expect(service.cluster.role).toBe(Role.FOLLOWER)
  expect(service.cluster.logPosition).toBe(opened)
})

test('background work that idles does not call itself', () => {
  const { service } = member
  join(Role.FOLLOWER)
  let depth = 0
  service.doBackgroundWork = () => {
    if (++depth > 5) throw new Error('expected no background work within background work')
    service.cluster.idleStrategy.idle()
    depth--
    return 0
  }
  member.turn()
  expect(member.errors).toEqual([])
})

test('why the service could not start is told also when the consensus module cannot be told any more', () => {
  const { service, toModule } = member
  service.onStart = () => {
    throw new Error('no state to start from')
  }
  toModule.result = NOT_CONNECTED
  member.turn()
  expect(member.terminations).toMatchObject([
    {
      cause: 'START_FAILED',
      error: { code: 'SERVICE_START_FAILED', cause: { message: 'no state to start from' } },
    },
  ])
})
