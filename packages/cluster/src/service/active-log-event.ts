import type { Role } from './cluster.ts'

/** The log that the consensus module asks the service to join. Source: JoinLog of the cluster schema. */
export interface ActiveLogEvent {
  /** Position in bytes at which the service must stand. */
  readonly logPosition: number
  /** Position in bytes at which this log ends; the largest safe integer for one without end. */
  readonly maxLogPosition: number
  readonly memberId: number
  /** Aeron session id of the log. */
  readonly logSessionId: number
  readonly logStreamId: number
  /** Whether the member has just started: sessions of the log are stale then. */
  readonly isStartup: boolean
  readonly role: Role
  /** Whether the member joins as a standby, which takes standby snapshots. */
  readonly isStandby: boolean
  readonly logChannel: string
}
