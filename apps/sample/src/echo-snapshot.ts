import { AtomicBuffer } from '@x/atomic'
import { isRetryable, publicationResultName, type ExclusivePublication, type Image } from '@x/client'
import type { IdleStrategy } from '@x/idlestrategy'
import type { EchoState } from './echo-state.ts'

// The one record of a snapshot: both counts, and whether the timer is set.
const ECHO_COUNT_OFFSET = 0
const TICK_COUNT_OFFSET = 8
const TIMER_SCHEDULED_OFFSET = 16
const RECORD_LENGTH = 24

/** Writes the state into a snapshot. Throws when it cannot: the snapshot fails then, and the cluster goes on without it. */
export function writeSnapshot(
  state: EchoState,
  publication: ExclusivePublication,
  idleStrategy: IdleStrategy,
): void {
  const record = AtomicBuffer.allocate(RECORD_LENGTH)
  record.putInt64(ECHO_COUNT_OFFSET, state.echoCount)
  record.putInt64(TICK_COUNT_OFFSET, state.tickCount)
  record.putUint8(TIMER_SCHEDULED_OFFSET, state.isTimerScheduled ? 1 : 0)
  for (;;) {
    const result = publication.offer(record)
    if (result > 0) return
    if (!isRetryable(result)) {
      throw new Error(`Cannot write the snapshot: the publication gave ${publicationResultName(result)}`)
    }
    idleStrategy.idle()
  }
}

/** Reads the state back, to the end of the snapshot. Throws when the record is not there, or not whole. */
export function readSnapshot(state: EchoState, image: Image, idleStrategy: IdleStrategy): void {
  let isRead = false
  while (!image.isEndOfStream && !image.isClosed) {
    const fragments = image.poll((buffer, offset, length) => {
      if (length !== RECORD_LENGTH) {
        throw new Error(
          `Cannot read the snapshot: its record must have ${RECORD_LENGTH} bytes, not ${length}`,
        )
      }
      state.restore(
        buffer.getInt64(offset + ECHO_COUNT_OFFSET),
        buffer.getInt64(offset + TICK_COUNT_OFFSET),
        buffer.getUint8(offset + TIMER_SCHEDULED_OFFSET) === 1,
      )
      isRead = true
    }, 1)
    idleStrategy.idle(fragments)
  }
  if (!isRead) throw new Error('Cannot read the snapshot: it ends before its record')
}
