import { RECORDING_POSITION_TYPE_ID } from '@x/archive'
import { AtomicBuffer } from '@x/atomic'
import { Position, type CountersManager } from '@x/atomic/status'
import { ChannelUri, type Image } from '@x/client'
import type { SnapshotArchive, SnapshotRecorder } from '../service/service-archive.ts'
import type { Pollable, Steps } from '../service/steps.ts'
import { copyFrames } from './copy-frames.ts'
import type { LogBlock } from './message-assembler.ts'
import { MemoryStream } from './memory-stream.ts'

const SOURCE_IDENTITY = 'aeron:ipc'
const ARCHIVE_ID = 0n

/** A recorded stream, in memory. */
export interface Recording {
  readonly blocks: LogBlock[]
  readonly termLength: number
  readonly mtuLength: number
  readonly initialTermId: number
  readonly startPosition: number
  stopPosition: number
}

/** What an archive needs of the driver that it works on. */
export interface ArchiveDriver {
  readonly counters: CountersManager
  /** The stream of an exclusive publication. */
  streamOf(sessionId: number): MemoryStream | undefined
  /** Makes a stream available to subscriptions. */
  offerStream(stream: MemoryStream): void
  /** A session id that no stream has. */
  nextSessionId(): number
  /** From now on this is done in every turn; the answer ends it. */
  addWork(work: () => void): () => void
}

/** The recordings of a member, which outlive its processes, and the little of an archive that snapshots need. */
export class MemoryArchive {
  readonly recordings: Map<bigint, Recording> = new Map()

  /** Adds a recording; gives its id. */
  add(recording: Recording): bigint {
    let recordingId = 0n
    for (const id of this.recordings.keys()) if (id >= recordingId) recordingId = id + 1n
    this.recordings.set(recordingId, recording)
    return recordingId
  }

  /** Takes over a recording of another archive, under its id. */
  copyFrom(other: MemoryArchive, recordingId: bigint): void {
    const recording = other.recordings.get(recordingId)
    if (recording !== undefined) this.recordings.set(recordingId, recording)
  }

  /** The id of the recording that was added last; undefined when there is none. */
  get lastId(): bigint | undefined {
    return [...this.recordings.keys()].at(-1)
  }

  /** Forgets all recordings but one. */
  keepOnly(recordingId: bigint | undefined): void {
    for (const id of this.recordings.keys()) if (id !== recordingId) this.recordings.delete(id)
  }

  /** The steps to a client of this archive, on a driver. */
  *connect(driver: ArchiveDriver): Steps<SnapshotArchive> {
    const archive = new ArchiveSession(this, driver)
    yield undefined
    return { archive, check: () => undefined }
  }
}

class ArchiveSession implements SnapshotRecorder {
  readonly archiveId = ARCHIVE_ID
  readonly #archive: MemoryArchive
  readonly #driver: ArchiveDriver
  readonly #recorders: SnapshotStreamRecorder[] = []

  constructor(archive: MemoryArchive, driver: ArchiveDriver) {
    this.#archive = archive
    this.#driver = driver
  }

  startRecording(channel: string, _streamId: number): Pollable<bigint> {
    const sessionId = Number(ChannelUri.parse(channel).get('session-id'))
    const stream = this.#driver.streamOf(sessionId)
    if (stream === undefined) throw new Error(`Cannot record session ${sessionId}: it must be of a stream`)
    const { log } = stream
    const recording: Recording = {
      blocks: [],
      termLength: log.termLength,
      mtuLength: log.mtuLength,
      initialTermId: log.initialTermId,
      startPosition: 0,
      stopPosition: 0,
    }
    this.#recorders.push(
      new SnapshotStreamRecorder(this.#driver, stream, recording, this.#archive.add(recording)),
    )
    return done(0n)
  }

  startReplay(recordingId: bigint, channel: string, streamId: number): Pollable<bigint> {
    const recording = this.#archive.recordings.get(recordingId)
    if (recording === undefined) {
      throw new Error(`Cannot replay: there must be a recording with id ${recordingId}`)
    }
    const sessionId = this.#driver.nextSessionId()
    this.#driver.offerStream(replayOf(recording, channel, streamId, sessionId))
    return done(BigInt(sessionId))
  }

  close(): void {
    for (const recorder of this.#recorders.splice(0)) recorder.close()
  }
}

/** Takes a stream out of its log, block for block, and tells how far it has come in a counter. */
class SnapshotStreamRecorder {
  readonly #driver: ArchiveDriver
  readonly #recording: Recording
  readonly #image: Image
  readonly #counterId: number
  readonly #position: Position
  readonly #endWork: () => void

  constructor(driver: ArchiveDriver, stream: MemoryStream, recording: Recording, recordingId: bigint) {
    this.#driver = driver
    this.#recording = recording
    stream.subscribe()
    this.#image = stream.image!
    this.#counterId = driver.counters.allocate({
      label: `rec-pos: ${recordingId}`,
      typeId: RECORDING_POSITION_TYPE_ID,
      key: recordingKey(recordingId, stream.sessionId),
    })
    this.#position = new Position(driver.counters.valuesBuffer, this.#counterId)
    this.#endWork = driver.addWork(() => this.#record())
  }

  close(): void {
    this.#record()
    this.#endWork()
    this.#driver.counters.free(this.#counterId)
  }

  #record(): void {
    const { blocks, termLength } = this.#recording
    for (;;) {
      const { position } = this.#image
      const bytes = this.#image.blockPoll((term, offset, length) => {
        blocks.push({ position, frames: copyFrames(term, offset, length) })
      }, termLength)
      if (bytes === 0) break
    }
    this.#recording.stopPosition = this.#image.position
    this.#position.setRelease(this.#image.position)
  }
}

// Protocol: Aeron's RecordingPos.
function recordingKey(recordingId: bigint, sessionId: number): AtomicBuffer {
  const key = AtomicBuffer.allocate(16 + SOURCE_IDENTITY.length + 8)
  key.putInt64(0, recordingId)
  key.putInt32(8, sessionId)
  key.putStringAscii(12, SOURCE_IDENTITY)
  key.putInt64(16 + SOURCE_IDENTITY.length, ARCHIVE_ID)
  return key
}

/** A stream that replays a recording, as far ahead of its reader as there is room. */
function replayOf(recording: Recording, channel: string, streamId: number, sessionId: number): MemoryStream {
  const { termLength, mtuLength, initialTermId, startPosition: position, blocks } = recording
  const stream = new MemoryStream({
    channel,
    streamId,
    sessionId,
    termLength,
    mtuLength,
    initialTermId,
    position,
  })
  let next = 0
  const fill = (): void => {
    for (; next < blocks.length; next++) {
      const block = blocks[next]!
      // One term ahead: what is written then is never in a term that is still read.
      if (block.position >= stream.readPosition + termLength) return
      stream.log.write(block.position, block.frames)
    }
    stream.log.endOfStreamPosition = recording.stopPosition
  }
  stream.onMoved = fill
  fill()
  return stream
}

function done<T>(result: T): Pollable<T> {
  return { poll: () => true, result }
}
