export { Aeron } from './aeron.ts'
export { AeronError, isAeronError } from './aeron-error.ts'
export { defaultAeronDirectory } from './aeron-environment.ts'
export { ChannelUri } from './channel/channel-uri.ts'
export { channelUri, initialPosition } from './channel/channel-uri-builder.ts'
export { ConcurrentPublication } from './publication/concurrent-publication.ts'
export {
  ControlledFragmentAssembler,
  ImageControlledFragmentAssembler,
} from './assembler/controlled-fragment-assembler.ts'
export { CncFileReader } from './driver/cnc-file-reader.ts'
export { Counter } from './counter.ts'
export { describeDriver } from './driver/driver-description.ts'
export { isDriverActive, readDriverErrors, requestDriverTermination } from './driver/driver-directory.ts'
export { ErrorCode } from './error-code.ts'
export { ExclusivePublication } from './publication/exclusive-publication.ts'
export { FragmentAssembler, ImageFragmentAssembler } from './assembler/fragment-assembler.ts'
export { Image } from './subscription/image.ts'
export { readLossReport } from './driver/loss-report.ts'
export { offerAsync } from './publication/offer-async.ts'
export { diagnoseConnect } from './cnc/connect-diagnosis.ts'
export { BufferClaim } from './logbuffer/buffer-claim.ts'
export { Action } from './logbuffer/fragment-handler.ts'
export { Header } from './logbuffer/header.ts'
export { Publication } from './publication/publication.ts'
export {
  ADMIN_ACTION,
  BACK_PRESSURED,
  CLOSED,
  isRetryable,
  MAX_POSITION_EXCEEDED,
  NOT_CONNECTED,
  publicationResultName,
} from './publication/publication-result.ts'
export { ResilientAeron } from './resilient/resilient-aeron.ts'
export { ResilientPublication } from './resilient/resilient-publication.ts'
export { ResilientSubscription } from './resilient/resilient-subscription.ts'
export { ChannelEndpointStatus } from './status/channel-endpoint-status.ts'
export { CounterType } from './status/counter-type.ts'
export { ReadableCounter } from './status/readable-counter.ts'
export { streamBacklogs } from './status/stream-backlogs.ts'
export { streamCounters } from './status/stream-counters.ts'
export { Subscription } from './subscription/subscription.ts'
export { nameOf } from '@x/atomic'
export type { SubscriptionOptions } from './aeron.ts'
export type { AeronErrorCode, AeronErrorContext, DriverAbsence } from './aeron-error.ts'
export type { AeronOptions, ResolvedAeronOptions } from './aeron-options.ts'
export type { AwaitOptions } from './await-options.ts'
export type {
  ChannelParams,
  ControlMode,
  FlowControl,
  InitialPosition,
  TimestampOffset,
} from './channel/channel-params.ts'
export type { ChannelMedia } from './channel/channel-uri.ts'
export type { CounterHandler } from './conductor/counter-handlers.ts'
export type { CounterOptions } from './conductor/requests.ts'
export type { ConductorStall } from './conductor/service-interval.ts'
export type { ConnectDiagnosis, ConnectStep } from './cnc/connect-diagnosis.ts'
export type { DriverDescription, DriverFeatures } from './driver/driver-description.ts'
export type { DriverErrorObservation } from './driver/driver-directory.ts'
export type { ErrorCodeName } from './error-code.ts'
export type { LossObservation } from './driver/loss-report.ts'
export type { BlockHandler, RawBlockHandler } from './logbuffer/block-handler.ts'
export type { ControlledFragmentHandler, FragmentHandler } from './logbuffer/fragment-handler.ts'
export type { OfferSource, OfferVector } from './logbuffer/message-parts.ts'
export type { ReservedValueSupplier } from './logbuffer/term-appender.ts'
export type { PublicationErrorFrame, PublicationErrorFrameHandler } from './publication-error-frame.ts'
export type { OfferAsyncOptions } from './publication/offer-async.ts'
export type { ResilientAeronOptions } from './resilient/resilient-options.ts'
export type { ResilientResource } from './resilient/resilient-resource.ts'
export type {
  PublisherBacklog,
  ReceiverBacklog,
  SenderBacklog,
  StreamBacklog,
  SubscriberBacklog,
} from './status/stream-backlogs.ts'
export type { StreamCounter, StreamCounters } from './status/stream-counters.ts'
export type { ImageHandler, SubscriptionEvents } from './subscription/subscription.ts'
export type { Message, MessagesOptions } from './subscription/subscription-messages.ts'
