import type { Activity } from './service/stall/activity-board.ts'

/** The typed context of each {@link ClusterError} code. */
export interface ClusterErrorContext {
  /** Another container holds the mark file, or one that was killed held it less than `livenessTimeoutMs` ago. */
  ACTIVE_MARK_FILE: {
    readonly path: string
    readonly activityTimestampMs: bigint
    readonly livenessTimeoutMs: number
  }
  /** The mark file on disk is not one that this container can take over. */
  MARK_FILE_INVALID: { readonly path: string }
  /** The counters of the consensus module did not appear in time. */
  CONSENSUS_MODULE_NOT_FOUND: {
    readonly clusterId: number
    readonly aeronDirectory: string
    readonly consensusModuleTimeoutMs: number
    readonly awaited: 'commit position counter' | 'recovery state counter'
  }
  /** The consensus module of a member was asked for the members of its cluster, and has not answered in time; `awaited` is what was missing. */
  CLUSTER_QUERY_TIMEOUT: {
    readonly clusterDirectory: string
    readonly timeoutMs: number
    readonly awaited: 'connection' | 'response'
  }
  /** According to the recovery state there are too few services for the id of this one. */
  RECOVERY_STATE_INVALID: { readonly serviceId: number; readonly serviceCount: number }
  /** A snapshot could not be taken; the cluster continues without it. `cause` is the error of the archive, the driver or `onTakeSnapshot`. */
  SNAPSHOT_FAILED: { readonly leadershipTermId: bigint; readonly logPosition: number }
  /** The snapshot to start from could not be read from the archive. `cause` is the error of the archive or the driver. */
  SNAPSHOT_LOAD_FAILED: { readonly recordingId: bigint }
  /** The snapshot to start from is truncated, damaged, or not that of a service. `position` is where in its recording, in bytes. */
  SNAPSHOT_INVALID: { readonly recordingId: bigint; readonly position: number }
  /** The service could not start. `cause` is what `onStart` threw, or the error of the recovery. */
  SERVICE_START_FAILED: { readonly serviceId: number; readonly logPosition: number }
  /** The container ended before the service was active. */
  CONTAINER_CLOSED: { readonly serviceId: number }
  /** The file from which a thread of this package starts does not exist, usually because the package was bundled into the application. */
  THREAD_FILE_MISSING: { readonly path: string | undefined }
  /** The module given for the service of a worker thread does not exist. */
  WORKER_MODULE_NOT_FOUND: { readonly moduleUrl: string }
  /** The Aeron client of the container was closed, usually because the media driver is gone. */
  AERON_CLOSED: { readonly serviceId: number; readonly logPosition: number }
  /** The commit position counter has disappeared: the consensus module is gone. */
  CONSENSUS_MODULE_LOST: { readonly clusterId: number; readonly logPosition: number }
  /**
   * The container had no turn for `stalledMs`, which is longer than `thresholdMs`. After `clientLivenessTimeoutMs` without one the driver would consider it dead.
   * `activity` held it up. `garbageCollectionMs` is undefined if the event loop has not reported it, as on a thread that never returns to it.
   */
  CONTAINER_STALLED: {
    readonly serviceId: number
    readonly activity: Activity | undefined
    readonly logPosition: number | undefined
    readonly clusterSessionId: bigint | undefined
    readonly stalledMs: number
    readonly garbageCollectionMs: number | undefined
    readonly pausedMs: number
    readonly thresholdMs: number
    readonly clientLivenessTimeoutMs: number
  }
  /** A log entry cannot be decoded or applied. The agent stops, because skipping the entry would make the member diverge. */
  LOG_ENTRY_INVALID: {
    readonly logPosition: number
    readonly templateId: number
    readonly schemaId: number
    readonly version: number
  }
  /** The log to join does not continue at the position of the service. */
  LOG_NOT_CONTIGUOUS: {
    readonly logPosition: number
    readonly joinPosition: number
    readonly eventPosition: number
  }
  /** The log, or the snapshot to start from, was written by an application with another major version. */
  APP_VERSION_INCOMPATIBLE: {
    readonly appVersion: number
    readonly logAppVersion: number
    readonly logPosition: number
  }
  /** A message on the service control stream does not belong to the cluster schema, or cannot be decoded. */
  CONTROL_MESSAGE_INVALID: {
    readonly templateId: number
    readonly schemaId: number
    readonly version: number
  }
  /** The publication to the consensus module cannot send, and retrying will not help. */
  CONTROL_PUBLICATION_UNUSABLE: { readonly result: number }
  /** The running callback may not make this call. */
  CALL_NOT_ALLOWED: { readonly call: string; readonly callback: string }
  /** A callback that determines the state returned a promise. It would continue later, at a different place in the log on each member. */
  CALLBACK_ASYNCHRONOUS: { readonly callback: string }
  /** There is no open session with this id. */
  UNKNOWN_SESSION: { readonly clusterSessionId: bigint }
  /** The response publication of a session could not be added. The session continues without it. */
  EGRESS_CONNECT_FAILED: {
    readonly clusterSessionId: bigint
    readonly responseChannel: string
    readonly responseStreamId: number
  }
  /** The response publication of a session was rejected for now. Adding it is retried a few times, while processing of the log is suspended. */
  EGRESS_CONNECT_DELAYED: {
    readonly clusterSessionId: bigint
    readonly responseChannel: string
    readonly responseStreamId: number
  }
  /** A message to a session is too long for its egress, as a message or as a claim. */
  MESSAGE_TOO_LONG: { readonly clusterSessionId: bigint; readonly length: number; readonly maxLength: number }
  /** The service is already past a position that the consensus module named. */
  POSITION_PASSED: { readonly logPosition: number; readonly namedPosition: number }
  /** A callback of the service threw; `cause` is what it threw. */
  SERVICE_CALLBACK_FAILED: { readonly callback: string; readonly logPosition: number }
  /** The cluster client did not get a session in time. `state` is how far it got; `cause` is what the driver rejected, if it did. */
  CONNECT_TIMEOUT: {
    readonly state: string
    readonly messageTimeoutMs: number
    readonly ingressChannel: string
    readonly ingressEndpoints: string | undefined
    readonly egressChannel: string
  }
  /** The cluster client cannot get a session. `cause` is what the driver rejected, if it did. */
  CONNECT_FAILED: { readonly state: string }
  /** The cluster rejected the session; `detail` is the reason. */
  SESSION_REJECTED: {
    readonly clusterSessionId: bigint
    readonly leaderMemberId: number
    readonly detail: string
  }
  /** The cluster rejected the credentials. */
  AUTHENTICATION_REJECTED: { readonly clusterSessionId: bigint; readonly detail: string }
  /** The cluster closed the session; `detail` is the reason, such as `TIMEOUT`. */
  SESSION_CLOSED: { readonly clusterSessionId: bigint; readonly detail: string }
  /** No new leader was announced, or it could not be reached, in time. */
  NEW_LEADER_TIMEOUT: {
    readonly clusterSessionId: bigint
    readonly state: string
    readonly timeoutMs: number
  }
  /** The Aeron client of the cluster client was closed. */
  CLIENT_AERON_CLOSED: { readonly clusterSessionId: bigint }
  /** The ingress stream has reached its maximum position. */
  INGRESS_EXHAUSTED: { readonly clusterSessionId: bigint }
  /** An egress message cannot be decoded; `cause` is the error of the decoder. Reading continues with the next message. */
  EGRESS_MESSAGE_INVALID: {
    readonly clusterSessionId: bigint
    readonly schemaId: number
    readonly templateId: number
    readonly version: number
  }
  /** There is no listener for an egress message: none for this kind of polling, or none for its schema. */
  EGRESS_NOT_HANDLED: {
    readonly clusterSessionId: bigint
    readonly schemaId: number
    readonly templateId: number
  }
  /** A router has no handler for a message, and no `onUnknownTemplate`. */
  MESSAGE_NOT_ROUTED: { readonly schemaId: number; readonly templateId: number; readonly version: number }
  /** A guarded callback used APIs that make members diverge; `apis` names them. */
  NOT_DETERMINISTIC: {
    readonly callback: string
    readonly logPosition: number
    readonly apis: readonly string[]
  }
  /** Two runs of a service over the same log differ; `position` is that of the first entry after which they do. */
  STATE_DIVERGED: { readonly run: string; readonly entryIndex: number; readonly position: number }
  /** A test waits for something that will never happen, such as the end of a callback that idles forever. */
  TEST_STALLED: { readonly awaited: string }
}

/** The codes of {@link ClusterError}. */
export type ClusterErrorCode = keyof ClusterErrorContext

/** The error class of this package. Distinguish errors by `code`, never by the message. */
export class ClusterError<C extends ClusterErrorCode = ClusterErrorCode> extends Error {
  override readonly name = 'ClusterError'
  /** What went wrong. */
  readonly code: C
  /** The values that belong to the code. */
  readonly context: ClusterErrorContext[C]

  constructor(code: C, message: string, context: ClusterErrorContext[C], options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.context = context
  }
}

/** True for a {@link ClusterError} with this code; narrows its context. */
export function isClusterError<C extends ClusterErrorCode>(
  error: unknown,
  code: C,
): error is ClusterError<C> {
  return error instanceof ClusterError && error.code === code
}
