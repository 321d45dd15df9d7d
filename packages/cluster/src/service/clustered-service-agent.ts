import { AgentTerminationError, type Agent } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import type { ActiveLogEvent } from './active-log-event.ts'
import { BoundedLogAdapter } from './bounded-log-adapter.ts'
import { ClientSessions } from './client-sessions.ts'
import { ClockTick } from './clock-tick.ts'
import { Role, type Cluster } from './cluster.ts'
import type { CommitPosition } from './commit-position.ts'
import { ConsensusModuleProxy, NO_RELEVANT_ID, sendWithRetry } from './consensus-module-proxy.ts'
import type { ContainerClientSession } from './container-client-session.ts'
import type { ContainerResources } from './container-resources.ts'
import { causeOf, errorOf, type ContainerTermination } from './container-termination.ts'
import { asError } from './counted-error-handler.ts'
import { EgressConnector } from './egress-connector.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'
import { LogCallbacks } from './log-callbacks.ts'
import { LogJoin, type LogJoinParts } from './log-join.ts'
import { ServiceAdapter, type ServiceControlEvents } from './service-adapter.ts'
import { ServiceCallbacks } from './service-callbacks.ts'
import { ServiceCluster } from './service-cluster.ts'
import { ServiceIdleStrategy } from './service-idle-strategy.ts'
import { ServiceStart } from './service-start.ts'
import { ServiceState } from './service-state.ts'
import { SessionEgress } from './session-egress.ts'
import { ActivityBoard, ActivityCode } from './stall/activity-board.ts'
import type { SnapshotActionParts } from './snapshot-action.ts'
import { takeSnapshot, type SnapshotTakerParts } from './snapshot-taker.ts'
import { TurnBudget } from './turn-budget.ts'

const TERMINATION_ACK_ATTEMPTS = 5

/** Who wants to hear how the agent fares. */
export interface AgentListener {
  /** The start was acknowledged: the service is part of its member. */
  onStarted(): void
  /** The agent ended, and all that it had is closed. */
  onTerminated(termination: ContainerTermination): void
}

/**
 * The agent of a service container: recovers, joins the logs it is told of, applies them up to the commit position.
 * It never waits: what Java waits for in a loop is a phase here, looked at again in each turn.
 * Source: `io.aeron.cluster.service.ClusteredServiceAgent`.
 */
export class ClusteredServiceAgent implements Agent, ServiceControlEvents {
  readonly roleName: string
  readonly #resources: ContainerResources
  readonly #listener: AgentListener
  readonly #state = new ServiceState()
  readonly #callbacks: ServiceCallbacks
  readonly #cluster: Cluster
  readonly #consensusModule: ConsensusModuleProxy
  readonly #tick: ClockTick
  readonly #start: ServiceStart
  readonly #serviceAdapter: ServiceAdapter
  readonly #logCallbacks: LogCallbacks
  readonly #logAdapter: BoundedLogAdapter
  readonly #joinParts: LogJoinParts
  readonly #board: ActivityBoard

  #phase: 'starting' | 'acknowledging' | 'active' = 'starting'
  #isInTurn = false
  #isCloseDue = false
  #startError: Error | undefined
  #commitPosition: CommitPosition | undefined
  #activeLogEvent: ActiveLogEvent | undefined
  #join: LogJoin | undefined
  #terminationPosition: number | undefined
  #isTerminationAckRequired = true
  #requestedAckPosition: number | undefined
  #termination: ContainerTermination | undefined

