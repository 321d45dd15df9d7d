import type { Aeron, BufferClaim, OfferSource, OfferVector } from '@x/client'
import type { ClusterTimeUnit } from '@x/codecs/cluster'
import type { IdleStrategy } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import type { ClientSession } from './client-session.ts'
import type { ClientSessions } from './client-sessions.ts'
import type { Cluster, Role } from './cluster.ts'
import { sendWithRetry, type ConsensusModuleProxy } from './consensus-module-proxy.ts'
import type { ContainerClientSession } from './container-client-session.ts'
import type { ResolvedContainerOptions } from './container-options.ts'
import type { LifecycleGuard } from './lifecycle-guard.ts'
import type { ServiceState } from './service-state.ts'
import { lengthOf } from './offer-length.ts'

const CLOSE_SESSION_ATTEMPTS = 3

/** What {@link ServiceCluster} works with. */
export interface ServiceClusterParts {
  readonly aeron: Aeron
  readonly options: ResolvedContainerOptions
  readonly state: ServiceState
  readonly guard: LifecycleGuard
  readonly sessions: ClientSessions<ContainerClientSession>
  readonly consensusModule: ConsensusModuleProxy
  readonly idleStrategy: IdleStrategy
}

/** The Cluster that is handed to the service. */
export class ServiceCluster implements Cluster {
  readonly aeron: Aeron
  readonly context: ResolvedContainerOptions
  readonly clientSessions: readonly ClientSession[]
  readonly idleStrategy: IdleStrategy
  readonly #state: ServiceState
  readonly #guard: LifecycleGuard
  readonly #sessions: ClientSessions<ContainerClientSession>
  readonly #consensusModule: ConsensusModuleProxy
  // A service's own messages carry its id in place of a session's.
  readonly #serviceSessionId: bigint

  constructor(parts: ServiceClusterParts) {
    this.aeron = parts.aeron
    this.context = parts.options
    this.clientSessions = parts.sessions.ordered
    this.idleStrategy = parts.idleStrategy
    this.#state = parts.state
    this.#guard = parts.guard
    this.#sessions = parts.sessions
    this.#consensusModule = parts.consensusModule
    this.#serviceSessionId = BigInt(parts.options.serviceId)
  }

  get memberId(): number {
    return this.#state.memberId
  }

  get role(): Role {
    return this.#state.role
  }

  get logPosition(): number {
    return this.#state.logPosition
  }

  get time(): bigint {
    return this.#state.clusterTime
  }

  get timeUnit(): ClusterTimeUnit | undefined {
    return this.#state.timeUnit
  }

  getClientSession(clusterSessionId: bigint): ClientSession | undefined {
    return this.#sessions.get(clusterSessionId)
  }

  closeClientSession(clusterSessionId: bigint): boolean {
    this.#guard.check('close a session')
    const session = this.#sessions.get(clusterSessionId)
    if (session === undefined) {
      throw new ClusterError(
        'UNKNOWN_SESSION',
        `Cannot close a session: its id must be of an open session, current value is ${clusterSessionId}`,
        { clusterSessionId },
      )
    }
    if (session.isClosing) return true
    const isSent = sendWithRetry(
      CLOSE_SESSION_ATTEMPTS,
      () => this.idleStrategy.idle(),
      () => this.#consensusModule.closeSession(clusterSessionId),
    )
    if (isSent) session.markClosing()
    return isSent
  }

  scheduleTimer(correlationId: bigint, deadline: bigint): boolean {
    this.#guard.check('schedule a timer')
    return this.#consensusModule.scheduleTimer(correlationId, deadline)
  }

  cancelTimer(correlationId: bigint): boolean {
    this.#guard.check('cancel a timer')
    return this.#consensusModule.cancelTimer(correlationId)
  }

  offer(buffer: OfferSource, offset = 0, length: number = lengthOf(buffer) - offset): number {
    this.#guard.check('offer to the log')
    const { header } = this.#state
    header.setClusterSessionId(this.#serviceSessionId)
    return this.#consensusModule.offer(header.buffer, buffer, offset, length)
  }

  offerVectors(vectors: readonly OfferVector[]): number {
    this.#guard.check('offer to the log')
    const { header } = this.#state
    header.setClusterSessionId(this.#serviceSessionId)
    return this.#consensusModule.offerVectors(header.buffer, vectors)
  }

  tryClaim(length: number, claim: BufferClaim): number {
    this.#guard.check('claim in the log')
    const { header } = this.#state
    header.setClusterSessionId(this.#serviceSessionId)
    return this.#consensusModule.tryClaim(header.buffer, length, claim)
  }
}
