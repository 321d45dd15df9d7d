export {
  AdminRequestType,
  AdminResponseCode,
  CloseReason,
  ClusterTimeUnit,
  EventCode,
} from '@x/codecs/cluster'
export { AeronCluster } from './client/aeron-cluster.ts'
export { AsyncConnect, AsyncConnectState } from './client/async-connect.ts'
export { EgressAdapter } from './client/egress-adapter.ts'
export { IngressSessionDecorator } from './client/ingress-session-decorator.ts'
export { AeronClusterState } from './client/leader-link.ts'
export { ResilientAeronCluster } from './client/resilient/resilient-aeron-cluster.ts'
export { ClusterError, isClusterError } from './cluster-error.ts'
export { routeEgressMessages, routeSessionMessages } from './message-router.ts'
export { composeVersion } from './service/app-version.ts'
export { MESSAGE_TOO_LONG, MOCKED_OFFER } from './service/client-session.ts'
export { Role } from './service/cluster.ts'
export { ClusteredServiceContainer } from './service/clustered-service-container.ts'
export { ConsensusModuleState } from './consensus-module-state.ts'
export { ElectionState } from './election-state.ts'
export { queryClusterMembers } from './files/cluster-members-query.ts'
export { readClusterMarkFile, readServiceMarkFiles } from './files/mark-file-description.ts'
export { readRecordingLog } from './files/recording-log.ts'
export { ClusterComponentType } from '@x/codecs/cluster-mark'
export { ServiceWorker } from './service/worker/service-worker.ts'
export { SESSION_HEADER_LENGTH } from './session-message-header.ts'
export { nameOf } from '@x/atomic'
export type { CredentialsSupplier } from '@x/archive'
export type { AeronClusterOptions, ResolvedAeronClusterOptions } from './client/aeron-cluster-options.ts'
export type { EgressSink } from './client/egress-adapter.ts'
export type {
  AdminResponse,
  ControlledEgressListener,
  EgressEvents,
  EgressExtensionListener,
  EgressListener,
  NewLeader,
  SessionEvent,
} from './client/egress-listener.ts'
export type { Reconnect, ResilientAeronClusterOptions } from './client/resilient/resilient-cluster-options.ts'
export type { ResendReason, UnansweredOffer } from './client/resilient/unanswered-offers.ts'
export type { ClusterErrorCode, ClusterErrorContext } from './cluster-error.ts'
export type {
  ClusterMemberDescription,
  ClusterMembership,
  ClusterMembersQueryOptions,
} from './files/cluster-members-query.ts'
export type { MarkFileDescription } from './files/mark-file-description.ts'
export type { RecordingLogEntry } from './files/recording-log.ts'
export type {
  EgressMessageContext,
  GeneratedDispatcher,
  RoutedHandlers,
  SessionMessageContext,
} from './message-router.ts'
export type { ClientSession } from './service/client-session.ts'
export type { Cluster } from './service/cluster.ts'
export type { LaunchOptions } from './service/clustered-service-container.ts'
export type { ClusteredService, LeadershipTerm } from './service/clustered-service.ts'
export type { ContainerOptions, ResolvedContainerOptions } from './service/container-options.ts'
export type { ContainerTermination, TerminationCause } from './service/container-termination.ts'
export type { ResolvedServiceArchiveOptions, ServiceArchiveOptions } from './service/service-archive.ts'
export type { Activity } from './service/stall/activity-board.ts'
export type {
  CreateService,
  PortableContainerOptions,
  ServiceWorkerContext,
  ServiceWorkerOptions,
} from './service/worker/service-worker-options.ts'
