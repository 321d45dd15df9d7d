import { CLOSED, MAX_POSITION_EXCEEDED, NOT_CONNECTED, type Publication } from '@x/client'

/** Where a connected cluster client stands. Source: the states of Aeron's AeronCluster. */
export const AeronClusterState = {
  /** Sending to the leader. */
  CONNECTED: 'CONNECTED',
  /** The leader is lost, and no other is known. */
  AWAIT_NEW_LEADER: 'AWAIT_NEW_LEADER',
  /** Another leader is known, and the publication to it is not connected yet. */
  AWAIT_NEW_LEADER_CONNECTION: 'AWAIT_NEW_LEADER_CONNECTION',
  /** The session is over; the next poll closes the client. */
  PENDING_CLOSE: 'PENDING_CLOSE',
  /** Closed. */
  CLOSED: 'CLOSED',
} as const

/** Where a connected cluster client stands. */
export type AeronClusterState = (typeof AeronClusterState)[keyof typeof AeronClusterState]

/** A publication that is being added. */
export interface IngressAttempt {
  /** The publication once it is there; throws when it is refused for good. */
  poll(): Publication | undefined
  /** Gives back what was added. */
  close(): void
}

/** How long a {@link LeaderLink} waits, in milliseconds. */
export interface LeaderLinkTimeouts {
  /** For the cluster to name a new leader. */
  readonly newLeaderTimeoutMs: number
  /** For the publication to a leader that is named. */
  readonly messageTimeoutMs: number
}

/**
 * The way to the leader: the ingress publication and the state it is in.
 * Source: the state transitions of Aeron's AeronCluster, with two improvements: adding the publication to a new leader never blocks,
 * and the link counts as connected when that publication is, not only when something was sent.
 */
export class LeaderLink {
  readonly #timeouts: LeaderLinkTimeouts
  readonly #nowMs: () => number
  #state: AeronClusterState = AeronClusterState.CONNECTED
  #publication: Publication | undefined
  #attempt: IngressAttempt | undefined = undefined
  #deadlineMs = Number.POSITIVE_INFINITY

  constructor(publication: Publication, timeouts: LeaderLinkTimeouts, nowMs: () => number) {
    this.#publication = publication
    this.#timeouts = timeouts
    this.#nowMs = nowMs
  }

  get state(): AeronClusterState {
    return this.#state
  }

  /** The publication to the leader; undefined while there is none. */
  get publication(): Publication | undefined {
    return this.#publication
  }

  /** Result of sending where there is no publication: CLOSED is for a session that is over. */
  get resultWithoutPublication(): number {
    return this.#state === AeronClusterState.CLOSED || this.#state === AeronClusterState.PENDING_CLOSE
      ? CLOSED
      : NOT_CONNECTED
  }

  /** Draws the consequence of a result of sending, and returns what the sender should see. */
  track(result: number): number {
    if (result > 0) {
      if (this.#state === AeronClusterState.AWAIT_NEW_LEADER_CONNECTION) this.#connected()
      return result
    }
    if (result === NOT_CONNECTED || result === CLOSED) {
      if (this.#state === AeronClusterState.CONNECTED) this.loseLeader()
      return this.resultWithoutPublication
    }
    if (result === MAX_POSITION_EXCEEDED && this.#state === AeronClusterState.CONNECTED) {
      this.#closePublication()
      this.#state = AeronClusterState.PENDING_CLOSE
    }
    return result
  }

  /** The egress image closed: the leader behind it is gone. */
  onEgressImageClosed(): void {
    if (
      this.#state === AeronClusterState.CONNECTED ||
      this.#state === AeronClusterState.AWAIT_NEW_LEADER_CONNECTION
    ) {
      this.loseLeader()
    }
  }

  /** Gives the leader up and waits for the cluster to name another. */
  loseLeader(): void {
    this.#closePublication()
    this.#state = AeronClusterState.AWAIT_NEW_LEADER
    this.#deadlineMs = this.#nowMs() + this.#timeouts.newLeaderTimeoutMs
  }

  /** The cluster named a new leader, and `attempt` goes to it. */
  onNewLeader(attempt: IngressAttempt): void {
    this.#closePublication()
    this.#attempt = attempt
    this.#state = AeronClusterState.AWAIT_NEW_LEADER_CONNECTION
    this.#deadlineMs = this.#nowMs() + this.#timeouts.messageTimeoutMs
  }

  /** The cluster closed the session. */
  onSessionClosed(): void {
    if (this.#state !== AeronClusterState.CLOSED) this.#state = AeronClusterState.PENDING_CLOSE
  }

  /**
   * Goes on with the publication to a new leader.
   *
   * @returns whether the client should close now: the session is over, or no leader was reached in time
   * @throws AeronError REGISTRATION_FAILED when the driver refuses the publication to the new leader; the client then closes in time
   */
  poll(): boolean {
    switch (this.#state) {
      case AeronClusterState.CONNECTED:
      case AeronClusterState.CLOSED:
        return false
      case AeronClusterState.PENDING_CLOSE:
        return true
      case AeronClusterState.AWAIT_NEW_LEADER_CONNECTION:
        this.#pollAttempt()
        if (this.#publication?.isConnected === true) this.#connected()
        return this.#nowMs() > this.#deadlineMs
      case AeronClusterState.AWAIT_NEW_LEADER:
        return this.#nowMs() > this.#deadlineMs
    }
  }

  /** Closes the publication, and ends in state CLOSED. */
  close(): void {
    this.#closePublication()
    this.#state = AeronClusterState.CLOSED
  }

  #connected(): void {
    this.#state = AeronClusterState.CONNECTED
    this.#deadlineMs = Number.POSITIVE_INFINITY
  }

  #pollAttempt(): void {
    const attempt = this.#attempt
    if (attempt === undefined) return
    try {
      this.#publication = attempt.poll()
    } catch (error) {
      this.#attempt = undefined
      throw error
    }
    if (this.#publication !== undefined) this.#attempt = undefined
  }

  #closePublication(): void {
    this.#attempt?.close()
    this.#attempt = undefined
    this.#publication?.close()
    this.#publication = undefined
  }
}
