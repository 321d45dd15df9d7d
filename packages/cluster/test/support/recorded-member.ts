import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { segmentFileBasePosition } from '@x/archive'
import { AtomicBuffer } from '@x/atomic'
import {
  CatalogHeaderEncoder,
  RecordingDescriptorEncoder,
  RecordingDescriptorHeaderEncoder,
  RecordingState,
} from '@x/codecs/archive'
import type { LogBlock } from '../../src/testing/message-assembler.ts'

const CATALOG_ENTRY_LENGTH = 192
const RECORDING_LOG_ENTRY_LENGTH = 64

/** A recording as a test wants it on the disk. */
export interface WrittenRecording {
  readonly recordingId: bigint
  readonly blocks: Iterable<LogBlock>
  readonly termLength: number
  readonly segmentFileLength: number
  /** Position in bytes at which it begins: what is before is not written. @default 0 */
  readonly startPosition?: number
  /** Position in bytes at which it ends; -1 while it is active. */
  readonly stopPosition: number
}

/** An entry of a recording log as a test wants it on the disk. */
export interface WrittenLogEntry {
  readonly recordingId: bigint
  readonly leadershipTermId: bigint
  readonly logPosition: number
  readonly timestamp?: bigint
  readonly serviceId?: number
  readonly type: number
}

/** The folders of a member, written by a test as an archive and a consensus module write them. */
export class RecordedMember implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'recorded-member-'))

  constructor() {
    mkdirSync(this.archiveDirectory)
    mkdirSync(this.clusterDirectory)
  }

  get archiveDirectory(): string {
    return join(this.#folder, 'archive')
  }

  get clusterDirectory(): string {
    return join(this.#folder, 'cluster')
  }

  writeRecordings(recordings: readonly WrittenRecording[]): void {
    const headerLength = CatalogHeaderEncoder.BLOCK_LENGTH
    const catalog = AtomicBuffer.allocate(headerLength + (recordings.length + 1) * CATALOG_ENTRY_LENGTH)
    recordings.forEach((recording, index) => {
      writeDescriptor(catalog, headerLength + index * CATALOG_ENTRY_LENGTH, recording)
      this.#writeSegments(recording)
    })
    writeFileSync(join(this.archiveDirectory, 'archive.catalog'), catalog.bytes)
  }

  writeRecordingLog(entries: readonly WrittenLogEntry[]): void {
    const log = AtomicBuffer.allocate(entries.length * RECORDING_LOG_ENTRY_LENGTH)
    entries.forEach((entry, index) => {
      const at = index * RECORDING_LOG_ENTRY_LENGTH
      log.putInt64(at, entry.recordingId)
      log.putInt64(at + 8, entry.leadershipTermId)
      log.putInt64(at + 24, BigInt(entry.logPosition))
      log.putInt64(at + 32, entry.timestamp ?? 0n)
      log.putInt32(at + 40, entry.serviceId ?? -1)
      log.putInt32(at + 44, entry.type)
    })
    writeFileSync(join(this.clusterDirectory, 'recording.log'), log.bytes)
  }

  segmentPath(recordingId: bigint, basePosition: number): string {
    return join(this.archiveDirectory, `${recordingId}-${basePosition}.rec`)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #writeSegments({
    recordingId,
    blocks,
    startPosition = 0,
    termLength,
    segmentFileLength,
  }: WrittenRecording): void {
    for (const { position, frames } of blocks) {
      if (position < startPosition) continue
      const base = segmentFileBasePosition(startPosition, position, termLength, segmentFileLength)
      const path = this.segmentPath(recordingId, base)
      const file = openSync(path, 'a')
      closeSync(file)
      truncateSync(path, segmentFileLength)
      const segment = openSync(path, 'r+')
      writeSync(segment, withChecksums(frames), 0, frames.length, position - base)
      closeSync(segment)
    }
  }
}

/** An archive with checksums keeps them where a frame has its session id. */
function withChecksums(frames: Uint8Array): Uint8Array {
  const copy = AtomicBuffer.wrap(frames.slice())
  for (let at = 0; at < copy.capacity;) {
    copy.putInt32(at + 12, 0x5eed + at)
    at += Math.ceil(copy.getInt32(at) / 32) * 32
  }
  return copy.bytes
}

function writeDescriptor(catalog: AtomicBuffer, at: number, recording: WrittenRecording): void {
  const headerLength = RecordingDescriptorHeaderEncoder.BLOCK_LENGTH
  new RecordingDescriptorHeaderEncoder()
    .wrap(catalog, at)
    .length(CATALOG_ENTRY_LENGTH - headerLength)
    .state(RecordingState.VALID)
  new RecordingDescriptorEncoder()
    .wrap(catalog, at + headerLength)
    .recordingId(recording.recordingId)
    .startPosition(recording.startPosition ?? 0)
    .stopPosition(recording.stopPosition)
    .initialTermId(0)
    .segmentFileLength(recording.segmentFileLength)
    .termBufferLength(recording.termLength)
    .mtuLength(1_408)
    .sessionId(7)
    .streamId(100)
    .strippedChannel('aeron:ipc')
    .originalChannel('aeron:ipc')
    .sourceIdentity('aeron:ipc')
}
