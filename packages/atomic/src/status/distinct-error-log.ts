import type { AtomicBuffer } from '../atomic-buffer.ts'
import { align } from '../bit-util.ts'
import { verifyAlignment } from '../buffer-alignment.ts'
import { encodeUtf8 } from '../string-encoding.ts'
import {
  ENCODED_ERROR_OFFSET,
  ERROR_RECORD_ALIGNMENT,
  FIRST_OBSERVATION_TIMESTAMP_OFFSET,
  LAST_OBSERVATION_TIMESTAMP_OFFSET,
  LENGTH_OFFSET,
  OBSERVATION_COUNT_OFFSET,
} from './error-record-descriptor.ts'
import type { MillisecondClock } from './millisecond-clock.ts'

function describe(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  // Ours: an error that is its own cause must not go on for ever.
  if (error.cause === undefined || depth === 8) return own
  return `${own}\nCaused by: ${describe(error.cause, depth + 1)}`
}

/**
 * Records each distinct error once, and how often and when it was seen: Agrona's `DistinctErrorLog`. Monitoring tools read it in shared memory.
 * Two errors are the same when type, message, stack and causes are. One writer only, into a log that it starts empty, unless the writers
 * share the word that says where the next record goes.
 */
export class DistinctErrorLog {
  readonly #buffer: AtomicBuffer
  readonly #clock: MillisecondClock
  readonly #offsets = new Map<string, number>()
  readonly #nextOffset: Int32Array

  /**
   * @param nextOffset one int32, 0 at the start, in memory that the writers of several threads share
   * @throws RangeError when `buffer` is misaligned
   */
  constructor(buffer: AtomicBuffer, clock: MillisecondClock, nextOffset: Int32Array = new Int32Array(1)) {
    verifyAlignment(buffer)
    this.#buffer = buffer
    this.#clock = clock
    this.#nextOffset = nextOffset
  }

  /**
   * Records one observation of an error.
   *
   * @returns false when it is a new one and there is no space left for it
   */
  record(error: unknown): boolean {
    const nowMs = BigInt(this.#clock.timeMs())
    const text = describe(error)
    const offset = this.#offsets.get(text) ?? this.#append(text, nowMs)
    if (offset === undefined) return false
    this.#buffer.getAndAddInt32(offset + OBSERVATION_COUNT_OFFSET, 1)
    this.#buffer.putInt64Release(offset + LAST_OBSERVATION_TIMESTAMP_OFFSET, nowMs)
    return true
  }

  #append(text: string, nowMs: bigint): number | undefined {
    const buffer = this.#buffer
    const encoded = encodeUtf8(text)
    const length = ENCODED_ERROR_OFFSET + encoded.length
    const offset = this.#reserve(length)
    if (offset === undefined) return undefined
    buffer.putBytes(offset + ENCODED_ERROR_OFFSET, encoded, 0, encoded.length)
    buffer.putInt64(offset + FIRST_OBSERVATION_TIMESTAMP_OFFSET, nowMs)
    this.#offsets.set(text, offset)
    buffer.putInt32Release(offset + LENGTH_OFFSET, length)
    return offset
  }

  // Taken before it is written: another writer goes on behind it.
  #reserve(length: number): number | undefined {
    for (;;) {
      const offset = Atomics.load(this.#nextOffset, 0)
      if (offset + length > this.#buffer.capacity) return undefined
      const next = align(offset + length, ERROR_RECORD_ALIGNMENT)
      if (Atomics.compareExchange(this.#nextOffset, 0, offset, next) === offset) return offset
    }
  }
}
