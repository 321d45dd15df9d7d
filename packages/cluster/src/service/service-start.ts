import type { Image } from '@x/client'
import { ClusterError } from '../cluster-error.ts'
import { appVersionError } from './app-version.ts'
import type { ClientSessions } from './client-sessions.ts'
import { isLoss, type ClockTick } from './clock-tick.ts'
import type { Cluster } from './cluster.ts'
import type { CommitPosition } from './commit-position.ts'
import type { ContainerClientSession, SessionDescription } from './container-client-session.ts'
import type { ContainerResources } from './container-resources.ts'
import { asError } from './counted-error-handler.ts'
import { Recovery, snapshotRecordingId } from './recovery.ts'
import type { ServiceCallbacks } from './service-callbacks.ts'
import type { ServiceState } from './service-state.ts'
import { loadSnapshot } from './snapshot-load.ts'
import type { SnapshotReader } from './snapshot-reader.ts'
import { SteppedTask } from './steps.ts'

/** What {@link ServiceStart} works with. */
export interface ServiceStartParts {
  readonly resources: Pick<ContainerResources, 'options' | 'aeron' | 'connectArchive'>
  readonly state: ServiceState
  readonly tick: ClockTick
  readonly callbacks: ServiceCallbacks
  readonly cluster: Cluster
  readonly sessions: ClientSessions<ContainerClientSession>
  readonly newSession: (description: SessionDescription) => ContainerClientSession
}

/** How a start went: the consensus module is to be told of both. */
export interface StartOutcome {
  readonly commitPosition: CommitPosition
  /** Why the service could not start. */
  readonly error: Error | undefined
}

/**
 * Starts a service, a look in each turn where Java waits: finds where it starts, loads the snapshot when there is one, and calls `onStart`.
 */
export class ServiceStart {
  readonly #parts: ServiceStartParts
  readonly #recovery: Recovery
  #commitPosition: CommitPosition | undefined
  #loading: SteppedTask<void> | undefined

  constructor(parts: ServiceStartParts) {
    this.#parts = parts
    const { aeron, options } = parts.resources
    this.#recovery = new Recovery(aeron.countersReader, options, (commitPosition) =>
      parts.tick.watch(commitPosition),
    )
  }

  /** Undefined while there is something to wait for. Throws what there is nobody to tell of: CONSENSUS_MODULE_NOT_FOUND, the end of client or module. */
  poll(nowNs: bigint): StartOutcome | undefined {
    const commitPosition = (this.#commitPosition ??= this.#recover(nowNs))
    if (commitPosition === undefined) return undefined
    try {
      if (this.#loading?.poll() === undefined) return undefined
      return { commitPosition, error: undefined }
    } catch (error) {
      if (isLoss(error)) throw error
      return { commitPosition, error: this.#failed(error) }
    }
  }

  /** Cancels the start: closes everything opened so far. */
  close(): void {
    this.#loading?.close()
  }

  #recover(nowNs: bigint): CommitPosition | undefined {
    const found = this.#recovery.poll(nowNs)
    if (found === undefined) return undefined
    const { state } = this.#parts
    state.logPosition = found.state.logPosition
    state.clusterTime = found.state.timestamp
    state.header.setLeadershipTermId(found.state.leadershipTermId)
    const { options } = this.#parts.resources
    this.#loading = new SteppedTask(this.#steps(() => snapshotRecordingId(found.state, options.serviceId)))
    return found.commitPosition
  }

  *#steps(recordingIdOf: () => bigint | undefined): Generator<undefined, void, undefined> {
    const { resources, callbacks, cluster, tick } = this.#parts
    const { aeron, options, connectArchive } = resources
    const recordingId = recordingIdOf()
    if (recordingId === undefined) return callbacks.onStart(cluster, undefined)
    const { nanoClock, archive, replayChannel, replayStreamId, serviceName: clientName } = options
    yield* loadSnapshot(
      {
        aeron,
        connectArchive,
        nanoClock,
        clientName,
        archive,
        replayChannel,
        replayStreamId,
        start: (reader, image) => this.#startFrom(reader, image),
        whileIdle: (duty) => tick.attend(duty),
      },
      recordingId,
    )
  }

  #startFrom(reader: SnapshotReader, image: Image): void {
    const { state, sessions, newSession, callbacks, cluster, resources } = this.#parts
    const { appVersion, appVersionValidator } = resources.options
    if (!appVersionValidator(appVersion, reader.appVersion)) {
      throw appVersionError('start from the snapshot', appVersion, reader.appVersion, state.logPosition)
    }
    state.timeUnit = reader.timeUnit
    for (const session of reader.sessions) sessions.add(newSession(session))
    callbacks.onStart(cluster, image)
  }

  #failed(thrown: unknown): Error {
    const cause = asError(thrown)
    if (cause instanceof ClusterError) return cause
    const { serviceId } = this.#parts.resources.options
    const { logPosition } = this.#parts.state
    return new ClusterError(
      'SERVICE_START_FAILED',
      `Cannot start service ${serviceId} at position ${logPosition}: onStart must not throw, and threw: ${cause.message}`,
      { serviceId, logPosition },
      { cause },
    )
  }
}
