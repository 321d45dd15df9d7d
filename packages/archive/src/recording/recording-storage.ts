import type { ArchiveRequest } from '../requests/archive-request.ts'
import { ArchiveFeature } from '../requests/archive-release.ts'
import { RecordingQueries } from './recording-queries.ts'
import type { ReplicationParams } from './replication-params.ts'
import * as replication from '../requests/replication-requests.ts'
import * as storage from '../requests/storage-requests.ts'

/** Requests to an archive: changing, removing and replicating recordings. */
export abstract class RecordingStorage extends RecordingQueries {
  /** Truncates a stopped recording. The result is the number of files to be deleted; RecordingSignal.DELETE says when they are gone. */
  truncateRecording(recordingId: bigint, position: number): ArchiveRequest<bigint> {
    return this.requests.id(
      `truncate recording ${recordingId}`,
      storage.truncateRecording(recordingId, position),
    )
  }

  /** Deletes a stopped recording. The result is the number of files to be deleted; RecordingSignal.DELETE says when they are gone. */
  purgeRecording(recordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(`purge recording ${recordingId}`, storage.purgeRecording(recordingId))
  }

  /**
   * Makes a recording begin at a later position, and keeps the files before it for {@link attachSegments} or {@link deleteDetachedSegments}.
   *
   * @param newStartPosition position at which a file begins, see `segmentFileBasePosition`; no replay may be before it
   */
  detachSegments(recordingId: bigint, newStartPosition: number): ArchiveRequest<void> {
    return this.requests.command(
      `detach segments of recording ${recordingId}`,
      storage.detachSegments(recordingId, newStartPosition),
    )
  }

  /** Deletes the files that {@link detachSegments} kept. The result is their number; RecordingSignal.DELETE says when they are gone. */
  deleteDetachedSegments(recordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(
      `delete detached segments of recording ${recordingId}`,
      storage.deleteDetachedSegments(recordingId),
    )
  }

  /** Does {@link detachSegments} and {@link deleteDetachedSegments} in one. The result is the number of files to be deleted. */
  purgeSegments(recordingId: bigint, newStartPosition: number): ArchiveRequest<bigint> {
    return this.requests.id(
      `purge segments of recording ${recordingId}`,
      storage.purgeSegments(recordingId, newStartPosition),
    )
  }

  /** Puts files that {@link detachSegments} has detached back in front of a recording. The result is their number. */
  attachSegments(recordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(
      `attach segments to recording ${recordingId}`,
      storage.attachSegments(recordingId),
    )
  }

  /**
   * Moves all files of a recording to the beginning or the end of another, which must be contiguous with it and of the same stream. The source is empty afterwards.
   * The result is the number of files.
   */
  migrateSegments(sourceRecordingId: bigint, destinationRecordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(
      `migrate segments of recording ${sourceRecordingId} to ${destinationRecordingId}`,
      storage.migrateSegments(sourceRecordingId, destinationRecordingId),
    )
  }

  /** Changes the channel with which a recording is listed; for archives of 1.49 and newer. */
  updateChannel(recordingId: bigint, channel: string): ArchiveRequest<void> {
    const action = `update the channel of recording ${recordingId}`
    this.requests.need(action, ArchiveFeature.UPDATE_CHANNEL)
    return this.requests.listingCommand(action, storage.updateChannel(recordingId, channel))
  }

  /**
   * Replicates a recording of another archive to this one. The result is the replication id, which is the correlation id of all its signals. REPLICATE_END says that it is
   * over, at about the time of the STOP of the copy. It also follows the error of a failed replication, with which `awaitSignal` for the replication id rejects.
   *
   * @param sourceControlChannel control request channel of the other archive
   */
  replicate(
    sourceRecordingId: bigint,
    sourceControlChannel: string,
    params: ReplicationParams = {},
  ): ArchiveRequest<bigint> {
    const action = `replicate recording ${sourceRecordingId} of "${sourceControlChannel}"`
    if (params.sourceResponseChannel !== undefined) {
      this.requests.need(action, ArchiveFeature.SOURCE_RESPONSE_CHANNEL)
    }
    return this.requests.id(action, replication.replicate(sourceRecordingId, sourceControlChannel, params))
  }

  /** Stops a replication. Fails with UNKNOWN_REPLICATION if it is not running. */
  stopReplication(replicationId: bigint): ArchiveRequest<void> {
    return this.requests.command(
      `stop replication ${replicationId}`,
      replication.stopReplication(replicationId),
    )
  }

  /** Like {@link stopReplication}, but the result is whether it was running. */
  tryStopReplication(replicationId: bigint): ArchiveRequest<boolean> {
    return this.requests.attempt(
      `stop replication ${replicationId}`,
      replication.stopReplication(replicationId),
      'UNKNOWN_REPLICATION',
    )
  }
}