  constructor(resources: ContainerResources, listener: AgentListener) {
    this.#resources = resources
    this.#listener = listener
    const { options, aeron, markFile, errors, stallWatch: stalls } = resources
    const { clusterId, serviceId, epochClock, nanoClock, isRespondingService } = options
    const state = this.#state
    const guard = new LifecycleGuard()
    const sessions = new ClientSessions<ContainerClientSession>()
    const onError = (error: unknown): void => errors.onError(error)
    const trySendAck = (logPosition: number, relevantId: bigint): boolean =>
      this.#trySendAck(logPosition, relevantId)

    this.roleName = options.serviceName
    this.#tick = new ClockTick({ aeron, markFile, epochClock, state, clusterId, serviceId, stalls })
    this.#board = stalls?.board ?? new ActivityBoard()
    const policy = { onError, terminateOnServiceError: options.terminateOnServiceError }
    this.#callbacks = new ServiceCallbacks(options.clusteredService, guard, state, policy, this.#board)
    const callbacks = this.#callbacks
    const idleStrategy = new ServiceIdleStrategy(
      options.idleStrategy,
      nanoClock,
      this.#tick,
      callbacks,
      state,
    )
    this.#consensusModule = new ConsensusModuleProxy(resources.publication)
    const consensusModule = this.#consensusModule
    this.#cluster = new ServiceCluster({
      aeron,
      options,
      state,
      guard,
      sessions,
      consensusModule,
      idleStrategy,
    })
    const connector = new EgressConnector(aeron, nanoClock, onError)
    this.#logCallbacks = new LogCallbacks({
      state,
      sessions,
      connector,
      callbacks,
      options,
      onError,
      snapshots: this.#snapshots(sessions, trySendAck),
      egress: new SessionEgress(state, guard, onError),
      requestClose: (id) => sessions.get(id) === undefined || this.#cluster.closeClientSession(id),
    })
    const budget = new TurnBudget(nanoClock, this.#board)
    this.#logAdapter = new BoundedLogAdapter(this.#logCallbacks, options.logFragmentLimit, budget)
    const logAdapter = this.#logAdapter
    this.#joinParts = {
      aeron,
      serviceId,
      isRespondingService,
      state,
      sessions,
      connector,
      callbacks,
      markFile,
      logAdapter,
      trySendAck,
    }
    this.#serviceAdapter = new ServiceAdapter(resources.subscription, this)
    this.#start = this.#newStart(sessions)
  }

  /** Whether the service is part of its member: started, and not ended. */
  get isActive(): boolean {
    return this.#state.isActive
  }

  /** Does nothing when a callback of a turn calls it: what that turn reads would be applied a second time. */
  doWork(): number {
    if (this.#isInTurn) return 0
    this.#isInTurn = true
    this.#board.activity = ActivityCode.CONTAINER
    try {
      return this.#turn(this.#resources.options.nanoClock.nanoTime())
    } catch (error) {
      throw this.#end(this.#startError ?? error)
    } finally {
      this.#isInTurn = false
      this.#board.activity = ActivityCode.OTHER_CODE
      if (this.#isCloseDue) this.#close()
    }
  }

  /** Called by a callback, it closes after the turn: the callback works with what would be closed. */
  onClose(): void {
    if (this.#isInTurn) this.#isCloseDue = true
    else this.#close()
  }

  /** The process ends, and nothing of it will run any more, the rest of a turn neither. */
  onProcessExit(): void {
    this.onClose()
    if (this.#isInTurn) this.#attempt(() => this.#resources.close())
  }

  #close(): void {
    const { aeron, options } = this.#resources
    const { logPosition } = this.#state
    this.#termination ??= { cause: 'CLOSED', expected: true, logPosition, error: undefined }
    // Without client there is nothing left to close, and no way to tell the service anything that it could act on.
    if (!aeron.isClosed) {
      if (this.#state.isActive) {
        this.#state.isActive = false
        this.#callbacks.onTerminate(this.#cluster)
      }
      this.#attempt(() => this.#start.close())
      this.#attempt(() => this.#logCallbacks.abandonSnapshot())
      this.#attempt(() => this.#join?.close())
      this.#attempt(() => this.#logAdapter.close())
      this.#attempt(() => this.#logCallbacks.disconnectAll())
      if (options.aeron !== undefined) this.#attempt(() => this.#serviceAdapter.close())
      if (options.aeron !== undefined) this.#attempt(() => this.#consensusModule.close())
    }
    this.#state.isActive = false
    this.#attempt(() => this.#resources.close())
    this.#listener.onTerminated(this.#termination)
  }

  // What cannot be closed must not keep the rest open, nor the one who waits for the end waiting.
  #attempt(close: () => void): void {
    try {
      close()
    } catch (error) {
      this.#resources.errors.onError(error)
    }
  }

  onJoinLog(event: ActiveLogEvent): void {
    // At once: a log that is still being read ends at the position at which the new one begins.
    this.#logAdapter.maxLogPosition = event.logPosition
    this.#activeLogEvent = event
  }

  onServiceTerminationPosition(logPosition: number, isAckRequired: boolean): void {
    this.#terminationPosition = logPosition
    this.#isTerminationAckRequired = isAckRequired
  }

  onRequestServiceAck(logPosition: number): void {
    this.#requestedAckPosition = logPosition
  }

  #turn(nowNs: bigint): number {
    this.#resources.dutyCycle.onCycle(nowNs)
    const isTicked = this.#tick.tick(nowNs)
    if (this.#phase === 'starting') return isTicked ? this.#startService(nowNs) : 0
    if (this.#phase === 'acknowledging') return this.#acknowledgeStart()
    const controlWork = isTicked ? this.#pollControl() : 0
    return controlWork + this.#pollLog() + this.#callbacks.doBackgroundWork(nowNs)
  }

  #startService(nowNs: bigint): number {
    const outcome = this.#start.poll(nowNs)
    if (outcome === undefined) return 0
    this.#commitPosition = outcome.commitPosition
    this.#startError = outcome.error
    this.#phase = 'acknowledging'
    return 1 + this.#acknowledgeStart()
  }

  #acknowledgeStart(): number {
    const { clientId } = this.#resources.aeron
    const { logPosition } = this.#state
    // The consensus module watches this client from now on; told of a failure, it ends.
    if (!this.#trySendAck(logPosition, this.#startError === undefined ? clientId : NO_RELEVANT_ID)) return 0
    if (this.#startError !== undefined) throw this.#startError
    this.#phase = 'active'
    this.#state.isActive = true
    this.#listener.onStarted()
    return 1
  }

  #pollControl(): number {
    if (this.#join === undefined) this.#beginJoin()
    if (this.#join !== undefined) {
      if (!this.#join.poll()) return 0
      this.#join = undefined
      return 1
    }
    const workCount = this.#pollServiceAdapter()
    this.#beginJoin()
    this.#checkTerminationPosition()
    this.#checkRequestedAck()
    return workCount
  }

  #pollServiceAdapter(): number {
    try {
      return this.#serviceAdapter.poll()
    } catch (error) {
      // The message is gone; the consensus module will tell by its own means when it mattered.
      this.#resources.errors.onError(error)
      return 1
    }
  }

  #beginJoin(): void {
    if (this.#activeLogEvent === undefined || this.#logAdapter.image !== undefined) return
    this.#join = new LogJoin(this.#joinParts, this.#activeLogEvent)
    this.#activeLogEvent = undefined
  }

  #pollLog(): number {
    if (this.#logAdapter.image === undefined || this.#commitPosition === undefined) return 0
    const fragments = this.#logAdapter.poll(this.#commitPosition.get())
    // An entry that is under way is finished also when its log has gone: the next log goes on behind it.
    if (fragments === 0 && this.#logAdapter.isDone && this.#logCallbacks.finishEntry()) this.#closeLog()
    return fragments
  }

  #closeLog(): void {
    this.#state.logPosition = Math.max(this.#logAdapter.image?.position ?? 0, this.#state.logPosition)
    this.#logAdapter.close()
    this.#logCallbacks.disconnectAll()
    this.#callbacks.changeRole(Role.FOLLOWER)
  }

  #checkTerminationPosition(): void {
    const position = this.#terminationPosition
    const { logPosition } = this.#state
    if (position === undefined || logPosition < position) return
    if (logPosition > position) this.#reportPassed('terminate', logPosition, position)
    this.#state.isActive = false
    this.#callbacks.onTerminate(this.#cluster)
    if (this.#isTerminationAckRequired) this.#acknowledgeTermination(logPosition)
    throw new AgentTerminationError(`The consensus module has ended the service at position ${logPosition}`, {
      isExpected: logPosition === position,
    })
  }

  #acknowledgeTermination(logPosition: number): void {
    try {
      sendWithRetry(
        TERMINATION_ACK_ATTEMPTS,
        () => this.#cluster.idleStrategy.idle(),
        () => this.#trySendAck(logPosition, NO_RELEVANT_ID),
      )
    } catch (error) {
      this.#resources.errors.onError(error)
    }
  }

  #checkRequestedAck(): void {
    const position = this.#requestedAckPosition
    const { logPosition } = this.#state
    if (position === undefined || logPosition < position || this.#logCallbacks.isTakingSnapshot) return
    if (!this.#trySendAck(logPosition, NO_RELEVANT_ID)) return
    this.#requestedAckPosition = undefined
    if (logPosition > position) this.#reportPassed('acknowledge', logPosition, position)
  }

  #trySendAck(logPosition: number, relevantId: bigint): boolean {
    const { clusterTime: timestamp, nextAckId: ackId } = this.#state
    const { serviceId } = this.#resources.options
    if (!this.#consensusModule.ack({ logPosition, timestamp, ackId, relevantId, serviceId })) return false
    this.#state.onAckSent()
    return true
  }

  #newStart(sessions: ClientSessions<ContainerClientSession>): ServiceStart {
    return new ServiceStart({
      sessions,
      resources: this.#resources,
      state: this.#state,
      tick: this.#tick,
      callbacks: this.#callbacks,
      cluster: this.#cluster,
      newSession: (description) => this.#logCallbacks.newSession(description),
    })
  }

  #snapshots(
    sessions: Iterable<ContainerClientSession>,
    trySendAck: SnapshotActionParts['trySendAck'],
  ): SnapshotActionParts {
    const { options, aeron, connectArchive, snapshotDurations: durations, errors } = this.#resources
    const { nanoClock, archive, snapshotChannel, snapshotStreamId } = options
    const parts: SnapshotTakerParts = {
      aeron,
      connectArchive,
      nanoClock,
      archive,
      snapshotChannel,
      snapshotStreamId,
      sessions,
      clientName: options.serviceName,
      writeState: (publication) => this.#callbacks.onTakeSnapshot(publication),
      whileIdle: (duty) => this.#tick.attend(duty),
    }
    const onError = (error: Error): void => errors.onError(error)
    return { nanoClock, durations, trySendAck, onError, take: (place) => takeSnapshot(parts, place) }
  }

  #reportPassed(action: string, logPosition: number, namedPosition: number): void {
    const message = `Cannot ${action} at position ${namedPosition} in order: the service must not have passed it, and stands at ${logPosition}`
    this.#resources.errors.onError(
      new ClusterError('POSITION_PASSED', message, { logPosition, namedPosition }),
    )
  }

  // Whatever gets here ends the agent. It is reported here, so that the one who drives the agent need not.
  #end(thrown: unknown): AgentTerminationError {
    const expected = thrown instanceof AgentTerminationError && thrown.isExpected
    const error = thrown instanceof AgentTerminationError ? errorOf(thrown) : asError(thrown)
    const { logPosition } = this.#state
    const isRequested = this.#terminationPosition !== undefined && logPosition >= this.#terminationPosition
    const cause = causeOf(error, this.#phase === 'active', isRequested)
    const termination = { cause, expected, logPosition, error }
    this.#termination = termination
    const { errors, options } = this.#resources
    if (error !== undefined && expected) errors.record(error)
    else if (error !== undefined) errors.onError(error)
    try {
      options.terminationHook?.(termination)
    } catch (hookError) {
      errors.onError(hookError)
    }
    return new AgentTerminationError(`Service ${options.serviceId} has ended: ${termination.cause}`, {
      isExpected: true,
      cause: error,
    })
  }
}
