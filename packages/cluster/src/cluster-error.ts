import type { Activity } from './service/stall/activity-board.ts'

/** The typed context of each {@link ClusterError} code. */
export interface ClusterErrorContext {
  /** Another container holds the mark file, or one that was killed held it less than `livenessTimeoutMs` ago. */
  ACTIVE_MARK_FILE: {
    readonly path: string
    readonly activityTimestampMs: bigint
    readonly livenessTimeoutMs: number
  }
  /** The mark file on disk is not one that this container may take over. */
  MARK_FILE_INVALID: { readonly path: string }
  /** The counters of the consensus module did not show up in time. */
  CONSENSUS_MODULE_NOT_FOUND: {
    readonly clusterId: number
    readonly aeronDirectory: string
    readonly consensusModuleTimeoutMs: number
    readonly awaited: 'commit position counter' | 'recovery state counter'
  }
  /** The recovery state names fewer services than this container's id needs. */
  RECOVERY_STATE_INVALID: { readonly serviceId: number; readonly serviceCount: number }
  /** A snapshot could not be taken; the cluster goes on without it. `cause` is what the archive, the driver or `onTakeSnapshot` said. */
  SNAPSHOT_FAILED: { readonly leadershipTermId: bigint; readonly logPosition: number }
  /** The snapshot to start from could not be read from the archive; `cause` is what the archive or the driver said. */
  SNAPSHOT_LOAD_FAILED: { readonly recordingId: bigint }
  /** The snapshot to start from is truncated, damaged, or none of a service. `position` is where in its recording, in bytes. */
  SNAPSHOT_INVALID: { readonly recordingId: bigint; readonly position: number }
  /** The service could not start; `cause` is what `onStart` threw or what recovery met. */
  SERVICE_START_FAILED: { readonly serviceId: number; readonly logPosition: number }
  /** The container ended before the service was active. */
  CONTAINER_CLOSED: { readonly serviceId: number }
  /** The file that a thread of this package starts from is not there, as when the package was bundled into the application. */
  THREAD_FILE_MISSING: { readonly path: string | undefined }
  /** The module that was named for the service of a worker thread is not there. */
  WORKER_MODULE_NOT_FOUND: { readonly moduleUrl: string }
  /** The Aeron client of the container was closed under it, mostly for the loss of the media driver. */
  AERON_CLOSED: { readonly serviceId: number; readonly logPosition: number }
  /** The commit position counter vanished: the consensus module is gone. */
  CONSENSUS_MODULE_LOST: { readonly clusterId: number; readonly logPosition: number }
  /**
   * The container had no turn for `stalledMs`, longer than it should: the driver takes one that has none for `clientLivenessTimeoutMs` for dead.
   * `activity` held it up; `garbageCollectionMs` is undefined where the event loop has not told, as on a thread that never comes to it.
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
  /** A log entry that cannot be decoded or applied; skipping it would be divergence, so the agent stops. */
  LOG_ENTRY_INVALID: {
    readonly logPosition: number
    readonly templateId: number
    readonly schemaId: number
    readonly version: number
  }
  /** The log to join does not continue where the service stands. */
  LOG_NOT_CONTIGUOUS: {
    readonly logPosition: number
    readonly joinPosition: number
    readonly eventPosition: number
  }
  /** The log, or the snapshot to start from, was written by an application version with another major part. */
  APP_VERSION_INCOMPATIBLE: {
    readonly appVersion: number
    readonly logAppVersion: number
    readonly logPosition: number
  }
  /** A message on the service control stream is not of the cluster schema, or cannot be decoded. */
  CONTROL_MESSAGE_INVALID: {
    readonly templateId: number
    readonly schemaId: number
    readonly version: number
  }
  /** The publication to the consensus module cannot send, and trying again will not help. */
  CONTROL_PUBLICATION_UNUSABLE: { readonly result: number }
  /** A call that the running callback may not make. */
  CALL_NOT_ALLOWED: { readonly call: string; readonly callback: string }
  /** A callback that the state depends on returned a promise: it would go on after the log has, at another place on each member. */
  CALLBACK_ASYNCHRONOUS: { readonly callback: string }
  /** A cluster session id that is not open. */
  UNKNOWN_SESSION: { readonly clusterSessionId: bigint }
  /** The response publication of a session could not be added; the session goes on without one. */
  EGRESS_CONNECT_FAILED: {
    readonly clusterSessionId: bigint
    readonly responseChannel: string
    readonly responseStreamId: number
  }
  /** The response publication of a session was refused for the moment; it is asked for again, some times, while the log stands still. */
  EGRESS_CONNECT_DELAYED: {
    readonly clusterSessionId: bigint
    readonly responseChannel: string
    readonly responseStreamId: number
  }
  /** A message to a session that is longer than its egress takes, in one message or in one claim. */
  MESSAGE_TOO_LONG: { readonly clusterSessionId: bigint; readonly length: number; readonly maxLength: number }
  /** The service stands behind a position that the consensus module named. */
  POSITION_PASSED: { readonly logPosition: number; readonly namedPosition: number }
  /** A callback of the service threw; `cause` is what it threw. */
  SERVICE_CALLBACK_FAILED: { readonly callback: string; readonly logPosition: number }
  /** The cluster client did not get a session in time. `state` is how far the connect came; `cause` holds what the driver refused. */
  CONNECT_TIMEOUT: {
    readonly state: string
    readonly messageTimeoutMs: number
    readonly ingressChannel: string
    readonly ingressEndpoints: string | undefined
    readonly egressChannel: string
  }
  /** The cluster client cannot get a session; `cause` holds what the driver refused, when it did. */
  CONNECT_FAILED: { readonly state: string }
  /** The cluster refused a session, with `detail` for the reason. */
  SESSION_REJECTED: {
    readonly clusterSessionId: bigint
    readonly leaderMemberId: number
    readonly detail: string
  }
  /** The cluster refused the credentials. */
  AUTHENTICATION_REJECTED: { readonly clusterSessionId: bigint; readonly detail: string }
  /** The cluster closed the session, with `detail` for the reason, such as `TIMEOUT`. */
  SESSION_CLOSED: { readonly clusterSessionId: bigint; readonly detail: string }
  /** No new leader was named, or none reached, in time. */
  NEW_LEADER_TIMEOUT: {
    readonly clusterSessionId: bigint
    readonly state: string
    readonly timeoutMs: number
  }
  /** The Aeron client of the cluster client was closed under it. */
  CLIENT_AERON_CLOSED: { readonly clusterSessionId: bigint }
  /** The ingress stream has used up its positions. */
  INGRESS_EXHAUSTED: { readonly clusterSessionId: bigint }
  /** A message on the egress that cannot be decoded; `cause` is what the decoder said. What follows it is read on. */
  EGRESS_MESSAGE_INVALID: {
    readonly clusterSessionId: bigint
    readonly schemaId: number
    readonly templateId: number
    readonly version: number
  }
  /** A message on the egress that nobody listens for: no listener was given for this way to poll, or for its schema. */
  EGRESS_NOT_HANDLED: {
    readonly clusterSessionId: bigint
    readonly schemaId: number
    readonly templateId: number
  }
  /** A message that a router knows no handler for, and no way to report. */
  MESSAGE_NOT_ROUTED: { readonly schemaId: number; readonly templateId: number; readonly version: number }
  /** A guarded callback used what differs between members; `apis` names it. */
  NOT_DETERMINISTIC: {
    readonly callback: string
    readonly logPosition: number
    readonly apis: readonly string[]
  }
  /** Two runs of a service over one log differ; `position` is that of the first entry after which they do. */
  STATE_DIVERGED: { readonly run: string; readonly entryIndex: number; readonly position: number }
  /** A test waits for what will not come, such as the end of a callback that idles for ever. */
  TEST_STALLED: { readonly awaited: string }
}

/** What went wrong, as a closed set of words. */
export type ClusterErrorCode = keyof ClusterErrorContext

/** The error of this package. Tell one from another by `code`, never by the message. */
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
