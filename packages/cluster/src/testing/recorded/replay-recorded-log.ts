import { readCatalog, type RecordingDescriptor, RecordingState } from '@x/archive'
import { Role } from '../../service/cluster.ts'
import type { ClusteredService } from '../../service/clustered-service.ts'
import { guardedService, type GuardOption } from '../guard-option.ts'
import { LogEntries, type LogEntry } from '../log-entry.ts'
import { LogRun } from '../log-run.ts'
import { MemoryArchive } from '../memory-archive.ts'
import type { TestContainerOptions } from '../test-cluster-options.ts'
import { FROM_NOTHING, type LogLayout, type StartPoint } from '../test-member.ts'
import { readRecordedStream } from './recorded-stream.ts'
import { readRecordingLog, type RecordingLogEntry } from '../../files/recording-log.ts'

const EGRESS_TERM_LENGTH = 65_536
/** An eighth of it is the longest message of any stream. Protocol: Aeron's default for IPC. */
const SNAPSHOT_TERM_LENGTH: number = 64 * 1024 * 1024

/** What to replay, and with what. */
export interface RecordedLogOptions<S extends ClusteredService> {
  /** Cluster directory of a member, of which `recording.log` is read. */
  readonly clusterDirectory: string
  /** Directory of the member's archive, of which the catalog and the recordings of log and snapshots are read. */
  readonly archiveDirectory: string
  /** Creates the service. */
  readonly createService: () => S
  /**
   * Where to start: at the beginning of the log, or at the latest valid snapshot, as the member would. @default 'beginning'
   */
  readonly from?: 'beginning' | 'latest-snapshot'
  /** Position in bytes at which to end; entries that end after it are not applied. @default the end of the recording */
  readonly untilPosition?: number
  /** Called with each entry after the service has applied it. */
  readonly onApplied?: (entry: LogEntry, service: S) => void
  /** Reports the use of anything that makes members diverge, as an error; see `guardDeterminism`. @default true */
  readonly determinismGuard?: GuardOption
  /** Called with errors of the service and of the container; without it the first one is thrown. */
  readonly onError?: (error: Error) => void
  /** Options of the container; `appVersion` must be of the major version of the log, `serviceId` that of the service. @default its defaults */
  readonly container?: TestContainerOptions
}

/** Result of a replay. */
export interface RecordedLogReplay<S extends ClusteredService> {
  readonly service: S
  /** Number of entries that were applied. */
  readonly entryCount: number
  /** Position in bytes at which it began. */
  readonly startPosition: number
  /** Position in bytes after the last entry. */
  readonly logPosition: number
}

/**
 * Applies the log that a real member has recorded to a service, from the member's files. No driver, archive or consensus module is needed or disturbed. The
 * service runs as a follower in the real container; snapshots that the log requests are taken and discarded.
 *
 * On a member that was not the leader, or that was killed, the end of the recording may not have been committed; pass `untilPosition` if that matters. Throws if
 * files are missing, and what the service throws.
 */
export function replayRecordedLog<S extends ClusteredService>(
  options: RecordedLogOptions<S>,
): RecordedLogReplay<S> {
  const { archiveDirectory, clusterDirectory, container = {}, untilPosition = Infinity } = options
  const recordingLog = readRecordingLog(clusterDirectory).filter(({ isValid }) => isValid)
  const catalog = readCatalog(archiveDirectory).recordings.filter(
    ({ state }) => state === RecordingState.VALID,
  )
  const log = recordingIn(catalog, logRecordingId(recordingLog, clusterDirectory))
  const archive = new MemoryArchive()
  const start = startOf(options, recordingLog, catalog, archive)
  checkBeginning(log, start.logPosition)

  const errors: Error[] = []
  const service = options.createService()
  using guarded = guardedService(service, options.determinismGuard ?? true)
  const onError = options.onError ?? ((error: Error): void => void errors.push(error))
  let entryCount = 0
  let { logPosition } = start
  const run = new LogRun({
    service: guarded ?? service,
    container,
    memberId: 0,
    role: Role.FOLLOWER,
    layout: layoutOf(log),
    egressTermLength: EGRESS_TERM_LENGTH,
    // As the real one, whose length nothing tells: room for the longest record that there can be.
    snapshotTermLength: SNAPSHOT_TERM_LENGTH,
    archive,
    start,
    onError,
  })
  const entries = new LogEntries()
  for (const block of readRecordedStream(archiveDirectory, log, logPosition)) {
    for (const entry of entries.take(block)) {
      if (entry.position > untilPosition) return result()
      run.apply(entry)
      if (errors[0] !== undefined) throw errors[0]
      // Snapshots that the log asks for would pile up.
      archive.keepOnly(start.recordingId)
      run.takeEffects()
      entryCount++
      logPosition = entry.position
      options.onApplied?.(entry, service)
    }
  }
  return result()

  function result(): RecordedLogReplay<S> {
    return { service, entryCount, startPosition: start.logPosition, logPosition }
  }
}

function logRecordingId(recordingLog: readonly RecordingLogEntry[], clusterDirectory: string): bigint {
  const terms = recordingLog.filter(({ kind }) => kind === 'term')
  const newest = terms.reduce<RecordingLogEntry | undefined>(
    (found, term) => (found === undefined || term.leadershipTermId >= found.leadershipTermId ? term : found),
    undefined,
  )
  if (newest !== undefined) return newest.recordingId
  throw new Error(
    `Cannot replay the log: the recording log in "${clusterDirectory}" must name a term, and names none`,
  )
}

function startOf<S extends ClusteredService>(
  { from = 'beginning', archiveDirectory, container = {} }: RecordedLogOptions<S>,
  recordingLog: readonly RecordingLogEntry[],
  catalog: readonly RecordingDescriptor[],
  archive: MemoryArchive,
): StartPoint {
  if (from === 'beginning') return FROM_NOTHING
  const serviceId = container.serviceId ?? 0
  const snapshot = recordingLog.findLast(
    (entry) => entry.kind === 'snapshot' && entry.serviceId === serviceId,
  )
  if (snapshot === undefined) return FROM_NOTHING
  const entry = recordingIn(catalog, snapshot.recordingId)
  const blocks = [...readRecordedStream(archiveDirectory, entry)]
  archive.recordings.set(snapshot.recordingId, {
    ...layoutOf(entry),
    startPosition: entry.startPosition,
    blocks,
    stopPosition: endOf(entry, blocks),
  })
  return snapshot
}

function endOf(
  { stopPosition, startPosition }: RecordingDescriptor,
  blocks: readonly { readonly position: number; readonly frames: Uint8Array }[],
): number {
  const last = blocks.at(-1)
  if (stopPosition >= 0) return stopPosition
  return last === undefined ? startPosition : last.position + last.frames.length
}

function layoutOf({ termBufferLength, mtuLength, initialTermId }: RecordingDescriptor): LogLayout {
  return { termLength: termBufferLength, mtuLength, initialTermId }
}

function recordingIn(catalog: readonly RecordingDescriptor[], recordingId: bigint): RecordingDescriptor {
  const entry = catalog.find((recording) => recording.recordingId === recordingId)
  if (entry !== undefined) return entry
  throw new Error(
    `Cannot read recording ${recordingId}: the catalog of the archive must describe it, and has ${catalog.map((recording) => recording.recordingId).join(', ')}`,
  )
}

function checkBeginning({ startPosition }: RecordingDescriptor, logPosition: number): void {
  if (startPosition <= logPosition) return
  throw new Error(
    `Cannot replay the log from position ${logPosition}: its recording begins at ${startPosition}, what was before was purged; ` +
      "replay from 'latest-snapshot'",
  )
}
