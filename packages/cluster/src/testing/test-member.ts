import { AtomicBuffer } from '@x/atomic'
import { Position } from '@x/atomic/status'
import { AgentInvoker, AgentTerminationError, type IdleStrategy } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import {
  COMMIT_POSITION_TYPE_ID,
  RECOVERY_STATE_TYPE_ID,
  serviceCounterKey,
} from '../service/cluster-counters.ts'
import type { Role } from '../service/cluster.ts'
import { ClusteredServiceAgent } from '../service/clustered-service-agent.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import type { ServiceAck } from '../service/consensus-module-proxy.ts'
import { resolveContainerOptions } from '../service/container-options.ts'
import type { ContainerTermination } from '../service/container-termination.ts'
import { CountedErrorHandler } from '../service/counted-error-handler.ts'
import { DurationTracker, DutyCycleTracker } from '../service/duration-tracker.ts'
import { NO_LEADERSHIP_TERM } from '../service/recovery-state.ts'
import { ControlReader } from './control-reader.ts'
import type { Effect } from './effect.ts'
import type { FramedEntry } from './log-entry.ts'
import type { MemoryArchive } from './memory-archive.ts'
import { MemberControl } from './member-control.ts'
import { MemoryDriver, type EgressSink } from './memory-driver.ts'
import { MemoryStream } from './memory-stream.ts'
import type { PublicationScript } from './publication-script.ts'
import type { TestContainerOptions } from './test-cluster-options.ts'
import { VirtualClock } from './virtual-clock.ts'

const CONTROL_TERM_LENGTH = 65_536
const LOG_STREAM_ID = 100
/** Longest frame of a stream, in bytes. Protocol: Aeron's default. */
export const DEFAULT_MTU_LENGTH = 1_408
/** Turns, or idle calls within one turn, after which nothing will come any more. */
const MAX_TURNS = 100_000

/** How the log of a member is laid out. */
export interface LogLayout {
  readonly termLength: number
  readonly mtuLength: number
  readonly initialTermId: number
}

/** Where a member starts from. */
export interface StartPoint {
  readonly leadershipTermId: bigint
  readonly logPosition: number
  readonly timestamp: bigint
  /** Recording of the snapshot; undefined for a start from nothing. */
  readonly recordingId: bigint | undefined
}

/** From the beginning of a log. */
export const FROM_NOTHING: StartPoint = {
  leadershipTermId: NO_LEADERSHIP_TERM,
  logPosition: 0,
  timestamp: 0n,
  recordingId: undefined,
}

/** What a member is made of, and whom it tells what. */
export interface TestMemberParts {
  readonly service: ClusteredService
  readonly container: TestContainerOptions
  readonly memberId: number
  readonly layout: LogLayout
  readonly egressTermLength: number
  readonly snapshotTermLength: number
  readonly archive: MemoryArchive
  readonly controlScript: PublicationScript
  readonly snapshotScript: PublicationScript
  readonly egressOf: (channel: string, streamId: number) => EgressSink
  readonly onEffect: (effect: Effect) => void
  readonly onError: (error: Error) => void
}

/** The real container's agent on a driver, an archive and a consensus module in memory: one life of the service's process. */
export class TestMember {
  /** The last ack of the service. */
  lastAck: ServiceAck | undefined
  termination: ContainerTermination | undefined
  readonly #parts: TestMemberParts
  readonly #clock = new VirtualClock()
  readonly #driver: MemoryDriver
  readonly #control: MemberControl
  readonly #commitPosition: Position
  readonly #recoveryCounterId: number
  readonly #invoker: AgentInvoker
  #log: MemoryStream | undefined
  #ackCount = 0
  #isStarted = false
  #idleCount = 0

