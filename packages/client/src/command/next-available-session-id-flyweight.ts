import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const CORRELATION_ID_OFFSET = 0
const SESSION_ID_OFFSET = CORRELATION_ID_OFFSET + SIZE_OF_INT64

/**
 * The session id that was asked for. Protocol: Aeron's `NextAvailableSessionIdFlyweight`.
 * ```
 *  0 correlation id  int64
 *  8 session id      int32
 * ```
 */
export class NextAvailableSessionIdFlyweight extends Flyweight {
  static readonly LENGTH: number = SESSION_ID_OFFSET + SIZE_OF_INT32

  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset + CORRELATION_ID_OFFSET)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset + CORRELATION_ID_OFFSET, value)
  }

  get sessionId(): number {
    return this.buffer.getInt32(this.offset + SESSION_ID_OFFSET)
  }

  set sessionId(value: number) {
    this.buffer.putInt32(this.offset + SESSION_ID_OFFSET, value)
  }
}
