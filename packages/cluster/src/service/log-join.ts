import { ChannelUri, type Aeron, type Image, type Subscription } from '@x/client'
import { ClusterError } from '../cluster-error.ts'
import type { ActiveLogEvent } from './active-log-event.ts'
import type { BoundedLogAdapter } from './bounded-log-adapter.ts'
import type { ClientSessions } from './client-sessions.ts'
import type { ClusterMarkFile } from './cluster-mark-file.ts'
import { Role } from './cluster.ts'
import { NO_RELEVANT_ID } from './consensus-module-proxy.ts'
import type { ContainerClientSession } from './container-client-session.ts'
import type { EgressConnector } from './egress-connector.ts'
import type { ServiceCallbacks } from './service-callbacks.ts'
import type { ServiceState } from './service-state.ts'

/** What {@link LogJoin} works with. */
export interface LogJoinParts {
  readonly aeron: Aeron
  readonly serviceId: number
  readonly isRespondingService: boolean
  readonly state: ServiceState
  readonly sessions: ClientSessions<ContainerClientSession>
  readonly connector: EgressConnector
  readonly callbacks: ServiceCallbacks
  readonly markFile: Pick<ClusterMarkFile, 'setMemberId'>
  readonly logAdapter: BoundedLogAdapter
  /** One attempt to send an ack. */
  readonly trySendAck: (logPosition: number, relevantId: bigint) => boolean
}

type Stage =
  | { readonly name: 'subscription'; readonly registrationId: bigint }
  | { readonly name: 'image'; readonly subscription: Subscription }
  | { readonly name: 'ack'; readonly image: Image }
  | { readonly name: 'egress'; readonly image: Image; readonly sessions: ContainerClientSession[] }

/**
 * Joins the log that JoinLog named, a step in each turn where Java waits: subscription, image, ack, and at a new leader the
 * egress of all sessions. The log is read only after all of them, so that the service leads before it applies the new term.
 */
export class LogJoin {
  readonly #parts: LogJoinParts
  readonly #event: ActiveLogEvent
  #stage: Stage

  /** Begins to join. */
  constructor(parts: LogJoinParts, event: ActiveLogEvent) {
    this.#parts = parts
    this.#event = event
    if (event.role !== Role.LEADER) {
      for (const session of parts.sessions) session.disconnect()
    }
    parts.state.isStandby = event.isStandby
    const channel = ChannelUri.parse(event.logChannel)
    channel.put('alias', `log-sc-${parts.serviceId}`)
    const registrationId = parts.aeron.asyncAddSubscription(channel.toString(), event.logStreamId)
    this.#stage = { name: 'subscription', registrationId }
  }

  /** Goes on as far as it can. True once the log is joined; the adapter reads it from then on. */
  poll(): boolean {
    for (;;) {
      const next = this.#step(this.#stage)
      if (next === 'joined') return true
      if (next === undefined) return false
      this.#stage = next
    }
  }

  /** Cancels the join: closes everything opened so far. */
  close(): void {
    const stage = this.#stage
    if (stage.name === 'subscription') this.#parts.aeron.asyncRemoveSubscription(stage.registrationId)
    else if (stage.name === 'image') stage.subscription.close()
    else stage.image.subscription.close()
  }

  #step(stage: Stage): Stage | 'joined' | undefined {
    const { aeron } = this.#parts
    switch (stage.name) {
      case 'subscription': {
        const subscription = aeron.getSubscription(stage.registrationId)
        return subscription && { name: 'image', subscription }
      }
      case 'image': {
        const image = stage.subscription.imageBySessionId(this.#event.logSessionId)
        if (image === undefined) return undefined
        this.#checkContiguous(image)
        return { name: 'ack', image }
      }
      case 'ack':
        return this.#parts.trySendAck(this.#event.logPosition, NO_RELEVANT_ID)
          ? this.#onAcknowledged(stage.image)
          : undefined
      case 'egress': {
        const { connector } = this.#parts
        const sessions = stage.sessions.filter((session) => !connector.connect(session))
        if (sessions.length === 0) return this.#onConnected(stage.image)
        this.#stage = { ...stage, sessions }
        return undefined
      }
    }
  }

  #checkContiguous(image: Image): void {
    const { logPosition } = this.#parts.state
    const { joinPosition } = image
    const eventPosition = this.#event.logPosition
    if (joinPosition === logPosition && eventPosition === logPosition) return
    throw new ClusterError(
      'LOG_NOT_CONTIGUOUS',
      `Cannot join the log: the service stands at position ${logPosition}, and both the join position ${joinPosition} and the ` +
        `named position ${eventPosition} must be the same; the member has to be restarted`,
      { logPosition, joinPosition, eventPosition },
    )
  }

  #onAcknowledged(image: Image): Stage {
    const { state, markFile, sessions, isRespondingService } = this.#parts
    state.memberId = this.#event.memberId
    markFile.setMemberId(this.#event.memberId)
    const isLeader = this.#event.role === Role.LEADER
    // At a node's start the sessions of the log are stale: their clients are gone, and they are closed one by one.
    const isConnecting = isLeader && isRespondingService && !this.#event.isStartup
    return { name: 'egress', image, sessions: isConnecting ? [...sessions.ordered] : [] }
  }

  #onConnected(image: Image): 'joined' {
    const { callbacks, logAdapter, sessions } = this.#parts
    if (this.#event.role === Role.LEADER) {
      for (const session of sessions) session.resetClosing()
    }
    logAdapter.join(image, this.#event.maxLogPosition)
    callbacks.changeRole(this.#event.role)
    return 'joined'
  }
}
