import { mkdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { AtomicCounter, DistinctErrorLog } from '@x/atomic/status'
import { Aeron, type AeronOptions, type Publication, type Subscription } from '@x/client'
import {
  CONTAINER_CYCLE_TIME_EXCEEDED_TYPE_ID,
  CONTAINER_ERROR_COUNT_TYPE_ID,
  CONTAINER_MAX_CYCLE_TIME_TYPE_ID,
  SERVICE_MAX_SNAPSHOT_DURATION_TYPE_ID,
  SERVICE_SNAPSHOT_DURATION_EXCEEDED_TYPE_ID,
  serviceCounterKey,
} from './cluster-counters.ts'
import { ClusterMarkFile } from './cluster-mark-file.ts'
import type { ResolvedContainerOptions } from './container-options.ts'
import { CountedErrorHandler } from './counted-error-handler.ts'
import { connectArchive, type ConnectArchive } from './service-archive.ts'
import { DurationTracker, DutyCycleTracker } from './duration-tracker.ts'
import { closeAtExit } from './exit-hook.ts'
import { ActivityBoard } from './stall/activity-board.ts'
import { StallWatch } from './stall/stall-watch.ts'

const POLL_INTERVAL_MS = 1
/** Ours: a stall is told when it has lasted for this part of the time after which it costs the container its life. */
const STALLS_PER_LIVENESS_TIMEOUT = 4

/** All that an agent works with, open and ready. */
export interface ContainerResources {
  readonly options: ResolvedContainerOptions
  readonly aeron: Aeron
  readonly connectArchive: ConnectArchive
  readonly markFile: Pick<ClusterMarkFile, 'setMemberId' | 'updateActivityTimestamp'>
  readonly errors: CountedErrorHandler
  readonly dutyCycle: DutyCycleTracker
  readonly snapshotDurations: DurationTracker
  /** Who notices that the container is held up, where that is asked for. */
  readonly stallWatch?: StallWatch | undefined
  /** To the consensus module. */
  readonly publication: Publication
  /** From the consensus module. */
  readonly subscription: Subscription
  /** Ends the mark file and closes what the container owns. */
  close(): void
}

/** Opens the resources, waiting on the event loop. Leaves nothing behind when it throws. */
export async function openResources(
  options: ResolvedContainerOptions,
  signal: AbortSignal | undefined,
): Promise<ContainerResources> {
  const opening = new OpeningResources(options)
  try {
    opening.connected(
      options.aeron ?? (await Aeron.connect({ ...opening.aeronOptions, ...(signal && { signal }) })),
    )
    for (;;) {
      const resources = opening.poll()
      if (resources !== undefined) return resources
      await delay(POLL_INTERVAL_MS)
      signal?.throwIfAborted()
    }
  } catch (error) {
    opening.fail()
    throw error
  }
}

/** Opens the resources, blocking the thread. Leaves nothing behind when it throws. */
export function openResourcesSync(options: ResolvedContainerOptions): ContainerResources {
  const opening = new OpeningResources(options)
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  try {
    opening.connected(options.aeron ?? Aeron.connectSync(opening.aeronOptions))
    for (;;) {
      const resources = opening.poll()
      if (resources !== undefined) return resources
      Atomics.wait(sleeper, 0, 0, POLL_INTERVAL_MS)
    }
  } catch (error) {
    opening.fail()
    throw error
  }
}

interface Registrations {
  readonly counters: readonly bigint[]
  readonly publication: bigint
  readonly subscription: bigint
}

/** The way to the resources, in steps that do not wait. The order is that of Java: the mark file first, as it refuses a second container. */
class OpeningResources {
  readonly #options: ResolvedContainerOptions
  readonly #markFile: ClusterMarkFile
  #errors: CountedErrorHandler | undefined
  #aeron: Aeron | undefined
  #registrations: Registrations | undefined
  readonly #forgetExit: () => void

  constructor(options: ResolvedContainerOptions) {
    this.#options = options
    mkdirSync(options.clusterDirectory, { recursive: true })
    mkdirSync(options.markFileDirectory, { recursive: true })
    // For the tools that read the mark file.
    this.#markFile = ClusterMarkFile.open({
      ...options,
      archiveStreamId: options.archive.controlRequestStreamId,
    })
    this.#markFile.claimFor(options.driverTimeoutMs)
    this.#forgetExit = closeAtExit(() => this.#markFile.signalFailed())
  }

  get aeronOptions(): AeronOptions {
    const { aeronDirectory, driverTimeoutMs, serviceName, errorHandler } = this.#options
    return {
      aeronDirectory,
      driverTimeoutMs,
      clientName: serviceName,
      useConductorAgentInvoker: true,
      // What a service throws while it reads its snapshot must reach onStart: it would start with half a state.
      subscriberErrorHandler: 'rethrow',
      errorHandler: (error) =>
        this.#errors === undefined ? errorHandler?.(error) : this.#errors.onError(error),
    }
  }

  connected(aeron: Aeron): void {
    this.#aeron = aeron
    checkClient(aeron)
    const { controlChannel, consensusModuleStreamId, serviceStreamId } = this.#options
    this.#registrations = {
      counters: counterDescriptions(this.#options).map(({ typeId, key, label }) =>
        aeron.asyncAddCounter(typeId, { key, label }),
      ),
      publication: aeron.asyncAddPublication(controlChannel, consensusModuleStreamId),
      subscription: aeron.asyncAddSubscription(controlChannel, serviceStreamId),
    }
  }

  /** The resources once the driver has answered all. */
  poll(): ContainerResources | undefined {
    const aeron = this.#aeron
    const registrations = this.#registrations
    if (aeron === undefined || registrations === undefined) return undefined
    aeron.conductorAgentInvoker?.invoke()
    this.#markFile.claimFor(0)
    const counters = registrations.counters.map((id) => aeron.getCounter(id))
    const publication = aeron.getPublication(registrations.publication)
    const subscription = aeron.getSubscription(registrations.subscription)
    const [errorCount, maxCycle, cyclesExceeded, maxSnapshot, snapshotsExceeded] = counters.map(
      (counter) => counter && new AtomicCounter(aeron.countersReader.valuesBuffer, counter.id),
    )
    if (!errorCount || !maxCycle || !cyclesExceeded || !maxSnapshot || !snapshotsExceeded) return undefined
    if (publication === undefined || subscription === undefined) return undefined

    const options = this.#options
    const markFile = this.#markFile
    const board = new ActivityBoard()
    const errors = new CountedErrorHandler(
      new DistinctErrorLog(markFile.errorBuffer, options.epochClock, board.nextErrorOffset),
      errorCount,
      options.errorHandler,
    )
    this.#errors = errors
    markFile.signalReady()
    this.#forgetExit()
    const stallWatch = this.#watchStalls(board, aeron, errors)
    return {
      options,
      aeron,
      connectArchive,
      markFile,
      errors,
      publication,
      subscription,
      dutyCycle: new DutyCycleTracker(
        new DurationTracker(maxCycle, cyclesExceeded, options.cycleThresholdNs),
      ),
      snapshotDurations: new DurationTracker(maxSnapshot, snapshotsExceeded, options.snapshotThresholdNs),
      stallWatch,
      close: () => {
        stallWatch?.close()
        try {
          if (options.aeron === undefined) aeron.close()
          else for (const counter of counters) counter?.close()
        } finally {
          markFile.signalTerminated()
          markFile.close()
        }
      },
    }
  }

  fail(): void {
    this.#forgetExit()
    try {
      if (this.#options.aeron === undefined) this.#aeron?.close()
      else this.#removeRegistrations(this.#options.aeron)
    } finally {
      this.#markFile.signalFailed()
      this.#markFile.close()
    }
  }

  #watchStalls(board: ActivityBoard, aeron: Aeron, errors: CountedErrorHandler): StallWatch | undefined {
    const { serviceId, errorBufferLength } = this.#options
    const { clientLivenessTimeoutMs } = aeron
    const thresholdMs =
      this.#options.stallThresholdMs ?? clientLivenessTimeoutMs / STALLS_PER_LIVENESS_TIMEOUT
    if (thresholdMs === Infinity) return undefined
    const watch = new StallWatch(board, {
      serviceId,
      thresholdMs,
      clientLivenessTimeoutMs,
      onError: (error) => errors.onError(error),
    })
    watch.start({ markFilePath: this.#markFile.path, errorBufferLength })
    return watch
  }

  // The client is the caller's, and goes on.
  #removeRegistrations(aeron: Aeron): void {
    const registrations = this.#registrations
    if (registrations === undefined || aeron.isClosed) return
    for (const counter of registrations.counters) aeron.asyncRemoveCounter(counter)
    aeron.asyncRemovePublication(registrations.publication)
    aeron.asyncRemoveSubscription(registrations.subscription)
  }
}

