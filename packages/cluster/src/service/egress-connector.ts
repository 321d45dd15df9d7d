import type { Aeron } from '@x/client'
import { ClusterError } from '../cluster-error.ts'
import { isTemporary } from '../temporary-refusal.ts'
import type { ContainerClientSession } from './container-client-session.ts'

/**
 * Adds the response publications of sessions without waiting: the agent asks again in later turns, and the log stands still
 * meanwhile, so that callbacks stay in its order.
 */
export class EgressConnector {
  readonly #aeron: Aeron
  readonly #onError: (error: Error) => void
  // Registration ids of the publications that are being added, by session id.
  readonly #pending = new Map<bigint, bigint>()

  constructor(aeron: Aeron, onError: (error: Error) => void) {
    this.#aeron = aeron
    this.#onError = onError
  }

  /** Starts to connect, or goes on with it. True when there is an outcome: a failure is reported, the session has no egress then. */
  connect(session: ContainerClientSession): boolean {
    if (session.hasPublication) return true
    const registrationId = this.#pending.get(session.id)
    try {
      if (registrationId === undefined) return this.#add(session)
      const publication = this.#aeron.getPublication(registrationId)
      if (publication === undefined) return false
      session.connect(publication)
    } catch (error) {
      // Java's consensus module asks again too; its container does not, and leaves the session without egress.
      if (isTemporary(error)) return this.#add(session)
      this.#onError(connectFailed(session, error))
    }
    this.#pending.delete(session.id)
    return true
  }

  /** Gives up what is being connected. */
  cancel(): void {
    for (const registrationId of this.#pending.values()) this.#aeron.cancelRegistration(registrationId)
    this.#pending.clear()
  }

  #add(session: ContainerClientSession): false {
    const { id, responseChannel, responseStreamId } = session
    this.#pending.set(id, this.#aeron.asyncAddPublication(responseChannel, responseStreamId))
    return false
  }
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
