export { AddPassiveMemberDecoder } from './gen/cluster/add-passive-member-decoder.ts'
export { AddPassiveMemberEncoder } from './gen/cluster/add-passive-member-encoder.ts'
export { AdminRequestDecoder } from './gen/cluster/admin-request-decoder.ts'
export { AdminRequestEncoder } from './gen/cluster/admin-request-encoder.ts'
export {
  ADMIN_REQUEST_TYPE_NULL,
  AdminRequestType,
  decodeAdminRequestType,
} from './gen/cluster/admin-request-type.ts'
export {
  ADMIN_RESPONSE_CODE_NULL,
  AdminResponseCode,
  decodeAdminResponseCode,
} from './gen/cluster/admin-response-code.ts'
export { AdminResponseDecoder } from './gen/cluster/admin-response-decoder.ts'
export { AdminResponseEncoder } from './gen/cluster/admin-response-encoder.ts'
export { AppendPositionDecoder } from './gen/cluster/append-position-decoder.ts'
export { AppendPositionEncoder } from './gen/cluster/append-position-encoder.ts'
export { BackupQueryDecoder } from './gen/cluster/backup-query-decoder.ts'
export { BackupQueryEncoder } from './gen/cluster/backup-query-encoder.ts'
export {
  BackupResponseDecoder,
  BackupResponseSnapshotsDecoder,
} from './gen/cluster/backup-response-decoder.ts'
export {
  BackupResponseEncoder,
  BackupResponseSnapshotsEncoder,
} from './gen/cluster/backup-response-encoder.ts'
export { BOOLEAN_TYPE_NULL, BooleanType, decodeBooleanType } from './gen/cluster/boolean-type.ts'
export { CancelTimerDecoder } from './gen/cluster/cancel-timer-decoder.ts'
export { CancelTimerEncoder } from './gen/cluster/cancel-timer-encoder.ts'
export { CanvassPositionDecoder } from './gen/cluster/canvass-position-decoder.ts'
export { CanvassPositionEncoder } from './gen/cluster/canvass-position-encoder.ts'
export { CatchupPositionDecoder } from './gen/cluster/catchup-position-decoder.ts'
export { CatchupPositionEncoder } from './gen/cluster/catchup-position-encoder.ts'
export { ChallengeDecoder } from './gen/cluster/challenge-decoder.ts'
export { ChallengeEncoder } from './gen/cluster/challenge-encoder.ts'
export { ChallengeResponseDecoder } from './gen/cluster/challenge-response-decoder.ts'
export { ChallengeResponseEncoder } from './gen/cluster/challenge-response-encoder.ts'
export { CHANGE_TYPE_NULL, ChangeType, decodeChangeType } from './gen/cluster/change-type.ts'
export { ClientSessionDecoder } from './gen/cluster/client-session-decoder.ts'
export { ClientSessionEncoder } from './gen/cluster/client-session-encoder.ts'
export { CLOSE_REASON_NULL, CloseReason, decodeCloseReason } from './gen/cluster/close-reason.ts'
export { CloseSessionDecoder } from './gen/cluster/close-session-decoder.ts'
export { CloseSessionEncoder } from './gen/cluster/close-session-encoder.ts'
export { ClusterActionRequestDecoder } from './gen/cluster/cluster-action-request-decoder.ts'
export { ClusterActionRequestEncoder } from './gen/cluster/cluster-action-request-encoder.ts'
export { CLUSTER_ACTION_NULL, ClusterAction, decodeClusterAction } from './gen/cluster/cluster-action.ts'
export { ClusterMembersChangeDecoder } from './gen/cluster/cluster-members-change-decoder.ts'
export { ClusterMembersChangeEncoder } from './gen/cluster/cluster-members-change-encoder.ts'
export { ClusterMembersDecoder } from './gen/cluster/cluster-members-decoder.ts'
export { ClusterMembersEncoder } from './gen/cluster/cluster-members-encoder.ts'
export {
  ClusterMembersExtendedResponseActiveMembersDecoder,
  ClusterMembersExtendedResponseDecoder,
  ClusterMembersExtendedResponsePassiveMembersDecoder,
} from './gen/cluster/cluster-members-extended-response-decoder.ts'
export {
  ClusterMembersExtendedResponseActiveMembersEncoder,
  ClusterMembersExtendedResponseEncoder,
  ClusterMembersExtendedResponsePassiveMembersEncoder,
} from './gen/cluster/cluster-members-extended-response-encoder.ts'
export { ClusterMembersQueryDecoder } from './gen/cluster/cluster-members-query-decoder.ts'
export { ClusterMembersQueryEncoder } from './gen/cluster/cluster-members-query-encoder.ts'
export { ClusterMembersResponseDecoder } from './gen/cluster/cluster-members-response-decoder.ts'
export { ClusterMembersResponseEncoder } from './gen/cluster/cluster-members-response-encoder.ts'
export { ClusterSessionDecoder } from './gen/cluster/cluster-session-decoder.ts'
export { ClusterSessionEncoder } from './gen/cluster/cluster-session-encoder.ts'
export {
  CLUSTER_TIME_UNIT_NULL,
  ClusterTimeUnit,
  decodeClusterTimeUnit,
} from './gen/cluster/cluster-time-unit.ts'
export { CommitPositionDecoder } from './gen/cluster/commit-position-decoder.ts'
export { CommitPositionEncoder } from './gen/cluster/commit-position-encoder.ts'
export { ConsensusModuleDecoder } from './gen/cluster/consensus-module-decoder.ts'
export { ConsensusModuleEncoder } from './gen/cluster/consensus-module-encoder.ts'
export { EVENT_CODE_NULL, EventCode, decodeEventCode } from './gen/cluster/event-code.ts'
export { HeartbeatRequestDecoder } from './gen/cluster/heartbeat-request-decoder.ts'
export { HeartbeatRequestEncoder } from './gen/cluster/heartbeat-request-encoder.ts'
export { HeartbeatResponseDecoder } from './gen/cluster/heartbeat-response-decoder.ts'
export { HeartbeatResponseEncoder } from './gen/cluster/heartbeat-response-encoder.ts'
export { JoinClusterDecoder } from './gen/cluster/join-cluster-decoder.ts'
export { JoinClusterEncoder } from './gen/cluster/join-cluster-encoder.ts'
export { JoinLogDecoder } from './gen/cluster/join-log-decoder.ts'
export { JoinLogEncoder } from './gen/cluster/join-log-encoder.ts'
export { MembershipChangeEventDecoder } from './gen/cluster/membership-change-event-decoder.ts'
export { MembershipChangeEventEncoder } from './gen/cluster/membership-change-event-encoder.ts'
export { MessageDispatcher } from './gen/cluster/message-dispatcher.ts'
export type { MessageHandlers } from './gen/cluster/message-dispatcher.ts'
export { MessageHeaderDecoder } from './gen/cluster/message-header-decoder.ts'
export { MessageHeaderEncoder } from './gen/cluster/message-header-encoder.ts'
export { NewLeaderEventDecoder } from './gen/cluster/new-leader-event-decoder.ts'
export { NewLeaderEventEncoder } from './gen/cluster/new-leader-event-encoder.ts'
export { NewLeadershipTermDecoder } from './gen/cluster/new-leadership-term-decoder.ts'
export { NewLeadershipTermEncoder } from './gen/cluster/new-leadership-term-encoder.ts'
export { NewLeadershipTermEventDecoder } from './gen/cluster/new-leadership-term-event-decoder.ts'
export { NewLeadershipTermEventEncoder } from './gen/cluster/new-leadership-term-event-encoder.ts'
export { PendingMessageTrackerDecoder } from './gen/cluster/pending-message-tracker-decoder.ts'
export { PendingMessageTrackerEncoder } from './gen/cluster/pending-message-tracker-encoder.ts'
export { RemoveMemberDecoder } from './gen/cluster/remove-member-decoder.ts'
export { RemoveMemberEncoder } from './gen/cluster/remove-member-encoder.ts'
export { RequestServiceAckDecoder } from './gen/cluster/request-service-ack-decoder.ts'
export { RequestServiceAckEncoder } from './gen/cluster/request-service-ack-encoder.ts'
export { RequestVoteDecoder } from './gen/cluster/request-vote-decoder.ts'
export { RequestVoteEncoder } from './gen/cluster/request-vote-encoder.ts'
export { ScheduleTimerDecoder } from './gen/cluster/schedule-timer-decoder.ts'
export { ScheduleTimerEncoder } from './gen/cluster/schedule-timer-encoder.ts'
export { ServiceAckDecoder } from './gen/cluster/service-ack-decoder.ts'
export { ServiceAckEncoder } from './gen/cluster/service-ack-encoder.ts'
export { ServiceTerminationPositionDecoder } from './gen/cluster/service-termination-position-decoder.ts'
export { ServiceTerminationPositionEncoder } from './gen/cluster/service-termination-position-encoder.ts'
export { SessionCloseEventDecoder } from './gen/cluster/session-close-event-decoder.ts'
export { SessionCloseEventEncoder } from './gen/cluster/session-close-event-encoder.ts'
export { SessionCloseRequestDecoder } from './gen/cluster/session-close-request-decoder.ts'
export { SessionCloseRequestEncoder } from './gen/cluster/session-close-request-encoder.ts'
export { SessionConnectRequestDecoder } from './gen/cluster/session-connect-request-decoder.ts'
export { SessionConnectRequestEncoder } from './gen/cluster/session-connect-request-encoder.ts'
export { SessionEventDecoder } from './gen/cluster/session-event-decoder.ts'
export { SessionEventEncoder } from './gen/cluster/session-event-encoder.ts'
export { SessionKeepAliveDecoder } from './gen/cluster/session-keep-alive-decoder.ts'
export { SessionKeepAliveEncoder } from './gen/cluster/session-keep-alive-encoder.ts'
export { SessionMessageHeaderDecoder } from './gen/cluster/session-message-header-decoder.ts'
export { SessionMessageHeaderEncoder } from './gen/cluster/session-message-header-encoder.ts'
export { SessionOpenEventDecoder } from './gen/cluster/session-open-event-decoder.ts'
export { SessionOpenEventEncoder } from './gen/cluster/session-open-event-encoder.ts'
export { SNAPSHOT_MARK_NULL, SnapshotMark, decodeSnapshotMark } from './gen/cluster/snapshot-mark.ts'
export { SnapshotMarkerDecoder } from './gen/cluster/snapshot-marker-decoder.ts'
export { SnapshotMarkerEncoder } from './gen/cluster/snapshot-marker-encoder.ts'
export { SnapshotRecordingQueryDecoder } from './gen/cluster/snapshot-recording-query-decoder.ts'
export { SnapshotRecordingQueryEncoder } from './gen/cluster/snapshot-recording-query-encoder.ts'
export {
  SnapshotRecordingsDecoder,
  SnapshotRecordingsSnapshotsDecoder,
} from './gen/cluster/snapshot-recordings-decoder.ts'
export {
  SnapshotRecordingsEncoder,
  SnapshotRecordingsSnapshotsEncoder,
} from './gen/cluster/snapshot-recordings-encoder.ts'
export {
  StandbySnapshotDecoder,
  StandbySnapshotSnapshotsDecoder,
} from './gen/cluster/standby-snapshot-decoder.ts'
export {
  StandbySnapshotEncoder,
  StandbySnapshotSnapshotsEncoder,
} from './gen/cluster/standby-snapshot-encoder.ts'
export { StopCatchupDecoder } from './gen/cluster/stop-catchup-decoder.ts'
export { StopCatchupEncoder } from './gen/cluster/stop-catchup-encoder.ts'
export { TerminationAckDecoder } from './gen/cluster/termination-ack-decoder.ts'
export { TerminationAckEncoder } from './gen/cluster/termination-ack-encoder.ts'
export { TerminationPositionDecoder } from './gen/cluster/termination-position-decoder.ts'
export { TerminationPositionEncoder } from './gen/cluster/termination-position-encoder.ts'
export { TimerDecoder } from './gen/cluster/timer-decoder.ts'
export { TimerEncoder } from './gen/cluster/timer-encoder.ts'
export { TimerEventDecoder } from './gen/cluster/timer-event-decoder.ts'
export { TimerEventEncoder } from './gen/cluster/timer-event-encoder.ts'
export { VoteDecoder } from './gen/cluster/vote-decoder.ts'
export { VoteEncoder } from './gen/cluster/vote-encoder.ts'
export { SchemaMismatchError } from './runtime/index.ts'
export type { SbeBuffer } from './runtime/index.ts'
