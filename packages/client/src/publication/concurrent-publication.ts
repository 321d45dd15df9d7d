import { type AtomicBuffer, loadAcquire } from '@x/atomic'
import { ACTIVE_TERM_COUNT_OFFSET, rawTailOffset } from '../logbuffer/log-buffer-descriptor.ts'
import {
  computePosition,
  computeTermCount,
  indexByTermCount,
  termIdOfRawTail,
  termOffsetOfRawTail,
} from '../logbuffer/log-buffer-position.ts'
import { rotateLog } from '../logbuffer/log-rotation.ts'
import { ADMIN_ACTION, CLOSED, MAX_POSITION_EXCEEDED } from './publication-result.ts'
import { Publication } from './publication.ts'

/**
 * A publication that any number of clients and threads may share, each through its own object. They all append to one log, by atomically adding to its
 * tail. Corresponds to Aeron's `ConcurrentPublication`.
 */
export class ConcurrentPublication extends Publication {
  override get position(): number {
    if (this.closed) return CLOSED
    const termCount = this.metadata.getInt32Acquire(ACTIVE_TERM_COUNT_OFFSET)
    const rawTail = this.metadata.getInt64Acquire(rawTailOffset(indexByTermCount(termCount)))
    return computePosition(
      termIdOfRawTail(rawTail),
      termOffsetOfRawTail(rawTail, this.termBufferLength),
      this.termBufferLength,
      this.initialTermId,
    )
  }

  /**
   * The tail is 64 bits, of which an offer adds to the low 32, the offset, and reads the high 32, the term id, before and after: 13 ns
   * and no allocation, where `Atomics.add` of a `BigInt64Array` takes 28 ns and allocates its result (Node 20, x64). Why that is sound:
   * docs/decisions/0004-tail-in-two-words.md.
   */
  protected override reserve(length: number, framedLength: number): number {
    const { metadataWords, termBufferLength } = this
    const termCount = loadAcquire(metadataWords, ACTIVE_TERM_COUNT_OFFSET >> 2)
    const index = indexByTermCount(termCount)
    const tail = index << 1
    const termIdBefore = loadAcquire(metadataWords, tail + 1)
    if (termCount !== computeTermCount(termIdBefore, this.initialTermId)) return ADMIN_ACTION
    const termBegin = termCount * termBufferLength
    // What is read before the add only advises; a position that is stale is as stale as the limit.
    const offsetBefore = Math.min(loadAcquire(metadataWords, tail) >>> 0, termBufferLength)
    const position = termBegin + offsetBefore
    if (loadAcquire(this.limitWords, this.limitIndex) !== this.limitLowWord || position >= this.limit) {
      // Starts again when the limit has moved, so that nothing is kept for behind this call: a sixth more messages beside a subscriber.
      this.nextPosition = position
      return this.isBelowLimit() ? this.reserve(length, framedLength) : this.backPressure(position, length)
    }
    // No rotation stops those who add to the last tail there can be, so nothing may be added once it is full.
    if (position >= this.maxPossiblePosition) return MAX_POSITION_EXCEEDED

    const termOffset = Atomics.add(metadataWords, tail, framedLength) >>> 0
    const termId = loadAcquire(metadataWords, tail + 1)
    const term = this.terms[index]!
    if (termOffset > termBufferLength - framedLength)
      return this.trip(term, termOffset, termId, termId === termIdBefore)
    // Almost always the same one, and the comparison costs less than the collector's barrier at the store.
    if (this.reservedTerm !== term) this.reservedTerm = term
    this.reservedOffset = termOffset
    this.reservedTermId = termId
    return computeTermCount(termId, this.initialTermId) * termBufferLength + ((termOffset + framedLength) | 0)
  }

  // Of all who find the term full, exactly one has an offset inside it: that one pads what is left.
  private trip(term: AtomicBuffer, termOffset: number, termId: number, isExpectedTerm: boolean): number {
    const { termBufferLength } = this
    if (termOffset < termBufferLength) {
      this.appender.pad(term, termOffset, termId, termBufferLength - termOffset)
    }
    // Past the end of one of two terms, and the newer one may not be full: only who knows that it is may end it.
    if (!isExpectedTerm) return ADMIN_ACTION
    const termCount = computeTermCount(termId, this.initialTermId)
    if ((termCount + 1) * termBufferLength >= this.maxPossiblePosition) return MAX_POSITION_EXCEEDED
    rotateLog(this.metadata, termCount, termId)
    return ADMIN_ACTION
  }
}
