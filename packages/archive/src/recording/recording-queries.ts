import type { Publication } from '@x/client'
import type { ArchiveRequest } from '../requests/archive-request.ts'
import { recordedSteps } from './await-recorded.ts'
import { RecordingControl } from './recording-control.ts'
import type { RecordingDescriptor, RecordingSubscriptionDescriptor } from './recording-descriptor.ts'
import * as query from '../requests/query-requests.ts'

/** Recordings that one request asks for while they are iterated over. Ours: a descriptor is some 200 bytes, so a page fills half a term. */
const PAGE_SIZE = 128

/** Which recordings to iterate over. */
export interface RecordingsFilter {
  /** The lowest recording id. @default 0 */
  readonly fromRecordingId?: bigint
  /** Text that the original channel must contain; requires `streamId`. */
  readonly channelFragment?: string
  /** Stream id of the recordings; requires `channelFragment`, which may be empty. */
  readonly streamId?: number
}

/** Requests to an archive: queries about its recordings. */
export abstract class RecordingQueries extends RecordingControl {
  /** Lists the descriptors of up to `count` recordings by id, starting with `fromRecordingId`. */
  listRecordings(fromRecordingId: bigint, count: number): ArchiveRequest<readonly RecordingDescriptor[]> {
    return this.requests.listing('list recordings', query.listRecordings(fromRecordingId, count), count)
  }

  /** Like {@link listRecordings}, for recordings with this stream id whose original channel contains `channelFragment`. */
  listRecordingsForUri(
    fromRecordingId: bigint,
    count: number,
    channelFragment: string,
    streamId: number,
  ): ArchiveRequest<readonly RecordingDescriptor[]> {
    return this.requests.listing(
      `list recordings of "${channelFragment}" stream ${streamId}`,
      query.listRecordingsForUri(fromRecordingId, count, channelFragment, streamId),
      count,
    )
  }

  /** Gets the descriptor of a recording; undefined if the archive has none with this id. */
  listRecording(recordingId: bigint): ArchiveRequest<RecordingDescriptor | undefined> {
    return this.requests.single(`list recording ${recordingId}`, query.listRecording(recordingId))
  }

  /** Lists the archive's subscriptions for recording, for one stream or all. Their order is stable only while nothing changes. */
  listRecordingSubscriptions(
    pseudoIndex: number,
    count: number,
    channelFragment: string,
    streamId?: number,
  ): ArchiveRequest<readonly RecordingSubscriptionDescriptor[]> {
    return this.requests.listing(
      'list recording subscriptions',
      query.listRecordingSubscriptions(pseudoIndex, count, channelFragment, streamId),
      count,
    )
  }

  /** Finds the last matching recording with an id of at least `minRecordingId`; -1 if there is none. */
  findLastMatchingRecording(
    minRecordingId: bigint,
    channelFragment: string,
    streamId: number,
    sessionId: number,
  ): ArchiveRequest<bigint> {
    return this.requests.id(
      `find a recording of "${channelFragment}" stream ${streamId} session ${sessionId}`,
      query.findLastMatchingRecording(minRecordingId, channelFragment, streamId, sessionId),
    )
  }

  /** Gets the position in bytes at which a recording begins. */
  getStartPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the start position of recording ${recordingId}`,
      query.startPosition(recordingId),
    )
  }

  /** Gets the position in bytes that an active recording has reached; -1 if it is not active. */
  getRecordingPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the position of recording ${recordingId}`,
      query.recordingPosition(recordingId),
    )
  }

  /** Gets the position in bytes at which a recording ends; -1 while it is active. */
  getStopPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the stop position of recording ${recordingId}`,
      query.stopPosition(recordingId),
    )
  }

  /** Gets the position in bytes that a recording has reached, whether active or stopped. */
  getMaxRecordedPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the highest position of recording ${recordingId}`,
      query.maxRecordedPosition(recordingId),
    )
  }

  /**
   * Waits until everything that a publication has sent is recorded. The publication must be on the archive's driver. The result is the recording id.
   *
   * @param position position in bytes to wait for; by default everything sent so far
   * @param timeoutMs how long to wait, in milliseconds; fails with NOT_RECORDED after that, or if the recording ends before
   */
  awaitRecorded(
    publication: Publication,
    position: number = publication.position,
    timeoutMs: number = this.requests.session.parts.options.messageTimeoutMs,
  ): ArchiveRequest<bigint> {
    const { session } = this.requests
    return this.requests.run(
      publication.registrationId,
      recordedSteps(session, publication, position, timeoutMs),
    )
  }

  /**
   * Iterates over the descriptors of all matching recordings by id, requesting them page by page: `for await (const recording of archive.recordings())`.
   *
   * @throws TypeError when only one of `channelFragment` and `streamId` is given, or the reason of the signal
   */
  async *recordings(
    filter: RecordingsFilter = {},
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<RecordingDescriptor, void, undefined> {
    const { channelFragment, streamId } = filter
    if ((channelFragment === undefined) !== (streamId === undefined)) {
      throw new TypeError('Cannot list recordings: channelFragment and streamId must be given together')
    }
    let fromRecordingId = filter.fromRecordingId ?? 0n
    for (;;) {
      signal?.throwIfAborted()
      const listing =
        channelFragment === undefined || streamId === undefined
          ? this.listRecordings(fromRecordingId, PAGE_SIZE)
          : this.listRecordingsForUri(fromRecordingId, PAGE_SIZE, channelFragment, streamId)
      const page = await (signal === undefined ? listing : listing.withSignal(signal))
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE_SIZE) return
      fromRecordingId = last.recordingId + 1n
    }
  }
}
