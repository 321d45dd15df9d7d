import { ClusterError } from '../cluster-error.ts'
import { AeronClusterState } from './leader-link.ts'

/** The cluster closed the session; `detail` is the reason that it gave. */
export function sessionClosed(clusterSessionId: bigint, detail: string): ClusterError {
  return new ClusterError(
    'SESSION_CLOSED',
    `Cannot go on with session ${clusterSessionId}: the cluster closed it, ${detail}`,
    { clusterSessionId, detail },
  )
}

/** The Aeron client was closed under the session. */
export function aeronClosed(clusterSessionId: bigint): ClusterError {
  return new ClusterError(
    'CLIENT_AERON_CLOSED',
    `Cannot go on with session ${clusterSessionId}: its Aeron client is closed, mostly for the loss of the media driver`,
    { clusterSessionId },
  )
}

/**
 * Why a session ended in this state.
 *
 * @param timeoutMs how long the state may last
 */
export function linkLost(
  clusterSessionId: bigint,
  state: AeronClusterState,
  timeoutMs: number,
): ClusterError {
  if (state === AeronClusterState.PENDING_CLOSE) {
    return new ClusterError(
      'INGRESS_EXHAUSTED',
      'Cannot send to the cluster: the ingress stream is at its last position, a new session is needed',
      { clusterSessionId },
    )
  }
  return new ClusterError(
    'NEW_LEADER_TIMEOUT',
    `Cannot reach a leader of the cluster: state ${state} lasted longer than ${timeoutMs} ms`,
    { clusterSessionId, state, timeoutMs },
  )
}
