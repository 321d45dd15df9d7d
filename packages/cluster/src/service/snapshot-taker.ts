import { findRecordingCounterBySession, isRecordingActive, recordingIdOfCounter } from '@x/archive'
import { NULL_COUNTER_ID, Position } from '@x/atomic/status'
import { ChannelUri, type Aeron, type ExclusivePublication } from '@x/client'
import type { NanoClock } from '@x/idlestrategy'
import type {
  ConnectArchive,
  ResolvedServiceArchiveOptions,
  SnapshotArchive,
  SnapshotRecorder,
} from './service-archive.ts'
import { SnapshotRecords, type SessionRecord, type SnapshotPlace } from './snapshot-records.ts'
import { deadlineAfter, resultOf, untilFound, type Steps } from './steps.ts'

/** What {@link takeSnapshot} works with. */
export interface SnapshotTakerParts {
  readonly aeron: Aeron
  readonly connectArchive: ConnectArchive
  readonly nanoClock: NanoClock
  readonly clientName: string
  readonly archive: ResolvedServiceArchiveOptions
  readonly snapshotChannel: string
  readonly snapshotStreamId: number
  readonly sessions: Iterable<SessionRecord>
  /** Calls the service, which writes its state. */
  readonly writeState: (publication: ExclusivePublication) => void
  /** Told the work to do while the service writes and idles; undefined when there is none any more. */
  readonly whileIdle: (work: (() => void) | undefined) => void
}

interface Recording {
  readonly recordingId: bigint
  readonly counterId: number
}

/**
 * The steps of a snapshot: they give the id of its recording, once all of it is recorded. Everything that they open is closed again, which
 * ends the recording. Source: `onTakeSnapshot` of Aeron's ClusteredServiceAgent.
 */
export function* takeSnapshot(parts: SnapshotTakerParts, place: SnapshotPlace): Steps<bigint> {
  const connected = yield* parts.connectArchive(parts.aeron, parts.archive, parts.clientName)
  let publication: ExclusivePublication | undefined
  try {
    publication = yield* addPublication(parts)
    const recording = yield* startRecording(parts, connected, publication)
    yield* writeSnapshot(parts, connected, publication, place)
    yield* untilRecorded(parts, connected, publication, recording)
    return recording.recordingId
  } finally {
    publication?.close()
    connected.archive.close()
  }
}

function* addPublication({
  aeron,
  snapshotChannel,
  snapshotStreamId,
}: SnapshotTakerParts): Steps<ExclusivePublication> {
  const registrationId = aeron.asyncAddExclusivePublication(snapshotChannel, snapshotStreamId)
  let publication: ExclusivePublication | undefined
  try {
    publication = yield* untilFound(() => aeron.getExclusivePublication(registrationId))
    return publication
  } finally {
    if (publication === undefined) aeron.asyncRemovePublication(registrationId)
  }
}

function* startRecording(
  parts: SnapshotTakerParts,
  { archive, check }: SnapshotArchive,
  publication: ExclusivePublication,
): Steps<Recording> {
  const { aeron, nanoClock, snapshotStreamId } = parts
  const channel = ChannelUri.parse(parts.snapshotChannel)
  channel.put('session-id', String(publication.sessionId))
  yield* resultOf(archive.startRecording(channel.toString(), snapshotStreamId, { autoStop: true }))
  const { messageTimeoutMs } = parts.archive
  const deadlineNs = deadlineAfter(nanoClock, messageTimeoutMs)
  return yield* untilFound(() => {
    const recording = findRecording(aeron, archive, publication.sessionId)
    if (recording !== undefined) return recording
    check()
    if (nanoClock.nanoTime() <= deadlineNs) return undefined
    throw new Error(
      `Cannot find the recording of session ${publication.sessionId}: its counter must appear within ${messageTimeoutMs} ms`,
    )
  })
}

function findRecording(aeron: Aeron, archive: SnapshotRecorder, sessionId: number): Recording | undefined {
  const { countersReader } = aeron
  const counterId = findRecordingCounterBySession(countersReader, sessionId, archive.archiveId)
  if (counterId === NULL_COUNTER_ID) return undefined
  return { counterId, recordingId: recordingIdOfCounter(countersReader, counterId) }
}

function* writeSnapshot(
  parts: SnapshotTakerParts,
  { check }: SnapshotArchive,
  publication: ExclusivePublication,
  place: SnapshotPlace,
): Steps<void> {
  const records = new SnapshotRecords(publication, place)
  yield* records.begin()
  for (const session of parts.sessions) yield* records.session(session)
  yield* records.end()
  check()
  parts.whileIdle(check)
  try {
    parts.writeState(publication)
  } finally {
    parts.whileIdle(undefined)
  }
}

function* untilRecorded(
  { aeron, nanoClock, archive: { messageTimeoutMs } }: SnapshotTakerParts,
  { check }: SnapshotArchive,
  publication: ExclusivePublication,
  { recordingId, counterId }: Recording,
): Steps<void> {
  const { countersReader } = aeron
  const recorded = new Position(countersReader.valuesBuffer, counterId)
  const { position } = publication
  let lastPosition = -1
  let deadlineNs = 0n
  for (;;) {
    const recordedPosition = recorded.getAcquire()
    // What the archive says comes first: it tells why a recording has stopped.
    check()
    if (!isRecordingActive(countersReader, counterId, recordingId)) {
      throw notRecorded(recordingId, position, `has stopped at ${lastPosition}`)
    }
    if (recordedPosition >= position) return
    // A claim that the service never committed would hold up the whole cluster for ever.
    if (recordedPosition !== lastPosition) {
      lastPosition = recordedPosition
      deadlineNs = deadlineAfter(nanoClock, messageTimeoutMs)
    } else if (nanoClock.nanoTime() > deadlineNs) {
      throw notRecorded(
        recordingId,
        position,
        `stands at ${lastPosition} for ${messageTimeoutMs} ms; is a claim of the service not committed?`,
      )
    }
    yield undefined
  }
}

function notRecorded(recordingId: bigint, position: number, what: string): Error {
  return new Error(
    `Cannot rely on recording ${recordingId}: it must hold all ${position} bytes of the snapshot, and ${what}`,
  )
}
