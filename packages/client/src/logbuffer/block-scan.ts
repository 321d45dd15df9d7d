import type { AtomicBuffer } from '@x/atomic'
import { alignFrame, HDR_TYPE_PAD, isSoundFrame, TYPE_OFFSET } from './frame-descriptor.ts'

/**
 * Finds the end of the run of complete frames that starts at `offset` and takes at most `lengthLimit` bytes. Padding ends a run, or is one
 * of its own, which alone may be longer. Source: Aeron's `TermBlockScanner`.
 */
export function scanBlock(term: AtomicBuffer, offset: number, lengthLimit: number): number {
  const limit = Math.min(offset + lengthLimit, term.capacity)
  let end = offset
  while (end < limit) {
    const frameLength = term.getInt32Acquire(end)
    if (!isSoundFrame(frameLength, term.capacity - end)) break
    const next = end + alignFrame(frameLength)
    if (term.getUint16(end + TYPE_OFFSET) === HDR_TYPE_PAD) return end === offset ? next : end
    if (next > limit) break
    end = next
  }
  return end
}
