import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AtomicBuffer } from '@x/atomic'
import {
  CatalogHeaderDecoder,
  RecordingDescriptorDecoder,
  RecordingDescriptorHeaderDecoder,
  RecordingState,
} from '@x/codecs/archive'

/** File of an archive that describes its recordings. Protocol: Aeron's Catalog. */
const FILE_NAME = 'archive.catalog'
const ENTRY_HEADER_LENGTH: number = RecordingDescriptorHeaderDecoder.BLOCK_LENGTH

/** A recording as its catalog has it. */
export interface CatalogEntry {
  readonly recordingId: bigint
  readonly startPosition: number
  /** Position in bytes at which it ends; negative while it is recorded, and after an archive that was killed. */
  readonly stopPosition: number
  readonly initialTermId: number
  readonly segmentFileLength: number
  readonly termLength: number
  readonly mtuLength: number
}

/** The recordings of an archive, by their ids. */
export function readCatalog(archiveDirectory: string): Map<bigint, CatalogEntry> {
  const buffer = AtomicBuffer.wrap(readFileSync(join(archiveDirectory, FILE_NAME)))
  const entries = new Map<bigint, CatalogEntry>()
  const header = new RecordingDescriptorHeaderDecoder()
  const descriptor = new RecordingDescriptorDecoder()
  const { BLOCK_LENGTH, SCHEMA_VERSION } = RecordingDescriptorDecoder
  for (let at = CatalogHeaderDecoder.BLOCK_LENGTH; at + ENTRY_HEADER_LENGTH <= buffer.capacity;) {
    header.wrap(buffer, at, ENTRY_HEADER_LENGTH, RecordingDescriptorHeaderDecoder.SCHEMA_VERSION)
    const { length, state } = header
    if (length <= 0) break
    if (state === RecordingState.VALID) {
      const found = descriptor.wrap(buffer, at + ENTRY_HEADER_LENGTH, BLOCK_LENGTH, SCHEMA_VERSION, length)
      const { recordingId, startPosition, stopPosition, initialTermId, segmentFileLength, mtuLength } = found
      entries.set(recordingId, {
        recordingId,
        startPosition,
        stopPosition,
        initialTermId,
        segmentFileLength,
        termLength: found.termBufferLength,
        mtuLength,
      })
    }
    at += ENTRY_HEADER_LENGTH + length
  }
  return entries
}