function checkClient({ conductorAgentInvoker, options }: Aeron): void {
  if (conductorAgentInvoker === undefined) {
    throw new TypeError(
      'Cannot launch the service container: its client must have useConductorAgentInvoker set',
    )
  }
  const { subscriberErrorHandler, errorHandler } = options
  if ((subscriberErrorHandler ?? errorHandler ?? 'rethrow') !== 'rethrow') {
    throw new TypeError(
      "Cannot launch the service container: its client must have subscriberErrorHandler 'rethrow', or no error handler",
    )
  }
}

interface CounterDescription {
  readonly typeId: number
  readonly key: ReturnType<typeof serviceCounterKey>
  readonly label: string
}

// In Java's order, and with its labels: readers find counters by type and key, people by label.
function counterDescriptions(options: ResolvedContainerOptions): CounterDescription[] {
  const { clusterId, serviceId, cycleThresholdNs, snapshotThresholdNs } = options
  const ids = `- clusterId=${clusterId} serviceId=${serviceId}`
  const labels: [number, string][] = [
    [CONTAINER_ERROR_COUNT_TYPE_ID, `Cluster Container Errors ${ids}`],
    [CONTAINER_MAX_CYCLE_TIME_TYPE_ID, `Cluster container max cycle time in ns ${ids}`],
    [
      CONTAINER_CYCLE_TIME_EXCEEDED_TYPE_ID,
      `Cluster container work cycle time exceeded count: threshold=${cycleThresholdNs}ns ${ids}`,
    ],
    [SERVICE_MAX_SNAPSHOT_DURATION_TYPE_ID, `Clustered service max snapshot duration in ns ${ids}`],
    [
      SERVICE_SNAPSHOT_DURATION_EXCEEDED_TYPE_ID,
      `Clustered service max snapshot duration exceeded count: threshold=${snapshotThresholdNs}ns ${ids}`,
    ],
  ]
  const key = serviceCounterKey(clusterId, serviceId)
  return labels.map(([typeId, label]) => ({ typeId, key, label }))
}
