import { AtomicBuffer } from '../atomic-buffer.ts'
import { encodeUtf8 } from '../string-encoding.ts'
import {
  counterOffset,
  DEFAULT_OWNER_ID,
  DEFAULT_REFERENCE_ID,
  DEFAULT_REGISTRATION_ID,
  DEFAULT_TYPE_ID,
  FREE_FOR_REUSE_DEADLINE_OFFSET,
  KEY_OFFSET,
  LABEL_OFFSET,
  LABEL_TEXT_OFFSET,
  MAX_KEY_LENGTH,
  MAX_LABEL_LENGTH,
  metadataOffset,
  NOT_FREE_TO_REUSE,
  OWNER_ID_OFFSET,
  RECORD_ALLOCATED,
  RECORD_RECLAIMED,
  REFERENCE_ID_OFFSET,
  REGISTRATION_ID_OFFSET,
  TYPE_ID_OFFSET,
} from './counters-descriptor.ts'
import { CountersReader } from './counters-reader.ts'
import type { MillisecondClock } from './millisecond-clock.ts'

/** How a {@link CountersManager} reuses ids. */
export interface CountersManagerOptions {
  /** Tells when a freed id may be used again. @default the system's clock */
  readonly clock?: MillisecondClock
  /** How long a freed id is not used again, so that readers notice. @default 0 */
  readonly freeToReuseTimeoutMs?: number
}

/** What a new counter is. */
export interface CounterAllocation {
  /** Text for people; cut off after 380 bytes. */
  readonly label: string
  /** Tells readers what the counter and its key mean. @default 0 */
  readonly typeId?: number
  /** At most 112 bytes for programs. @default empty */
  readonly key?: Uint8Array | AtomicBuffer
}

/** The single writer of counter metadata: allocates and frees counters. Agrona's `CountersManager`. */
export class CountersManager extends CountersReader {
  readonly #clock: MillisecondClock
  readonly #freeToReuseTimeoutMs: number
  // In the order of freeing, hence of deadlines.
  readonly #freeIds: number[] = []
  #highWaterMarkId = -1

  /** @throws RangeError when `metadata` is too short, or a buffer misaligned */
  constructor(metadata: AtomicBuffer, values: AtomicBuffer, options: CountersManagerOptions = {}) {
    super(metadata, values)
    this.#clock = options.clock ?? { timeMs: () => Date.now() }
    this.#freeToReuseTimeoutMs = options.freeToReuseTimeoutMs ?? 0
  }

  /** How many counters could be allocated now. */
  get available(): number {
    const nowMs = BigInt(this.#clock.timeMs())
    const reusable = this.#freeIds.filter((id) => nowMs >= this.getFreeForReuseDeadline(id)).length
    return this.maxCounterId - this.#highWaterMarkId + reusable
  }

  /**
   * Allocates a counter with the value 0.
   *
   * @returns its id
   * @throws RangeError when the key is longer than 112 bytes; Error when all counters are in use
   */
  allocate({ label, typeId = DEFAULT_TYPE_ID, key }: CounterAllocation): number {
    const keyBytes = key instanceof AtomicBuffer ? key.bytes : key
    if (keyBytes !== undefined && keyBytes.length > MAX_KEY_LENGTH) {
      throw new RangeError(
        `Cannot allocate a counter: key must be at most ${MAX_KEY_LENGTH} bytes, current length is ${keyBytes.length}`,
      )
    }
    const counterId = this.#nextId()
    const metadata = this.metadataBuffer
    const offset = metadataOffset(counterId)
    metadata.putInt32(offset + TYPE_ID_OFFSET, typeId)
    if (keyBytes !== undefined) metadata.putBytes(offset + KEY_OFFSET, keyBytes, 0, keyBytes.length)
    metadata.putInt64(offset + FREE_FOR_REUSE_DEADLINE_OFFSET, NOT_FREE_TO_REUSE)
    this.#putLabel(offset, 0, label)
    metadata.putInt32Release(offset, RECORD_ALLOCATED)
    return counterId
  }

  /**
   * Frees a counter. Its id may be used again after the reuse timeout.
   *
   * @throws Error when it is not in use
   */
  free(counterId: number): void {
    if (this.getCounterState(counterId) !== RECORD_ALLOCATED) {
      throw new Error(
        `Cannot free counter ${counterId}: it is not in use, its state is ${this.getCounterState(counterId)}`,
      )
    }
    const metadata = this.metadataBuffer
    const offset = metadataOffset(counterId)
    metadata.putInt32Release(offset, RECORD_RECLAIMED)
    metadata.setMemory(offset + KEY_OFFSET, MAX_KEY_LENGTH, 0)
    const deadlineMs = BigInt(this.#clock.timeMs() + this.#freeToReuseTimeoutMs)
    metadata.putInt64(offset + FREE_FOR_REUSE_DEADLINE_OFFSET, deadlineMs)
    this.#freeIds.push(counterId)
  }

  setCounterValue(counterId: number, value: bigint): void {
    this.valuesBuffer.putInt64Release(counterOffset(counterId), value)
  }

  setCounterRegistrationId(counterId: number, registrationId: bigint): void {
    this.valuesBuffer.putInt64Release(counterOffset(counterId) + REGISTRATION_ID_OFFSET, registrationId)
  }

  setCounterOwnerId(counterId: number, ownerId: bigint): void {
    this.valuesBuffer.putInt64(counterOffset(counterId) + OWNER_ID_OFFSET, ownerId)
  }

  setCounterReferenceId(counterId: number, referenceId: bigint): void {
    this.valuesBuffer.putInt64(counterOffset(counterId) + REFERENCE_ID_OFFSET, referenceId)
  }

  /** Replaces the label; cut off after 380 bytes. */
  setCounterLabel(counterId: number, label: string): void {
    this.#putLabel(metadataOffset(counterId), 0, label)
  }

  /** Appends to the label, as far as 380 bytes reach. */
  appendToLabel(counterId: number, suffix: string): void {
    const offset = metadataOffset(counterId)
    this.#putLabel(offset, this.metadataBuffer.getInt32Acquire(offset + LABEL_OFFSET), suffix)
  }

  #putLabel(offset: number, start: number, text: string): void {
    const bytes = encodeUtf8(text)
    const length = Math.min(bytes.length, MAX_LABEL_LENGTH - start)
    this.metadataBuffer.putBytes(offset + LABEL_TEXT_OFFSET + start, bytes, 0, length)
    this.metadataBuffer.putInt32Release(offset + LABEL_OFFSET, start + length)
  }

  #nextId(): number {
    const nowMs = BigInt(this.#clock.timeMs())
    const place = this.#freeIds.findIndex((id) => nowMs >= this.getFreeForReuseDeadline(id))
    if (place >= 0) {
      const [counterId] = this.#freeIds.splice(place, 1) as [number]
      this.setCounterRegistrationId(counterId, DEFAULT_REGISTRATION_ID)
      this.setCounterOwnerId(counterId, DEFAULT_OWNER_ID)
      this.setCounterReferenceId(counterId, DEFAULT_REFERENCE_ID)
      this.setCounterValue(counterId, 0n)
      return counterId
    }
    if (this.#highWaterMarkId >= this.maxCounterId) {
      throw new Error(
        `Cannot allocate a counter: all ${this.maxCounterId + 1} are in use; free one or make the buffers longer`,
      )
    }
    return ++this.#highWaterMarkId
  }
}
