import { SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const CLIENT_ID_OFFSET = 0
const CORRELATION_ID_OFFSET = CLIENT_ID_OFFSET + SIZE_OF_INT64

/** Length in bytes of what every command starts with. Protocol: Aeron's `CorrelatedMessageFlyweight`. */
export const CORRELATED_LENGTH: number = CORRELATION_ID_OFFSET + SIZE_OF_INT64

/**
 * What every command starts with, and the whole of a client close.
 * ```
 *  0 client id       int64
 *  8 correlation id  int64
 * ```
 */
export class CorrelatedMessageFlyweight extends Flyweight {
  get clientId(): bigint {
    return this.buffer.getInt64(this.offset + CLIENT_ID_OFFSET)
  }

  set clientId(value: bigint) {
    this.buffer.putInt64(this.offset + CLIENT_ID_OFFSET, value)
  }

  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset + CORRELATION_ID_OFFSET)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset + CORRELATION_ID_OFFSET, value)
  }

  /** Bytes of the encoded message. */
  get length(): number {
    return CORRELATED_LENGTH
  }
}
