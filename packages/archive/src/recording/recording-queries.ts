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
  /** What the original channel must hold; needs `streamId` too. */
  readonly channelFragment?: string
  /** Stream id of the recordings; needs `channelFragment` too, which may be empty. */
  readonly streamId?: number
}

/** What an archive can be asked: what it has recorded. */
export abstract class RecordingQueries extends RecordingControl {
  /** The descriptors of up to `count` recordings, by id, from `fromRecordingId`. */
  listRecordings(fromRecordingId: bigint, count: number): ArchiveRequest<readonly RecordingDescriptor[]> {
    return this.requests.listing('list recordings', query.listRecordings(fromRecordingId, count), count)
  }

  /** As {@link listRecordings}, of those whose original channel holds `channelFragment`, and that have the stream id. */
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

  /** The descriptor of a recording; undefined when the archive has none with this id. */
  listRecording(recordingId: bigint): ArchiveRequest<RecordingDescriptor | undefined> {
    return this.requests.single(`list recording ${recordingId}`, query.listRecording(recordingId))
  }

  /** The subscriptions that the archive records from, of one stream or of all; the order holds only while nothing changes. */
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

  /** The last recording with an id of at least `minRecordingId` that fits; -1 when none does. */
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

  /** Position in bytes at which a recording begins. */
  getStartPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the start position of recording ${recordingId}`,
      query.startPosition(recordingId),
    )
  }

  /** Position in bytes that an active recording has come to; -1 for one that is not active. */
  getRecordingPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the position of recording ${recordingId}`,
      query.recordingPosition(recordingId),
    )
  }

  /** Position in bytes at which a recording ends; -1 while it is active. */
  getStopPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the stop position of recording ${recordingId}`,
      query.stopPosition(recordingId),
    )
  }

  /** Position in bytes that a recording has come to, active or stopped. */
  getMaxRecordedPosition(recordingId: bigint): ArchiveRequest<number> {
    return this.requests.position(
      `get the highest position of recording ${recordingId}`,
      query.maxRecordedPosition(recordingId),
    )
  }

  /**
   * Waits until what a publication of the archive's own driver has sent is recorded. Gives the recording id.
   *
   * @param position in bytes; by default all that was sent so far
   * @param timeoutMs how long it may take, in milliseconds; NOT_RECORDED after that, and when the recording ends before
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
   * The descriptors of all recordings that fit, by id, page by page as they are asked for: `for await (const recording of archive.recordings())`.
   *
   * @throws TypeError when only one of `channelFragment` and `streamId` is given, and the reason of an aborted signal
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
