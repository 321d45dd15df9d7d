import { ResilientAeron, type Aeron } from '@x/client'
import { ClusterError } from '../../cluster-error.ts'
import { AeronCluster } from '../aeron-cluster.ts'
import { AsyncConnectState } from '../async-connect.ts'
import type { ResilientClusterPlan } from './resilient-cluster-options.ts'

/** An attempt to get another session. */
export interface SessionAttempt {
  /** The session once it is open; throws when there will be none. */
  poll(): AeronCluster | undefined
  /** Gives up, and resolves when nothing is left of it. */
  close(): Promise<void>
}

/**
 * Begins an attempt. With an Aeron client that is given, it takes its steps in `poll` and needs no event loop; otherwise it connects a client
 * of its own too, on the event loop.
 *
 * @throws ClusterError CONNECT_FAILED while a ResilientAeron has no driver
 */
export function beginAttempt({ session, aeron }: ResilientClusterPlan): SessionAttempt {
  if (aeron === undefined) {
    const closing = new AbortController()
    return new PromisedAttempt(AeronCluster.connect({ ...session, signal: closing.signal }), closing)
  }
  const connecting = AeronCluster.asyncConnect({ ...session, aeron: presentAeron(aeron) })
  return {
    poll: () => connecting.poll(),
    close: async () => connecting.close(),
  }
}

/**
 * The Aeron client to use now.
 *
 * @throws ClusterError CONNECT_FAILED while a ResilientAeron has no driver
 */
export function presentAeron(aeron: Aeron | ResilientAeron): Aeron {
  const current = aeron instanceof ResilientAeron ? aeron.current : aeron
  if (current !== undefined) return current
  throw new ClusterError(
    'CONNECT_FAILED',
    'Cannot connect to the cluster: the ResilientAeron must have a driver, but it has none at present',
    { state: AsyncConnectState.CREATE_EGRESS_SUBSCRIPTION },
  )
}

class PromisedAttempt implements SessionAttempt {
  readonly #closing: AbortController
  readonly #settled: Promise<void>
  #outcome: { readonly session: AeronCluster } | { readonly error: unknown } | undefined
  #isClosed = false

  constructor(connect: Promise<AeronCluster>, closing: AbortController) {
    this.#closing = closing
    this.#settled = connect.then(
      (session) => {
        if (this.#isClosed) session.close()
        else this.#outcome = { session }
      },
      (error: unknown) => {
        this.#outcome = { error }
      },
    )
  }

  poll(): AeronCluster | undefined {
    const outcome = this.#outcome
    if (outcome === undefined) return undefined
    if ('error' in outcome) throw outcome.error
    return outcome.session
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#closing.abort()
    const outcome = this.#outcome
    if (outcome !== undefined && 'session' in outcome) outcome.session.close()
    await this.#settled
  }
}