  /** Starts the service. Throws what makes the start fail. */
  constructor(parts: TestMemberParts, start: StartPoint) {
    this.#parts = parts
    this.#driver = new MemoryDriver(parts)
    const { counters } = this.#driver
    const { clusterId = 0, serviceId = 0 } = parts.container
    const commitCounterId = counters.allocate({
      label: 'commit-pos',
      typeId: COMMIT_POSITION_TYPE_ID,
      key: serviceCounterKey(clusterId, 0),
    })
    this.#commitPosition = new Position(counters.valuesBuffer, commitCounterId)
    this.#commitPosition.set(start.logPosition)
    this.#recoveryCounterId = counters.allocate({
      label: 'recovery',
      typeId: RECOVERY_STATE_TYPE_ID,
      key: recoveryKey(start, clusterId, serviceId),
    })
    this.#control = new MemberControl('aeron:ipc', 104, this.#driver.nextSessionId())
    const onError = (error: unknown): void => parts.onError(error as Error)
    this.#invoker = new AgentInvoker(this.#newAgent(), { errorHandler: onError })
    this.#invoker.start()
    this.#runUntil(() => this.#isStarted, 'the service to start')
    counters.free(this.#recoveryCounterId)
  }

  /** Joins a log at `logPosition`. */
  join(logPosition: number, maxLogPosition: number, role: Role, isStartup: boolean): void {
    const logSessionId = this.#driver.nextSessionId()
    const logChannel = `aeron:ipc?session-id=${logSessionId}`
    const log = new MemoryStream({
      ...this.#parts.layout,
      channel: logChannel,
      streamId: LOG_STREAM_ID,
      sessionId: logSessionId,
      position: logPosition,
    })
    this.#driver.offerStream(log)
    const acksBefore = this.#ackCount
    this.#control.joinLog({
      logPosition,
      maxLogPosition,
      memberId: this.#parts.memberId,
      logSessionId,
      logStreamId: LOG_STREAM_ID,
      isStartup,
      role,
      isStandby: false,
      logChannel,
    })
    this.#log = log
    this.#runUntil(() => this.#ackCount > acksBefore, 'the service to join the log')
  }

  /** Commits an entry, and lets the service apply it. */
  apply(entry: FramedEntry): void {
    const log = this.#log!
    for (const { position, frames } of entry.blocks) log.log.write(position, frames)
    this.#commitPosition.setRelease(entry.position)
    this.#runUntil(
      () => log.readPosition >= entry.position,
      `the service to get past the ${entry.description} that ends at position ${entry.position}`,
    )
  }

  /** One turn of the container's duty cycle. */
  turn(): void {
    this.#clock.step()
    this.#idleCount = 0
    this.#driver.work()
    this.#invoker.invoke()
    this.#driver.work()
  }

  /** Ends the service as a shutdown of its member does. */
  terminate(logPosition: number): void {
    this.#control.terminate(logPosition)
    this.#runUntil(() => this.termination !== undefined, 'the service to terminate', false)
  }

  close(): void {
    this.#invoker.close()
  }

  #runUntil(isDone: () => boolean, what: string, isEndAnError = true): void {
    for (let turns = 0; !isDone(); turns++) {
      if (this.termination !== undefined && isEndAnError) {
        throw this.termination.error ?? stalled(what, `it has ended: ${this.termination.cause}`)
      }
      if (turns >= MAX_TURNS) throw stalled(what, `${MAX_TURNS} turns have passed`)
      this.turn()
    }
  }

  #newAgent(): ClusteredServiceAgent {
    const { service, container, archive, controlScript, onEffect, onError } = this.#parts
    const options = resolveContainerOptions({
      ...container,
      clusteredService: service,
      aeronDirectory: 'none',
      nanoClock: this.#clock,
      epochClock: this.#clock,
      idleStrategy: this.#idleStrategy(),
    })
    const reader = new ControlReader({ onAck: (ack) => this.#onAck(ack), onEffect })
    const { channel, streamId } = {
      channel: options.controlChannel,
      streamId: options.consensusModuleStreamId,
    }
    const ignored = { get: () => 0n, setRelease: () => undefined, increment: () => 0n }
    const durations = new DurationTracker(ignored, ignored, options.cycleThresholdNs)
    const resources = {
      options,
      aeron: this.#driver.aeron,
      connectArchive: () => archive.connect(this.#driver),
      markFile: { setMemberId: () => undefined, updateActivityTimestamp: () => undefined },
      errors: new CountedErrorHandler({ record: () => true }, ignored, onError),
      dutyCycle: new DutyCycleTracker(durations),
      snapshotDurations: durations,
      publication: this.#driver.openPublication(
        channel,
        streamId,
        CONTROL_TERM_LENGTH,
        controlScript,
        (message) => reader.read(message),
      ),
      subscription: this.#control.subscription,
      close: () => undefined,
    }
    return new ClusteredServiceAgent(resources, {
      onStarted: () => (this.#isStarted = true),
      onTerminated: (termination) => (this.termination = termination),
    })
  }

  #onAck(ack: ServiceAck): void {
    this.#ackCount++
    this.lastAck = ack
  }

  #idleStrategy(): IdleStrategy {
    return {
      alias: 'test-kit',
      parkNs: () => 0,
      idle: () => {
        this.#clock.step()
        this.#driver.work()
        if (++this.#idleCount < MAX_TURNS) return
        const cause = stalled('a callback of the service to return', `it has idled ${MAX_TURNS} times`)
        throw new AgentTerminationError(cause.message, { cause })
      },
      reset: () => undefined,
    }
  }
}

// Protocol: Aeron's RecoveryState.
function recoveryKey(start: StartPoint, clusterId: number, serviceId: number): AtomicBuffer {
  const isFromSnapshot = start.recordingId !== undefined
  const serviceCount = isFromSnapshot ? serviceId + 1 : 0
  const key = AtomicBuffer.allocate(32 + serviceCount * 8)
  key.putInt64(0, start.leadershipTermId)
  key.putInt64(8, BigInt(start.logPosition))
  key.putInt64(16, start.timestamp)
  key.putInt32(24, clusterId)
  key.putInt32(28, serviceCount)
  if (start.recordingId !== undefined) key.putInt64(32 + serviceId * 8, start.recordingId)
  return key
}

function stalled(what: string, why: string): ClusterError<'TEST_STALLED'> {
  return new ClusterError('TEST_STALLED', `Cannot go on with the test: it waits for ${what}, and ${why}`, {
    awaited: what,
  })
}
