import { ChannelUri, type Subscription } from '@x/client'
import { ArchiveError } from '../archive-error.ts'
import type { RequestSteps } from '../requests/archive-request.ts'
import { withSessionId } from '../recording/recorded-publication.ts'
import {
  exclusivePublicationSteps,
  subscriptionSteps,
  type RefusalHandler,
} from '../requests/registration-steps.ts'
import type { ReplayParams } from './replay-params.ts'
import type { RequestRunner } from '../requests/request-runner.ts'
import * as replays from '../requests/replay-requests.ts'
import { hasResponseMode, withoutStreamParams, withResponseCorrelationId } from '../connect/response-mode.ts'

/** A replay to open. */
export interface ReplayOrder {
  readonly recordingId: bigint
  readonly channel: string
  readonly streamId: number
  readonly params: ReplayParams
  /** Correlation id of the request to replay, which late errors have too. */
  readonly correlationId: bigint
}

/** A replay that has started, and the subscription that receives it. */
export interface OpenReplay {
  readonly replaySessionId: bigint
  readonly subscription: Subscription
}

/** Step of opening a replay. Source: the states of Aeron's PersistentSubscription. */
export type ReplayStep =
  | 'SEND_REPLAY_REQUEST'
  | 'AWAIT_REPLAY_RESPONSE'
  | 'ADD_REPLAY_SUBSCRIPTION'
  | 'AWAIT_REPLAY_SUBSCRIPTION'
  | 'AWAIT_REPLAY_CHANNEL_ENDPOINT'
  | 'ADD_REQUEST_PUBLICATION'
  | 'AWAIT_REQUEST_PUBLICATION'
  | 'SEND_REPLAY_TOKEN_REQUEST'
  | 'AWAIT_REPLAY_TOKEN'

type StepHandler = (step: ReplayStep, refusal?: Error) => void

const ignoreStep: StepHandler = () => undefined

/** The session id of the stream of a replay. Protocol: the low half of the replay session id. */
export function streamSessionId(replaySessionId: bigint): number {
  return Number(BigInt.asIntN(32, replaySessionId))
}

/**
 * The steps that start a replay and add the subscription that receives it. If the driver assigns the port, or the archive responds to the subscription, the
 * subscription is added first; otherwise it is added for the session of the replay only. If the steps fail, everything created is removed.
 */
export function* openReplaySteps(
  requests: RequestRunner,
  order: ReplayOrder,
  onStep: StepHandler = ignoreStep,
): RequestSteps<OpenReplay> {
  const open = yield* openSteps(requests, order, onStep)
  let isTaken = false
  try {
    // A callback of the application may have cancelled it in the same turn in which it was opened.
    yield undefined
    isTaken = true
    return open
  } finally {
    if (!isTaken) {
      open.subscription.close()
      stopQuietly(requests, open.replaySessionId)
    }
  }
}

/**
 * The steps that request a replay on a separate request publication, by which the archive finds the subscription.
 *
 * @param registrationId that of the subscription
 */
export function* replayOverResponseSteps(
  requests: RequestRunner,
  { recordingId, channel, streamId, params, correlationId }: ReplayOrder,
  registrationId: bigint,
  onStep: StepHandler = ignoreStep,
): RequestSteps<bigint> {
  const { aeron, options } = requests.session.parts
  onStep('ADD_REQUEST_PUBLICATION')
  const requestChannel = withoutStreamParams(options.controlRequestChannel)
  const adding = exclusivePublicationSteps(
    aeron,
    withResponseCorrelationId(requestChannel, registrationId),
    options.controlRequestStreamId,
    refusalHandler(onStep, 'ADD_REQUEST_PUBLICATION'),
  )
  onStep('AWAIT_REQUEST_PUBLICATION')
  const publication = yield* adding
  try {
    onStep('SEND_REPLAY_TOKEN_REQUEST')
    const asking = requests.submit(
      `get a token to replay recording ${recordingId}`,
      replays.replayToken(recordingId),
    )
    onStep('AWAIT_REPLAY_TOKEN')
    const replayToken = yield* requests.response(asking)
    onStep('SEND_REPLAY_REQUEST')
    const pending = requests.expect(
      `replay recording ${recordingId}`,
      replays.replay(recordingId, channel, streamId, { ...params, replayToken }),
      correlationId,
      { onLateOk: (replaySessionId) => stopQuietly(requests, replaySessionId) },
    )
    yield* requests.session.sendOver(publication, pending)
    onStep('AWAIT_REPLAY_RESPONSE')
    return yield* requests.response(pending)
  } finally {
    publication.close()
  }
}

function openSteps(
  requests: RequestRunner,
  order: ReplayOrder,
  onStep: StepHandler,
): RequestSteps<OpenReplay> {
  if (hasResponseMode(order.channel)) return responseReplaySteps(requests, order, onStep)
  if (hasWildcardPort(order.channel)) return wildcardReplaySteps(requests, order, onStep)
  return sessionReplaySteps(requests, order, onStep)
}

