import { align, SIZE_OF_INT32 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const TYPE_ID_OFFSET = CORRELATED_LENGTH
const KEY_LENGTH_OFFSET = TYPE_ID_OFFSET + SIZE_OF_INT32
const KEY_OFFSET = KEY_LENGTH_OFFSET + SIZE_OF_INT32

/**
 * Adds a counter. Protocol: Aeron's `CounterMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 type id  int32
 * 20 key      int32 length, bytes, padded to a multiple of 4
 *  . label    int32 length, ASCII
 * ```
 */
export class CounterMessageFlyweight extends CorrelatedMessageFlyweight {
  get typeId(): number {
    return this.buffer.getInt32(this.offset + TYPE_ID_OFFSET)
  }

  set typeId(value: number) {
    this.buffer.putInt32(this.offset + TYPE_ID_OFFSET, value)
  }

  /** A copy of the key. */
  get key(): Uint8Array {
    const key = new Uint8Array(this.buffer.getInt32(this.offset + KEY_LENGTH_OFFSET))
    this.buffer.getBytes(this.offset + KEY_OFFSET, key, 0, key.length)
    return key
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
