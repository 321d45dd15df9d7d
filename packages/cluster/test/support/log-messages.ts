import type { CloseReason, ClusterAction, ClusterTimeUnit } from '@x/codecs/cluster'
import {
  encodeClusterAction,
  encodeLeadershipTerm,
  encodeSessionClose,
  encodeSessionMessage,
  encodeSessionOpen,
  encodeTimerEvent,
} from '../../src/testing/encode-entry.ts'

/** A session message as the log has it. */
export function sessionMessage(clusterSessionId: bigint, timestamp: bigint, payload: Uint8Array): Uint8Array {
  return encodeSessionMessage({ leadershipTermId: 0n, timestamp }, clusterSessionId, payload)
}

/** The opening of a session. */
export function sessionOpen(clusterSessionId: bigint, timestamp: bigint, principal: string = ''): Uint8Array {
  const session = {
    id: clusterSessionId,
    responseStreamId: 102,
    responseChannel: 'aeron:udp?endpoint=localhost:9999',
    encodedPrincipal: new TextEncoder().encode(principal),
  }
  return encodeSessionOpen({ leadershipTermId: 0n, timestamp }, session, 86n)
}

/** The closing of a session. */
export function sessionClose(clusterSessionId: bigint, timestamp: bigint, reason: CloseReason): Uint8Array {
  return encodeSessionClose({ leadershipTermId: 0n, timestamp }, clusterSessionId, reason)
}

/** A timer that is due. */
export function timerEvent(correlationId: bigint, timestamp: bigint): Uint8Array {
  return encodeTimerEvent({ leadershipTermId: 0n, timestamp }, correlationId)
}

/** An action of the cluster; `logPosition` is the one after the entry. */
export function clusterAction(
  action: ClusterAction,
  logPosition: number,
  timestamp: bigint,
  flags: number = 0,
): Uint8Array {
  return encodeClusterAction({ leadershipTermId: 0n, timestamp }, action, logPosition, flags)
}

/** The first entry of a leadership term; `logPosition` is the one after the entry. */
export function newLeadershipTerm(options: {
  readonly leadershipTermId: bigint
  readonly logPosition: number
  readonly timestamp: bigint
  readonly timeUnit: ClusterTimeUnit
  readonly appVersion: number
}): Uint8Array {
  return encodeLeadershipTerm({ ...options, termBaseLogPosition: 0, leaderMemberId: 0, logSessionId: -7 })
}
