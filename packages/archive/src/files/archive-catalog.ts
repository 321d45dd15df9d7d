import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AtomicBuffer, versionToString } from '@x/atomic'
import {
  CatalogHeaderDecoder,
  RecordingDescriptorDecoder,
  RecordingDescriptorHeaderDecoder,
  type RecordingState,
} from '@x/codecs/archive'
import { type RecordingDescriptor, recordingDescriptorOf } from '../recording/recording-descriptor.ts'

/** File of an archive that describes its recordings. Protocol: Aeron's Catalog, as all of this file. */
const FILE_NAME = 'archive.catalog'
const ENTRY_HEADER_LENGTH: number = RecordingDescriptorHeaderDecoder.BLOCK_LENGTH

/** A recording as the catalog has it on the disk. */
export interface CatalogRecording extends RecordingDescriptor {
  /** An archive lists and replays what is `VALID`; `undefined` for a state of a newer archive. */
  readonly state: RecordingState | undefined
}

/** The catalog of an archive. */
export interface Catalog {
  /** Version of the format, as `major.minor.patch`. */
  readonly version: string
  /** Id that the next recording will have. */
  readonly nextRecordingId: bigint
  /** Bytes that the file has, with room for recordings to come. */
  readonly capacity: number
  /** In the order of the file, which is that of their ids; also those that are no longer valid. */
  readonly recordings: readonly CatalogRecording[]
}

/**
 * Reads the catalog of an archive from its files, without the archive, which may be running or not: the recordings that Aeron's
 * `ArchiveTool` describes. While a recording is active its `stopPosition` is -1, which it also is after its archive was killed, until the next start.
 *
 * @throws Error with the `code` of Node.js, such as `ENOENT`, when the file cannot be read
 */
export function readCatalog(archiveDirectory: string): Catalog {
  const buffer = AtomicBuffer.wrap(readFileSync(join(archiveDirectory, FILE_NAME)))
  const { BLOCK_LENGTH, SCHEMA_VERSION } = CatalogHeaderDecoder
  const { version, nextRecordingId } = new CatalogHeaderDecoder().wrap(
    buffer,
    0,
    BLOCK_LENGTH,
    SCHEMA_VERSION,
  )
  return {
    version: versionToString(version),
    nextRecordingId,
    capacity: buffer.capacity,
    recordings: [...recordingsIn(buffer)],
  }
}

function* recordingsIn(buffer: AtomicBuffer): Generator<CatalogRecording, void, undefined> {
  const header = new RecordingDescriptorHeaderDecoder()
  const descriptor = new RecordingDescriptorDecoder()
  const { BLOCK_LENGTH, SCHEMA_VERSION } = RecordingDescriptorDecoder
  for (let at = CatalogHeaderDecoder.BLOCK_LENGTH; at + ENTRY_HEADER_LENGTH <= buffer.capacity;) {
    header.wrap(buffer, at, ENTRY_HEADER_LENGTH, SCHEMA_VERSION)
    const { length, state } = header
    const end = at + ENTRY_HEADER_LENGTH + length
    // The file is longer than what is in it.
    if (length < BLOCK_LENGTH || end > buffer.capacity) return
    descriptor.wrap(buffer, at + ENTRY_HEADER_LENGTH, BLOCK_LENGTH, SCHEMA_VERSION, length)
    yield { ...recordingDescriptorOf(descriptor), state }
    at = end
  }
}
