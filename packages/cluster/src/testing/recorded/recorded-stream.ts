import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { type RecordingDescriptor, segmentFileBasePosition } from '@x/archive'
import { AtomicBuffer } from '@x/atomic'
import { alignFrame, HDR_TYPE_PAD, HEADER_LENGTH, TYPE_OFFSET } from '@x/client/internal'
import type { LogBlock } from '../message-assembler.ts'

/** How much of a file is read at once: above the longest frame, which an MTU limits to 64 KiB. */
const CHUNK_LENGTH = 1024 * 1024

/**
 * The frames of a recording from `from` on, out of the files of its archive, until it ends. One that is still recorded ends where its frames do.
 * Throws when a file, or a part of one, is missing.
 */
export function* readRecordedStream(
  archiveDirectory: string,
  entry: RecordingDescriptor,
  from: number = entry.startPosition,
): Generator<LogBlock, void, undefined> {
  const { recordingId, startPosition, termBufferLength, segmentFileLength } = entry
  let position = from
  while (entry.stopPosition < 0 || position < entry.stopPosition) {
    const base = segmentFileBasePosition(startPosition, position, termBufferLength, segmentFileLength)
    const path = join(archiveDirectory, `${recordingId}-${base}.rec`)
    if (!existsSync(path)) {
      if (entry.stopPosition < 0) return
      throw new Error(
        `Cannot read recording ${recordingId} at position ${position}: there must be a file "${path}"`,
      )
    }
    const end = yield* readSegment(path, base, position, entry)
    if (end < base + segmentFileLength) return checkEnd(entry, end)
    position = end
  }
}

function checkEnd({ recordingId, stopPosition }: RecordingDescriptor, end: number): void {
  if (stopPosition < 0 || end === stopPosition) return
  throw new Error(
    `Cannot read recording ${recordingId}: its frames must go on to position ${stopPosition}, and end at ${end}`,
  )
}

/** The frames of one file from `from` on; gives the position at which there are no more. */
function* readSegment(
  path: string,
  base: number,
  from: number,
  { stopPosition, segmentFileLength, termBufferLength }: RecordingDescriptor,
): Generator<LogBlock, number, undefined> {
  const file = openSync(path, 'r')
  try {
    const limit =
      stopPosition < 0 ? base + segmentFileLength : Math.min(stopPosition, base + segmentFileLength)
    let position = from
    while (position < limit) {
      const chunk = new Uint8Array(Math.min(CHUNK_LENGTH, termBufferLength - (position % termBufferLength)))
      const read = readSync(file, chunk, 0, chunk.length, position - base)
      const { blocks, end } = blocksOf(chunk.subarray(0, read), position, limit)
      if (end === position) break
      yield* blocks
      position = end
    }
    return position
  } finally {
    closeSync(file)
  }
}

/** Whole frames of a chunk, padding by itself, and the position after them. */
function blocksOf(chunk: Uint8Array, position: number, limit: number): { blocks: LogBlock[]; end: number } {
  const buffer = AtomicBuffer.wrap(chunk)
  const blocks: LogBlock[] = []
  let begin = 0
  let at = 0
  const cut = (): void => {
    if (at > begin) blocks.push({ position: position + begin, frames: chunk.subarray(begin, at) })
    begin = at
  }
  while (at + HEADER_LENGTH <= chunk.length && position + at < limit) {
    const frameLength = buffer.getInt32(at)
    if (frameLength <= 0) break
    const length = alignFrame(frameLength)
    if (buffer.getUint16(at + TYPE_OFFSET) === HDR_TYPE_PAD) {
      cut()
      blocks.push({ position: position + at, frames: chunk.subarray(at, at + HEADER_LENGTH) })
      at += length
      begin = at
      continue
    }
    // Cut off by the end of the chunk: it begins the next.
    if (at + length > chunk.length) break
    at += length
  }
  cut()
  return { blocks, end: position + at }
}
