import type { ClusterTimeUnit } from '@x/codecs/cluster'
import { SessionMessageHeader } from '../session-message-header.ts'
import { Role } from './cluster.ts'

/** Where the service stands: written by the agent's parts, read by what the service sees. */
export class ServiceState {
  /** Position in bytes of the log after the last applied entry; -1 before recovery. */
  logPosition = -1
  /** Cluster time of the last applied entry. */
  clusterTime = 0n
  /** Unit of cluster time; undefined on a fresh log until the first leadership term. */
  timeUnit: ClusterTimeUnit | undefined = undefined
  role: Role = Role.FOLLOWER
  /** -1 until the first JoinLog. */
  memberId = -1
  /** Whether the member joined as a standby. */
  isStandby = false
  /** From the start ack until the termination: background work runs, and onTerminate is owed. */
  isActive = false
  /** The header of all that the service sends; carries the leadership term. */
  readonly header: SessionMessageHeader = new SessionMessageHeader()

  #nextAckId = 0n

  /** The id that the next ack carries. */
  get nextAckId(): bigint {
    return this.#nextAckId
  }

  /** An ack was sent: ids rise by one for each, without a gap. */
  onAckSent(): void {
    this.#nextAckId++
  }
}
