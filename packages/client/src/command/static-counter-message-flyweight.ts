import { align, SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const REGISTRATION_ID_OFFSET = CORRELATED_LENGTH
const TYPE_ID_OFFSET = REGISTRATION_ID_OFFSET + SIZE_OF_INT64
const KEY_LENGTH_OFFSET = TYPE_ID_OFFSET + SIZE_OF_INT32
const KEY_OFFSET = KEY_LENGTH_OFFSET + SIZE_OF_INT32

/**
 * Adds a counter that outlives its client. Protocol: Aeron's `StaticCounterMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 registration id  int64, chosen by the client
 * 24 type id          int32
 * 28 key              int32 length, bytes, padded to a multiple of 4
 *  . label            int32 length, ASCII
 * ```
 */
export class StaticCounterMessageFlyweight extends CorrelatedMessageFlyweight {
  get registrationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_ID_OFFSET)
  }

  set registrationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_ID_OFFSET, value)
  }

  get typeId(): number {
    return this.buffer.getInt32(this.offset + TYPE_ID_OFFSET)
  }

  set typeId(value: number) {
    this.buffer.putInt32(this.offset + TYPE_ID_OFFSET, value)
  }

  get label(): string {
    return this.buffer.getStringAscii(this.#labelOffset)
  }

  /** Writes both of variable length, in their order on the wire. */
  putKeyAndLabel(key: Uint8Array, label: string): this {
    this.buffer.putInt32(this.offset + KEY_LENGTH_OFFSET, key.length)
    this.buffer.putBytes(this.offset + KEY_OFFSET, key, 0, key.length)
    this.buffer.putStringAscii(this.#labelOffset, label)
    return this
  }

  override get length(): number {
    return this.#labelOffset - this.offset + SIZE_OF_INT32 + this.buffer.getInt32(this.#labelOffset)
  }

  get #labelOffset(): number {
    const keyLength = this.buffer.getInt32(this.offset + KEY_LENGTH_OFFSET)
    return this.offset + KEY_OFFSET + align(keyLength, SIZE_OF_INT32)
  }
}
