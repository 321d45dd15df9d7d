import { AtomicBuffer } from '@x/atomic'
import { BufferClaim, isRetryable, publicationResultName, type ExclusivePublication } from '@x/client'
import {
  ClientSessionEncoder,
  MessageHeaderEncoder,
  SnapshotMark,
  SnapshotMarkerEncoder,
  type ClusterTimeUnit,
} from '@x/codecs/cluster'
import type { Steps } from './steps.ts'

/** What a snapshot is of: a service. Protocol: Aeron's ClusteredServiceContainer. */
export const SERVICE_SNAPSHOT_TYPE_ID = 2n

const HEADER_LENGTH: number = MessageHeaderEncoder.ENCODED_LENGTH
const MARKER_LENGTH: number = HEADER_LENGTH + SnapshotMarkerEncoder.BLOCK_LENGTH
/** Bytes of a session's record without its texts: two length fields come with them. */
const SESSION_BASE_LENGTH: number = HEADER_LENGTH + ClientSessionEncoder.BLOCK_LENGTH + 4 + 4

/** Where and when a snapshot is taken: the same in both of its marks. */
export interface SnapshotPlace {
  readonly logPosition: number
  readonly leadershipTermId: bigint
  readonly timeUnit: ClusterTimeUnit | undefined
  readonly appVersion: number
}

/** A session as a snapshot keeps it. */
export interface SessionRecord {
  readonly id: bigint
  readonly responseStreamId: number
  readonly responseChannel: string
  readonly encodedPrincipal: Uint8Array
}

/**
 * Writes the container's own part of a snapshot: BEGIN mark, sessions, END mark. Each call gives steps that go on after back pressure.
 * Source: `io.aeron.cluster.service.ServiceSnapshotTaker`.
 */
export class SnapshotRecords {
  readonly #publication: ExclusivePublication
  readonly #place: SnapshotPlace
  readonly #header = new MessageHeaderEncoder()
  readonly #marker = new SnapshotMarkerEncoder()
  readonly #session = new ClientSessionEncoder()
  readonly #claim = new BufferClaim()
  #scratch = AtomicBuffer.allocate(0)

  constructor(publication: ExclusivePublication, place: SnapshotPlace) {
    this.#publication = publication
    this.#place = place
  }

  *begin(): Steps<void> {
    yield* this.#mark(SnapshotMark.BEGIN)
  }

  *end(): Steps<void> {
    yield* this.#mark(SnapshotMark.END)
  }

  /** A session's record: in place where it fits into one frame, in fragments where it does not. */
  *session(session: SessionRecord): Steps<void> {
    const length = SESSION_BASE_LENGTH + session.responseChannel.length + session.encodedPrincipal.length
    if (length <= this.#publication.maxPayloadLength) {
      yield* this.#sent(() => this.#publication.tryClaim(length, this.#claim))
      this.#encodeSession(this.#claim.buffer, this.#claim.offset, session)
      this.#claim.commit()
      return
    }
    if (this.#scratch.capacity < length) this.#scratch = AtomicBuffer.allocate(length)
    this.#encodeSession(this.#scratch, 0, session)
    yield* this.#sent(() => this.#publication.offer(this.#scratch, 0, length))
  }

  #encodeSession(buffer: AtomicBuffer, offset: number, session: SessionRecord): void {
    this.#session
      .wrapAndApplyHeader(buffer, offset, this.#header)
      .clusterSessionId(session.id)
      .responseStreamId(session.responseStreamId)
      .responseChannel(session.responseChannel)
      .encodedPrincipal(session.encodedPrincipal)
  }

  *#mark(mark: SnapshotMark): Steps<void> {
    const { logPosition, leadershipTermId, timeUnit, appVersion } = this.#place
    yield* this.#sent(() => this.#publication.tryClaim(MARKER_LENGTH, this.#claim))
    this.#marker
      .wrapAndApplyHeader(this.#claim.buffer, this.#claim.offset, this.#header)
      .typeId(SERVICE_SNAPSHOT_TYPE_ID)
      .logPosition(logPosition)
      .leadershipTermId(leadershipTermId)
      .index(0)
      .mark(mark)
      .timeUnit(timeUnit)
      .appVersion(appVersion)
    this.#claim.commit()
  }

  *#sent(attempt: () => number): Steps<void> {
    for (;;) {
      const result = attempt()
      if (result > 0) return
      if (!isRetryable(result)) {
        throw new Error(
          `Cannot write to the snapshot: its publication must be recorded, current result is ${publicationResultName(result)}`,
        )
      }
      yield undefined
    }
  }
}
