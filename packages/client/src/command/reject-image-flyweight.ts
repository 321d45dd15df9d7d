import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const IMAGE_CORRELATION_ID_OFFSET = CORRELATED_LENGTH
const POSITION_OFFSET = IMAGE_CORRELATION_ID_OFFSET + SIZE_OF_INT64
const REASON_OFFSET = POSITION_OFFSET + SIZE_OF_INT64

/** Longest reason, in characters. Protocol: Aeron's `ErrorFlyweight.MAX_ERROR_MESSAGE_LENGTH`. */
export const MAX_REJECT_REASON_LENGTH = 1023

/**
 * Rejects an image. Protocol: Aeron's `RejectImageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 image correlation id  int64
 * 24 position              int64
 * 32 reason                int32 length, ASCII
 * ```
 */
export class RejectImageFlyweight extends CorrelatedMessageFlyweight {
  get imageCorrelationId(): bigint {
    return this.buffer.getInt64(this.offset + IMAGE_CORRELATION_ID_OFFSET)
  }

  set imageCorrelationId(value: bigint) {
    this.buffer.putInt64(this.offset + IMAGE_CORRELATION_ID_OFFSET, value)
  }

  get position(): number {
    return this.buffer.getInt64AsNumber(this.offset + POSITION_OFFSET)
  }

  set position(value: number) {
    this.buffer.putInt64FromNumber(this.offset + POSITION_OFFSET, value)
  }

  get reason(): string {
    return this.buffer.getStringAscii(this.offset + REASON_OFFSET)
  }

  set reason(value: string) {
    this.buffer.putStringAscii(this.offset + REASON_OFFSET, value)
  }

  override get length(): number {
    return REASON_OFFSET + SIZE_OF_INT32 + this.buffer.getInt32(this.offset + REASON_OFFSET)
  }
}
