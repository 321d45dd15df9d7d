import type { AtomicBuffer } from '../atomic-buffer.ts'
import { verifyAlignment } from '../buffer-alignment.ts'
import {
  COUNTER_LENGTH,
  counterOffset,
  FREE_FOR_REUSE_DEADLINE_OFFSET,
  KEY_OFFSET,
  LABEL_OFFSET,
  LABEL_TEXT_OFFSET,
  MAX_KEY_LENGTH,
  MAX_LABEL_LENGTH,
  METADATA_LENGTH,
  metadataOffset,
  NULL_COUNTER_ID,
  OWNER_ID_OFFSET,
  RECORD_ALLOCATED,
  RECORD_UNUSED,
  REFERENCE_ID_OFFSET,
  REGISTRATION_ID_OFFSET,
  TYPE_ID_OFFSET,
} from './counters-descriptor.ts'

/** Takes one counter; `key` is a view of its 112 bytes, which change when the counter is freed. */
export type CounterConsumer = (counterId: number, typeId: number, key: AtomicBuffer, label: string) => void

/**
 * Reads counters that another thread or process keeps: Agrona's `CountersReader`.
 *
 * A counter id can be given to another counter after its counter was freed, so remember the registration id too, and compare.
 * The allocating side sets registration id, owner id and reference id after the state: a search by registration id may have to be repeated.
 * Every method that takes a counter id throws a `RangeError` for one outside 0 to {@link maxCounterId}.
 */
export class CountersReader {
  /** Metadata records, one for each counter id. */
  readonly metadataBuffer: AtomicBuffer
  /** Value records, one for each counter id. */
  readonly valuesBuffer: AtomicBuffer
  /** Highest id that fits the buffers. */
  readonly maxCounterId: number

  /**
   * @param metadata metadata records: at least four times as long as `values`
   * @throws RangeError when `metadata` is too short, or a buffer misaligned
   */
  constructor(metadata: AtomicBuffer, values: AtomicBuffer) {
    verifyAlignment(metadata)
    verifyAlignment(values)
    const count = Math.floor(values.capacity / COUNTER_LENGTH)
    if (metadata.capacity < count * METADATA_LENGTH) {
      throw new RangeError(
        `Cannot read counters: metadata of ${count} counters must be at least ${count * METADATA_LENGTH} bytes, current length is ${metadata.capacity}`,
      )
    }
    this.metadataBuffer = metadata
    this.valuesBuffer = values
    this.maxCounterId = count - 1
  }

  /** Calls `consumer` with each counter in use, by id. */
  forEach(consumer: CounterConsumer): void {
    this.#find((counterId) => {
      consumer(
        counterId,
        this.getCounterTypeId(counterId),
        this.getCounterKey(counterId),
        this.getCounterLabel(counterId),
      )
      return false
    })
  }

  /** The id of the counter in use with this registration id, or `NULL_COUNTER_ID`. */
  findByRegistrationId(registrationId: bigint): number {
    return this.#find((counterId) => this.getCounterRegistrationId(counterId) === registrationId)
  }

  /** The id of the counter in use with this type and registration id, or `NULL_COUNTER_ID`. */
  findByTypeIdAndRegistrationId(typeId: number, registrationId: bigint): number {
    return this.#find(
      (counterId) =>
        this.getCounterTypeId(counterId) === typeId &&
        this.getCounterRegistrationId(counterId) === registrationId,
    )
  }

  /** The id of the first counter in use that `predicate` accepts, or `NULL_COUNTER_ID`. */
  findCounter(predicate: (counterId: number) => boolean): number {
    return this.#find(predicate)
  }

  getCounterValue(counterId: number): bigint {
    return this.valuesBuffer.getInt64Acquire(this.#counterOffset(counterId))
  }

  /** What tells this counter from others that had the same id before: see the class. */
  getCounterRegistrationId(counterId: number): bigint {
    return this.valuesBuffer.getInt64Acquire(this.#counterOffset(counterId) + REGISTRATION_ID_OFFSET)
  }

  /** The client id of the owner; -1 for the driver's own counters and static ones. */
  getCounterOwnerId(counterId: number): bigint {
    return this.valuesBuffer.getInt64Acquire(this.#counterOffset(counterId) + OWNER_ID_OFFSET)
  }

  /** An id that the allocating side associates with the counter, such as an image's correlation id. */
  getCounterReferenceId(counterId: number): bigint {
    return this.valuesBuffer.getInt64Acquire(this.#counterOffset(counterId) + REFERENCE_ID_OFFSET)
  }

  /** `RECORD_UNUSED`, `RECORD_ALLOCATED` or `RECORD_RECLAIMED`. */
  getCounterState(counterId: number): number {
    return this.metadataBuffer.getInt32Acquire(this.#metadataOffset(counterId))
  }

  getCounterTypeId(counterId: number): number {
    return this.metadataBuffer.getInt32(this.#metadataOffset(counterId) + TYPE_ID_OFFSET)
  }

  /** From when on a freed counter's id may be used again, in milliseconds since the epoch; `NOT_FREE_TO_REUSE` while in use. */
  getFreeForReuseDeadline(counterId: number): bigint {
    return this.metadataBuffer.getInt64(this.#metadataOffset(counterId) + FREE_FOR_REUSE_DEADLINE_OFFSET)
  }

  /** A view of the 112 bytes of the key; freeing the counter zeroes them. */
  getCounterKey(counterId: number): AtomicBuffer {
    return this.metadataBuffer.slice(this.#metadataOffset(counterId) + KEY_OFFSET, MAX_KEY_LENGTH)
  }

  getCounterLabel(counterId: number): string {
    const offset = this.#metadataOffset(counterId)
    const length = this.metadataBuffer.getInt32Acquire(offset + LABEL_OFFSET)
    // A record that is being written for the first time may show anything.
    const bounded = Math.min(Math.max(length, 0), MAX_LABEL_LENGTH)
    return this.metadataBuffer.getStringWithoutLengthUtf8(offset + LABEL_TEXT_OFFSET, bounded)
  }

  // Ids are handed out densely, so the first record never used ends the scan.
  #find(predicate: (counterId: number) => boolean): number {
    for (let counterId = 0; counterId <= this.maxCounterId; counterId++) {
      const state = this.getCounterState(counterId)
      if (state === RECORD_UNUSED) break
      if (state === RECORD_ALLOCATED && predicate(counterId)) return counterId
    }
    return NULL_COUNTER_ID
  }

  #counterOffset(counterId: number): number {
    this.#checkId(counterId)
    return counterOffset(counterId)
  }

  #metadataOffset(counterId: number): number {
    this.#checkId(counterId)
    return metadataOffset(counterId)
  }

  #checkId(counterId: number): void {
    if (!(counterId >= 0 && counterId <= this.maxCounterId)) {
      throw new RangeError(
        `Cannot access a counter: id must be from 0 to ${this.maxCounterId}, current value is ${counterId}`,
      )
    }
  }
}
