import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const OFFENDING_CORRELATION_ID_OFFSET = 0
const ERROR_CODE_OFFSET = OFFENDING_CORRELATION_ID_OFFSET + SIZE_OF_INT64
const ERROR_MESSAGE_OFFSET = ERROR_CODE_OFFSET + SIZE_OF_INT32

/**
 * A command failed, or a channel endpoint did. Protocol: Aeron's `ErrorResponseFlyweight`.
 * ```
 *  0 offending correlation id  int64, the channel status counter id for an endpoint error
 *  8 error code                int32
 * 12 message                   int32 length, ASCII
 * ```
 */
export class ErrorResponseFlyweight extends Flyweight {
  get offendingCorrelationId(): bigint {
    return this.buffer.getInt64(this.offset + OFFENDING_CORRELATION_ID_OFFSET)
  }

  set offendingCorrelationId(value: bigint) {
    this.buffer.putInt64(this.offset + OFFENDING_CORRELATION_ID_OFFSET, value)
  }

  get errorCode(): number {
    return this.buffer.getInt32(this.offset + ERROR_CODE_OFFSET)
  }

  set errorCode(value: number) {
    this.buffer.putInt32(this.offset + ERROR_CODE_OFFSET, value)
  }

  get errorMessage(): string {
    return this.buffer.getStringAscii(this.offset + ERROR_MESSAGE_OFFSET)
  }

  set errorMessage(value: string) {
    this.buffer.putStringAscii(this.offset + ERROR_MESSAGE_OFFSET, value)
  }

  /** Bytes of the encoded message. */
  get length(): number {
    return ERROR_MESSAGE_OFFSET + SIZE_OF_INT32 + this.buffer.getInt32(this.offset + ERROR_MESSAGE_OFFSET)
  }
}
