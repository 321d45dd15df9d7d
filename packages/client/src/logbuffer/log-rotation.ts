import type { AtomicBuffer } from '@x/atomic'
import { ACTIVE_TERM_COUNT_OFFSET, PARTITION_COUNT, rawTailOffset } from './log-buffer-descriptor.ts'
import { indexByTermCount, nextTermId, packTail, termIdOfRawTail } from './log-buffer-position.ts'

/**
 * Moves a log that many publishers write to its next term. Every publisher that found the term full may call it: the compare-and-sets let
 * one of them through. Source: Aeron's `LogBufferDescriptor.rotateLog`.
 *
 * @param termCount count of the term that is full
 * @param termId id of the term that is full
 */
export function rotateLog(metadata: AtomicBuffer, termCount: number, termId: number): void {
  const following = nextTermId(termId)
  const tailOffset = rawTailOffset(indexByTermCount(termCount + 1))
  const expectedTermId = (following - PARTITION_COUNT) | 0
  for (;;) {
    const rawTail = metadata.getInt64Acquire(tailOffset)
    if (termIdOfRawTail(rawTail) !== expectedTermId) break
    if (metadata.compareAndSetInt64(tailOffset, rawTail, packTail(following, 0))) break
  }
  metadata.compareAndSetInt32(ACTIVE_TERM_COUNT_OFFSET, termCount, termCount + 1)
}

/** Moves a log with a single writer to a new term: no contender, so plain stores and one release. */
export function rotateExclusiveLog(metadata: AtomicBuffer, newTermCount: number, newTermId: number): void {
  metadata.putInt64(rawTailOffset(indexByTermCount(newTermCount)), packTail(newTermId, 0))
  metadata.putInt32Release(ACTIVE_TERM_COUNT_OFFSET, newTermCount)
}
