import type { Aeron } from '@x/client'
import { AgentTerminationError, type EpochClock } from '@x/idlestrategy'
import { ClusterError, isClusterError } from '../cluster-error.ts'
import type { ClusterMarkFile } from './cluster-mark-file.ts'
import type { CommitPosition } from './commit-position.ts'
import type { ServiceState } from './service-state.ts'
import type { StallWatch } from './stall/stall-watch.ts'

const TICK_INTERVAL_NS = 1_000_000n
const NANOS_PER_MILLI = 1_000_000
/** How often the mark file shows that the container lives. Protocol: Aeron's ClusteredServiceContainer. */
const MARK_FILE_UPDATE_INTERVAL_MS = 1_000

/** What {@link ClockTick} works with. */
export interface ClockTickParts {
  readonly aeron: Aeron
  readonly markFile: Pick<ClusterMarkFile, 'updateActivityTimestamp'>
  readonly epochClock: EpochClock
  readonly state: ServiceState
  readonly clusterId: number
  readonly serviceId: number
  /** Who is told how long the container was without a tick. */
  readonly stalls?: Pick<StallWatch, 'onTick'> | undefined
}

/**
 * What keeps a container alive and notices that it cannot live on: once a millisecond at most, from the duty cycle and from
 * whatever idles within it. Ends the agent with an AgentTerminationError whose cause is AERON_CLOSED or CONSENSUS_MODULE_LOST.
 */
export class ClockTick {
  readonly #parts: ClockTickParts
  #commitPosition: CommitPosition | undefined
  #lastTickNs: bigint | undefined
  #markFileDeadlineMs = 0
  #duty: (() => void) | undefined

  constructor(parts: ClockTickParts) {
    this.#parts = parts
  }

  /** From now on the counter's disappearance ends the agent. */
  watch(commitPosition: CommitPosition): void {
    this.#commitPosition = commitPosition
  }

  /** From now on `duty` is done in each tick, until it is undefined. What it throws comes out of {@link tick}. */
  attend(duty: (() => void) | undefined): void {
    this.#duty = duty
  }

  /** Returns whether a tick was due and done. */
  tick(nowNs: bigint): boolean {
    const { aeron, epochClock, markFile, stalls } = this.#parts
    this.#checkAeron()
    const gapNs = this.#lastTickNs === undefined ? undefined : nowNs - this.#lastTickNs
    if (gapNs !== undefined && gapNs <= TICK_INTERVAL_NS) return false
    this.#lastTickNs = nowNs
    // Before the client looks at its own interval, and closes when that was too long.
    stalls?.onTick(Number(gapNs ?? 0n) / NANOS_PER_MILLI)

    aeron.conductorAgentInvoker?.invoke()
    this.#checkAeron()
    this.#checkConsensusModule()

    const nowMs = epochClock.timeMs()
    if (nowMs >= this.#markFileDeadlineMs) {
      this.#markFileDeadlineMs = nowMs + MARK_FILE_UPDATE_INTERVAL_MS
      markFile.updateActivityTimestamp()
    }
    this.#duty?.()
    return true
  }

  #checkAeron(): void {
    if (!this.#parts.aeron.isClosed) return
    const { serviceId, state } = this.#parts
    const { logPosition } = state
    const message =
      `Cannot go on with service ${serviceId}: its Aeron client must be open, and was closed, mostly for the loss of the ` +
      'media driver or a paused process'
    throw new AgentTerminationError(message, {
      cause: new ClusterError('AERON_CLOSED', message, { serviceId, logPosition }),
    })
  }

  #checkConsensusModule(): void {
    if (this.#commitPosition?.isClosed !== true) return
    const { clusterId, state } = this.#parts
    const { logPosition } = state
    const message =
      `Cannot go on at position ${logPosition}: the commit position counter of cluster ${clusterId} must be there, and was ` +
      'closed; the consensus module is gone'
    throw new AgentTerminationError(message, {
      isExpected: true,
      cause: new ClusterError('CONSENSUS_MODULE_LOST', message, { clusterId, logPosition }),
    })
  }
}

/** Whether an error is what {@link ClockTick.tick} ends the agent with: nobody is left then to be told anything. */
export function isLoss(error: unknown): boolean {
  if (!(error instanceof AgentTerminationError)) return false
  return isClusterError(error.cause, 'AERON_CLOSED') || isClusterError(error.cause, 'CONSENSUS_MODULE_LOST')
}
