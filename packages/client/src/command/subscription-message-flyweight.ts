import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const REGISTRATION_CORRELATION_ID_OFFSET = CORRELATED_LENGTH
const STREAM_ID_OFFSET = REGISTRATION_CORRELATION_ID_OFFSET + SIZE_OF_INT64
const CHANNEL_OFFSET = STREAM_ID_OFFSET + SIZE_OF_INT32

/**
 * Adds a subscription. Protocol: Aeron's `SubscriptionMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 registration correlation id  int64, always -1
 * 24 stream id                    int32
 * 28 channel                      int32 length, ASCII
 * ```
 */
export class SubscriptionMessageFlyweight extends CorrelatedMessageFlyweight {
  get registrationCorrelationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_CORRELATION_ID_OFFSET)
  }

  set registrationCorrelationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_CORRELATION_ID_OFFSET, value)
  }

  get streamId(): number {
    return this.buffer.getInt32(this.offset + STREAM_ID_OFFSET)
  }

  set streamId(value: number) {
    this.buffer.putInt32(this.offset + STREAM_ID_OFFSET, value)
  }

  get channel(): string {
    return this.buffer.getStringAscii(this.offset + CHANNEL_OFFSET)
  }

  set channel(value: string) {
    this.buffer.putStringAscii(this.offset + CHANNEL_OFFSET, value)
  }

  override get length(): number {
    return CHANNEL_OFFSET + SIZE_OF_INT32 + this.buffer.getInt32(this.offset + CHANNEL_OFFSET)
  }
}
