import { ChannelUri, type Aeron, type Image, type Subscription } from '@x/client'
import { AgentTerminationError, type NanoClock } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import { asError } from './counted-error-handler.ts'
import type { ConnectArchive, ResolvedServiceArchiveOptions, SnapshotArchive } from './service-archive.ts'
import { SnapshotReader } from './snapshot-reader.ts'
import { deadlineAfter, resultOf, untilFound, type Steps } from './steps.ts'

/** What {@link loadSnapshot} works with. */
export interface SnapshotLoadParts {
  readonly aeron: Aeron
  readonly connectArchive: ConnectArchive
  readonly nanoClock: NanoClock
  readonly clientName: string
  readonly archive: ResolvedServiceArchiveOptions
  readonly replayChannel: string
  readonly replayStreamId: number
  /** Takes what the container itself keeps in a snapshot, and starts the service with the rest of the image. */
  readonly start: (reader: SnapshotReader, image: Image) => void
  /** Told the work to do while the service reads and idles; undefined when there is none any more. */
  readonly whileIdle: (work: (() => void) | undefined) => void
}

/**
 * The steps of a start from a snapshot: replay, the container's part, the service's. All that they open is closed again.
 * They throw SNAPSHOT_LOAD_FAILED, SNAPSHOT_INVALID, or what `start` throws. Source: `loadSnapshot` of Aeron's ClusteredServiceAgent.
 */
export function* loadSnapshot(parts: SnapshotLoadParts, recordingId: bigint): Steps<void> {
  let connected: SnapshotArchive | undefined
  let subscription: Subscription | undefined
  try {
    let reader: SnapshotReader
    let image: Image
    try {
      connected = yield* parts.connectArchive(parts.aeron, parts.archive, parts.clientName)
      const sessionId = yield* startReplay(parts, connected, recordingId)
      subscription = yield* addSubscription(parts, sessionId)
      image = yield* untilImage(subscription, sessionId, connected)
      reader = new SnapshotReader(image, recordingId)
      yield* readRecords(parts, connected, reader, image)
    } catch (error) {
      throw loadFailed(error, recordingId)
    }
    parts.whileIdle(connected.check)
    parts.start(reader, image)
    // A service that stopped reading because the image closed has half of its state.
    if (image.isClosed && !image.isEndOfStream) {
      throw loadFailed(new Error(`its replay ended early, at position ${image.position}`), recordingId)
    }
  } finally {
    parts.whileIdle(undefined)
    subscription?.close()
    connected?.archive.close()
  }
}

function* startReplay(
  { replayChannel, replayStreamId }: SnapshotLoadParts,
  { archive }: SnapshotArchive,
  recordingId: bigint,
): Steps<number> {
  const replay = archive.startReplay(recordingId, replayChannel, replayStreamId, { position: 0 })
  const replaySessionId = yield* resultOf(replay)
  return Number(BigInt.asIntN(32, replaySessionId))
}

function* addSubscription(
  { aeron, replayChannel, replayStreamId }: SnapshotLoadParts,
  sessionId: number,
): Steps<Subscription> {
  const channel = ChannelUri.parse(replayChannel)
  channel.put('session-id', String(sessionId))
  const registrationId = aeron.asyncAddSubscription(channel.toString(), replayStreamId)
  let subscription: Subscription | undefined
  try {
    subscription = yield* untilFound(() => aeron.getSubscription(registrationId))
    return subscription
  } finally {
    if (subscription === undefined) aeron.asyncRemoveSubscription(registrationId)
  }
}

function* untilImage(
  subscription: Subscription,
  sessionId: number,
  { check }: SnapshotArchive,
): Steps<Image> {
  for (;;) {
    const image = subscription.imageBySessionId(sessionId)
    if (image !== undefined) return image
    check()
    yield undefined
  }
}

function* readRecords(
  { nanoClock, archive: { messageTimeoutMs } }: SnapshotLoadParts,
  { check }: SnapshotArchive,
  reader: SnapshotReader,
  image: Image,
): Steps<void> {
  let { position } = image
  let deadlineNs = deadlineAfter(nanoClock, messageTimeoutMs)
  while (!reader.poll()) {
    check()
    if (image.position !== position) {
      position = image.position
      deadlineNs = deadlineAfter(nanoClock, messageTimeoutMs)
    } else if (nanoClock.nanoTime() > deadlineNs) {
      throw new Error(`its replay must go on, and stands at ${position} for ${messageTimeoutMs} ms`)
    }
    yield undefined
  }
}

function loadFailed(error: unknown, recordingId: bigint): unknown {
  if (error instanceof ClusterError || error instanceof AgentTerminationError) return error
  return new ClusterError(
    'SNAPSHOT_LOAD_FAILED',
    `Cannot load the snapshot in recording ${recordingId}: ${asError(error).message}`,
    { recordingId },
    { cause: error },
  )
}
