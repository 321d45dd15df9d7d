import type { ArchiveRequest } from '../requests/archive-request.ts'
import { ArchiveFeature } from '../requests/archive-release.ts'
import { RecordingQueries } from './recording-queries.ts'
import type { ReplicationParams } from './replication-params.ts'
import * as replication from '../requests/replication-requests.ts'
import * as storage from '../requests/storage-requests.ts'

/** What an archive can be asked: to change, to remove and to copy what it has recorded. */
export abstract class RecordingStorage extends RecordingQueries {
  /** Cuts off what a stopped recording has after a position. Gives the number of files that go; RecordingSignal.DELETE says when they are gone. */
  truncateRecording(recordingId: bigint, position: number): ArchiveRequest<bigint> {
    return this.requests.id(
      `truncate recording ${recordingId}`,
      storage.truncateRecording(recordingId, position),
    )
  }

  /** Removes a stopped recording. Gives the number of files that go; RecordingSignal.DELETE says when they are gone. */
  purgeRecording(recordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(`purge recording ${recordingId}`, storage.purgeRecording(recordingId))
  }

  /**
   * Lets a recording begin at a later position and keeps the files before it, for {@link attachSegments} or {@link deleteDetachedSegments}.
   *
   * @param newStartPosition where a file begins: see `segmentFileBasePosition`; no replay may be before it
   */
  detachSegments(recordingId: bigint, newStartPosition: number): ArchiveRequest<void> {
    return this.requests.command(
      `detach segments of recording ${recordingId}`,
      storage.detachSegments(recordingId, newStartPosition),
    )
  }

  /** Removes the files that {@link detachSegments} kept. Gives their number; RecordingSignal.DELETE says when they are gone. */
  deleteDetachedSegments(recordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(
      `delete detached segments of recording ${recordingId}`,
      storage.deleteDetachedSegments(recordingId),
    )
  }

  /** As {@link detachSegments} and {@link deleteDetachedSegments} together. Gives the number of files that go. */
  purgeSegments(recordingId: bigint, newStartPosition: number): ArchiveRequest<bigint> {
    return this.requests.id(
      `purge segments of recording ${recordingId}`,
      storage.purgeSegments(recordingId, newStartPosition),
    )
  }

  /** Puts files back in front of a recording that {@link detachSegments} has taken away. Gives their number. */
  attachSegments(recordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(
      `attach segments to recording ${recordingId}`,
      storage.attachSegments(recordingId),
    )
  }

  /**
   * Moves all files of one recording to the beginning or the end of another, which must be contiguous with it and of the same stream. What is left of the
   * source is empty. Gives the number of files.
   */
  migrateSegments(sourceRecordingId: bigint, destinationRecordingId: bigint): ArchiveRequest<bigint> {
    return this.requests.id(
      `migrate segments of recording ${sourceRecordingId} to ${destinationRecordingId}`,
      storage.migrateSegments(sourceRecordingId, destinationRecordingId),
    )
  }

  /** Changes the channel that a recording is listed with, for archives of 1.49 and newer. */
  updateChannel(recordingId: bigint, channel: string): ArchiveRequest<void> {
    const action = `update the channel of recording ${recordingId}`
    this.requests.need(action, ArchiveFeature.UPDATE_CHANNEL)
    return this.requests.listingCommand(action, storage.updateChannel(recordingId, channel))
  }

  /**
   * Copies a recording of another archive to this one. Gives the replication id, which all signals of it carry as their correlation id:
   * REPLICATE_END when it is over, about
   * the time of the STOP of the copy. It comes after the error of a replication that failed, too, which `awaitSignal` with the replication id tells then.
   *
   * @param sourceControlChannel where the other archive takes requests
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

  /** Ends a replication; UNKNOWN_REPLICATION when it is not under way. */
  stopReplication(replicationId: bigint): ArchiveRequest<void> {
    return this.requests.command(
      `stop replication ${replicationId}`,
      replication.stopReplication(replicationId),
    )
  }

  /** As {@link stopReplication}; gives whether it was under way. */
  tryStopReplication(replicationId: bigint): ArchiveRequest<boolean> {
    return this.requests.attempt(
      `stop replication ${replicationId}`,
      replication.stopReplication(replicationId),
      'UNKNOWN_REPLICATION',
    )
  }
}
