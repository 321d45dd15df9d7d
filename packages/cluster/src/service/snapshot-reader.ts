import type { AtomicBuffer } from '@x/atomic'
import { Action, ImageControlledFragmentAssembler, type Header, type Image } from '@x/client'
import {
  ClientSessionDecoder,
  ClusterTimeUnit,
  MessageHeaderDecoder,
  SnapshotMark,
  SnapshotMarkerDecoder,
} from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import { SERVICE_SNAPSHOT_TYPE_ID, type SessionRecord } from './snapshot-records.ts'

/** Fragments in one poll. Protocol: as the Java service does. */
const FRAGMENT_LIMIT = 10
const HEADER_LENGTH: number = MessageHeaderDecoder.ENCODED_LENGTH

/** The part of an image that is needed to read it. */
type ReadImage = Pick<Image, 'controlledPoll' | 'isClosed' | 'isEndOfStream' | 'position'>

/**
 * Reads the container's own part of a snapshot from its image, up to the END mark and not further: what comes behind is the service's.
 * Whatever is not as it must be throws SNAPSHOT_INVALID. Source: `io.aeron.cluster.service.ServiceSnapshotLoader`.
 */
export class SnapshotReader {
  readonly #image: ReadImage
  readonly #recordingId: bigint
  readonly #header = new MessageHeaderDecoder()
  readonly #marker = new SnapshotMarkerDecoder()
  readonly #session = new ClientSessionDecoder()
  readonly #onFragment: ImageControlledFragmentAssembler['onFragment']
  readonly #sessions = new Map<bigint, SessionRecord>()
  #isBegun = false
  #isDone = false
  #failure: Error | undefined
  #appVersion = 0
  #timeUnit: ClusterTimeUnit = ClusterTimeUnit.MILLIS

  constructor(image: ReadImage, recordingId: bigint) {
    this.#image = image
    this.#recordingId = recordingId
    const assembler = new ImageControlledFragmentAssembler((buffer, offset, length, header) =>
      this.#onMessage(buffer, offset, length, header),
    )
    this.#onFragment = assembler.onFragment
  }

  /** The sessions, in the order of the snapshot. */
  get sessions(): Iterable<SessionRecord> {
    return this.#sessions.values()
  }

  /** Application version of the service that took the snapshot. */
  get appVersion(): number {
    return this.#appVersion
  }

  /** Unit of cluster time. */
  get timeUnit(): ClusterTimeUnit {
    return this.#timeUnit
  }

  /** Reads on. True once the END mark was read. */
  poll(): boolean {
    const fragments = this.#isDone ? 0 : this.#image.controlledPoll(this.#onFragment, FRAGMENT_LIMIT)
    if (this.#failure !== undefined) throw this.#failure
    if (this.#isDone) return true
    if (fragments === 0 && (this.#image.isEndOfStream || this.#image.isClosed)) {
      throw this.#invalid(this.#image.position, 'its END mark must come, and the recording ends before it')
    }
    return false
  }

  // Nothing may throw through the image's poll, which would hand it to the client's error handler.
  #onMessage(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    try {
      this.#dispatch(buffer, offset, length, header.position)
      return this.#isDone ? Action.BREAK : Action.CONTINUE
    } catch (error) {
      this.#failure =
        error instanceof ClusterError
          ? error
          : this.#invalid(header.position, 'a record of it could not be decoded', error)
      return Action.ABORT
    }
  }

  #dispatch(buffer: AtomicBuffer, offset: number, length: number, position: number): void {
    if (length < HEADER_LENGTH)
      throw this.#invalid(position, `a record must have a header, its length is ${length}`)
    const { schemaId, templateId, blockLength, version } = this.#header.wrap(buffer, offset)
    if (schemaId !== SnapshotMarkerDecoder.SCHEMA_ID) {
      throw this.#invalid(
        position,
        `schema id must be ${SnapshotMarkerDecoder.SCHEMA_ID}, a record has ${schemaId}`,
      )
    }
    const bodyOffset = offset + HEADER_LENGTH
    const bodyLength = length - HEADER_LENGTH
    if (templateId === SnapshotMarkerDecoder.TEMPLATE_ID) {
      this.#onMark(this.#marker.wrap(buffer, bodyOffset, blockLength, version, bodyLength), position)
    } else if (!this.#isBegun) {
      throw this.#invalid(position, `it must begin with the BEGIN mark, and does with template ${templateId}`)
    } else if (templateId === ClientSessionDecoder.TEMPLATE_ID) {
      this.#onSession(this.#session.wrap(buffer, bodyOffset, blockLength, version, bodyLength), position)
    }
    // Templates that a newer version adds are not for this one.
  }

  #onMark(marker: SnapshotMarkerDecoder, position: number): void {
    const { typeId, mark } = marker
    if (typeId !== SERVICE_SNAPSHOT_TYPE_ID) {
      throw this.#invalid(
        position,
        `its type must be ${SERVICE_SNAPSHOT_TYPE_ID}, current value is ${typeId}`,
      )
    }
    if (mark === SnapshotMark.BEGIN) {
      if (this.#isBegun) throw this.#invalid(position, 'it must begin once, and has a second BEGIN mark')
      this.#isBegun = true
      // The mark's log position is not compared: a recording log that is seeded from a snapshot begins at 0.
      const { appVersion, timeUnit } = marker
      this.#appVersion = appVersion
      this.#timeUnit = timeUnit ?? ClusterTimeUnit.MILLIS
    } else if (mark === SnapshotMark.END) {
      if (!this.#isBegun) throw this.#invalid(position, 'its END mark must come after a BEGIN mark')
      this.#isDone = true
    }
  }

  #onSession(record: ClientSessionDecoder, position: number): void {
    const { clusterSessionId: id, responseStreamId, responseChannel } = record
    if (this.#sessions.has(id))
      throw this.#invalid(position, `session ${id} must be there once, and comes again`)
    const encodedPrincipal = record.encodedPrincipal.slice()
    this.#sessions.set(id, { id, responseStreamId, responseChannel, encodedPrincipal })
  }

  #invalid(position: number, what: string, cause?: unknown): ClusterError<'SNAPSHOT_INVALID'> {
    const recordingId = this.#recordingId
    return new ClusterError(
      'SNAPSHOT_INVALID',
      `Cannot load the snapshot in recording ${recordingId}, at position ${position} of it: ${what}; ` +
        'invalidate it with ClusterTool and restart the member to start from an earlier one',
      { recordingId, position },
      cause === undefined ? undefined : { cause },
    )
  }
}
