import type { Aeron } from '@x/client'
import type { NanoClock } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import { isTemporary } from '../temporary-refusal.ts'
import type { ContainerClientSession } from './container-client-session.ts'

/**
 * Ours: requests for one egress, and the pause before the second, which doubles. An endpoint that is closing has gone after a few turns of
 * the driver; all pauses together are a second, for which the log stands still.
 */
const MAX_REQUESTS = 11
const FIRST_PAUSE_NS = 1_000_000n

/** A session whose response publication is being added. */
interface Attempt {
  /** Undefined while no request is under way. */
  registrationId: bigint | undefined
  requests: number
  /** When the next request is due. */
  dueNs: bigint
}

/**
 * Adds the response publications of sessions without waiting: the agent asks again in later turns, and the log stands still
 * meanwhile, so that callbacks stay in its order.
 */
export class EgressConnector {
  readonly #aeron: Aeron
  readonly #nanoClock: NanoClock
  readonly #onError: (error: Error) => void
  // By session id.
  readonly #attempts = new Map<bigint, Attempt>()

  constructor(aeron: Aeron, nanoClock: NanoClock, onError: (error: Error) => void) {
    this.#aeron = aeron
    this.#nanoClock = nanoClock
    this.#onError = onError
  }

  /** Starts to connect, or goes on with it. True when there is an outcome: a failure is reported, the session has no egress then. Never throws. */
  connect(session: ContainerClientSession): boolean {
    if (session.hasPublication) return true
    const attempt = this.#attemptFor(session.id)
    try {
      if (!this.#step(session, attempt)) return false
    } catch (error) {
      // Java's consensus module asks again too; its container does not, and leaves the session without egress.
      if (isTemporary(error) && attempt.requests < MAX_REQUESTS) {
        this.#postpone(session, attempt, error)
        return false
      }
      this.#onError(connectFailed(session, error))
    }
    this.#attempts.delete(session.id)
    return true
  }

  /** Cancels the connect that is under way. */
  cancel(): void {
    for (const { registrationId } of this.#attempts.values()) {
      // The driver may have answered meanwhile.
      if (registrationId !== undefined) this.#aeron.asyncRemovePublication(registrationId)
    }
    this.#attempts.clear()
  }

  #attemptFor(clusterSessionId: bigint): Attempt {
    let attempt = this.#attempts.get(clusterSessionId)
    if (attempt === undefined) {
      attempt = { registrationId: undefined, requests: 0, dueNs: this.#nanoClock.nanoTime() }
      this.#attempts.set(clusterSessionId, attempt)
    }
    return attempt
  }

  /** Sends the request when it is due, or looks for its answer. True when the session is connected. */
  #step(session: ContainerClientSession, attempt: Attempt): boolean {
    if (attempt.registrationId === undefined) {
      if (this.#nanoClock.nanoTime() < attempt.dueNs) return false
      attempt.requests++
      attempt.registrationId = this.#aeron.asyncAddPublication(
        session.responseChannel,
        session.responseStreamId,
      )
      return false
    }
    const publication = this.#aeron.getPublication(attempt.registrationId)
    if (publication === undefined) return false
    session.connect(publication)
    return true
  }

  #postpone(session: ContainerClientSession, attempt: Attempt, cause: Error): void {
    if (attempt.requests === 1) this.#onError(connectDelayed(session, cause))
    attempt.registrationId = undefined
    attempt.dueNs = this.#nanoClock.nanoTime() + (FIRST_PAUSE_NS << BigInt(attempt.requests - 1))
  }
}

function connectDelayed(
  session: ContainerClientSession,
  cause: Error,
): ClusterError<'EGRESS_CONNECT_DELAYED'> {
  const { id, responseChannel, responseStreamId } = session
  return new ClusterError(
    'EGRESS_CONNECT_DELAYED',
    `Cannot connect the egress of session ${id} yet: the driver must accept channel "${responseChannel}" and stream ` +
      `${responseStreamId}, and refuses them for the moment; it is asked again, up to ${MAX_REQUESTS - 1} times`,
    { clusterSessionId: id, responseChannel, responseStreamId },
    { cause },
  )
}

function connectFailed(
  session: ContainerClientSession,
  cause: unknown,
): ClusterError<'EGRESS_CONNECT_FAILED'> {
  const { id, responseChannel, responseStreamId } = session
  return new ClusterError(
    'EGRESS_CONNECT_FAILED',
    `Cannot connect the egress of session ${id}: the driver must accept channel "${responseChannel}" and stream ` +
      `${responseStreamId}; the session goes on without egress`,
    { clusterSessionId: id, responseChannel, responseStreamId },
    { cause },
  )
}
