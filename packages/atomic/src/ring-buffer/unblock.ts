import type { AtomicBuffer } from '../atomic-buffer.ts'
import { LENGTH_OFFSET, PADDING_TYPE_ID, RECORD_ALIGNMENT, TYPE_OFFSET } from '../record-descriptor.ts'

function padRecord(buffer: AtomicBuffer, index: number, length: number): void {
  buffer.putInt32(index + TYPE_OFFSET, PADDING_TYPE_ID)
  buffer.putInt32Release(index + LENGTH_OFFSET, length)
}

function isZeroedBetween(buffer: AtomicBuffer, from: number, index: number): boolean {
  for (let i = index - RECORD_ALIGNMENT; i >= from; i -= RECORD_ALIGNMENT) {
    if (buffer.getInt32Acquire(i) !== 0) return false
  }
  return true
}

/**
 * Turns what a dead producer left at the consumer's place into padding: a record claimed and never committed, or a gap that was
 * claimed before even its length was written, which ends at the first record behind it.
 *
 * @param consumerIndex where the consumer waits
 * @param limit end of the space that may have been claimed, at most the ring's capacity
 * @returns whether there was something to do
 */
export function unblockAt(buffer: AtomicBuffer, consumerIndex: number, limit: number): boolean {
  const length = buffer.getInt32Acquire(consumerIndex + LENGTH_OFFSET)
  if (length < 0) {
    padRecord(buffer, consumerIndex, -length)
    return true
  }
  if (length > 0) return false
  for (let i = consumerIndex + RECORD_ALIGNMENT; i < limit; i += RECORD_ALIGNMENT) {
    if (buffer.getInt32Acquire(i) === 0) continue
    // The slow producer may have woken up meanwhile, behind the scan.
    if (!isZeroedBetween(buffer, consumerIndex, i)) return false
    padRecord(buffer, consumerIndex, i - consumerIndex)
    return true
  }
  return false
}
