import { AtomicBuffer } from '@x/atomic'
import { mapExistingFile, type MappedFile } from '@x/mmap'
import * as layout from './cluster-mark-layout.ts'

/** Which container holds a mark file: no other one has its process and its start. */
export interface MarkFileHolder {
  readonly path: string
  readonly pid: bigint
  readonly startTimestampMs: bigint
}

/** Who holds the mark file now. */
export function readMarkFileHolder(path: string): MarkFileHolder {
  using file = mapExistingFile(path)
  return { path, ...holderIn(blockOf(file)) }
}

/**
 * Ends the mark file of a container that is certainly gone and could not do it itself, so that the next one need not wait. Does nothing when another
 * container has taken it over meanwhile; true when it is ended.
 */
export function endMarkFileOf(holder: MarkFileHolder): boolean {
  using file = mapExistingFile(holder.path)
  const block = blockOf(file)
  // Read first: who takes the file over makes it ACTIVATING before anything else, and the holder's ids stay in it for a while.
  const activityTimestampMs = block.getInt64Acquire(layout.ACTIVITY_TIMESTAMP_OFFSET)
  if (activityTimestampMs === layout.ACTIVATING) return false
  const { pid, startTimestampMs } = holderIn(block)
  if (pid !== holder.pid || startTimestampMs !== holder.startTimestampMs) return false
  return block.compareAndSetInt64(layout.ACTIVITY_TIMESTAMP_OFFSET, activityTimestampMs, layout.NOT_ACTIVE)
}

function blockOf(file: MappedFile): AtomicBuffer {
  return AtomicBuffer.wrap(file.memory).slice(layout.MARK_BLOCK_OFFSET, layout.MARK_SBE_HEADER.blockLength)
}

function holderIn(block: AtomicBuffer): Pick<MarkFileHolder, 'pid' | 'startTimestampMs'> {
  return {
    pid: block.getInt64(layout.PID_OFFSET),
    startTimestampMs: block.getInt64(layout.START_TIMESTAMP_OFFSET),
  }
}