function* sessionReplaySteps(
  requests: RequestRunner,
  order: ReplayOrder,
  onStep: StepHandler,
): RequestSteps<OpenReplay> {
  const { channel, streamId } = order
  const replaySessionId = yield* replaySteps(requests, order, onStep)
  let isOpen = false
  try {
    onStep('ADD_REPLAY_SUBSCRIPTION')
    const adding = subscriptionSteps(
      requests.session.parts.aeron,
      withSessionId(channel, streamSessionId(replaySessionId)),
      streamId,
      refusalHandler(onStep, 'ADD_REPLAY_SUBSCRIPTION'),
    )
    onStep('AWAIT_REPLAY_SUBSCRIPTION')
    const subscription = yield* adding
    isOpen = true
    return { replaySessionId, subscription }
  } finally {
    if (!isOpen) stopQuietly(requests, replaySessionId)
  }
}

function* wildcardReplaySteps(
  requests: RequestRunner,
  order: ReplayOrder,
  onStep: StepHandler,
): RequestSteps<OpenReplay> {
  return yield* subscribedSteps(requests, order, onStep, function* (subscription) {
    onStep('AWAIT_REPLAY_CHANNEL_ENDPOINT')
    const channel = yield* resolvedChannelSteps(requests, order, subscription)
    return yield* replaySteps(requests, { ...order, channel }, onStep)
  })
}

function* responseReplaySteps(
  requests: RequestRunner,
  order: ReplayOrder,
  onStep: StepHandler,
): RequestSteps<OpenReplay> {
  return yield* subscribedSteps(requests, order, onStep, function* (subscription) {
    const channel = yield* resolvedChannelSteps(requests, order, subscription)
    return yield* replayOverResponseSteps(
      requests,
      { ...order, channel },
      subscription.registrationId,
      onStep,
    )
  })
}

// The subscription comes first, and goes when the replay does not come about.
function* subscribedSteps(
  requests: RequestRunner,
  { channel, streamId }: ReplayOrder,
  onStep: StepHandler,
  start: (subscription: Subscription) => RequestSteps<bigint>,
): RequestSteps<OpenReplay> {
  onStep('ADD_REPLAY_SUBSCRIPTION')
  const adding = subscriptionSteps(
    requests.session.parts.aeron,
    channel,
    streamId,
    refusalHandler(onStep, 'ADD_REPLAY_SUBSCRIPTION'),
  )
  onStep('AWAIT_REPLAY_SUBSCRIPTION')
  const subscription = yield* adding
  let isOpen = false
  try {
    const replaySessionId = yield* start(subscription)
    isOpen = true
    return { replaySessionId, subscription }
  } finally {
    if (!isOpen) subscription.close()
  }
}

function* replaySteps(
  requests: RequestRunner,
  { recordingId, channel, streamId, params, correlationId }: ReplayOrder,
  onStep: StepHandler,
): RequestSteps<bigint> {
  onStep('SEND_REPLAY_REQUEST')
  const pending = requests.submit(
    `replay recording ${recordingId}`,
    replays.replay(recordingId, channel, streamId, params),
    { correlationId, onLateOk: (replaySessionId) => stopQuietly(requests, replaySessionId) },
  )
  onStep('AWAIT_REPLAY_RESPONSE')
  return yield* requests.response(pending)
}

function* resolvedChannelSteps(
  requests: RequestRunner,
  { recordingId }: ReplayOrder,
  subscription: Subscription,
): RequestSteps<string> {
  const { nowMs, options } = requests.session.parts
  const deadlineMs = nowMs() + options.messageTimeoutMs
  for (;;) {
    const channel = subscription.tryResolveChannelEndpointPort()
    if (channel !== undefined) return channel
    if (nowMs() > deadlineMs) {
      throw new ArchiveError(
        'REPLAY_LOST',
        `Cannot replay recording ${recordingId}: "${subscription.channel}" was not bound in messageTimeoutMs of ${options.messageTimeoutMs}`,
        { recordingId, position: -1 },
      )
    }
    yield undefined
  }
}

function hasWildcardPort(channel: string): boolean {
  return ChannelUri.parse(channel).get('endpoint')?.endsWith(':0') === true
}

function refusalHandler(onStep: StepHandler, step: ReplayStep): RefusalHandler {
  return (error) => onStep(step, error)
}

/** Stops a replay that nobody receives, if the archive is still connected. */
export function stopQuietly(requests: RequestRunner, replaySessionId: bigint): void {
  if (!requests.session.isConnected) return
  requests.submit(`stop replay ${replaySessionId}`, replays.stopReplay(replaySessionId))
}
