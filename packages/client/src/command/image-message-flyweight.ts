import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const CORRELATION_ID_OFFSET = 0
const SUBSCRIPTION_REGISTRATION_ID_OFFSET = CORRELATION_ID_OFFSET + SIZE_OF_INT64
const STREAM_ID_OFFSET = SUBSCRIPTION_REGISTRATION_ID_OFFSET + SIZE_OF_INT64
const CHANNEL_OFFSET = STREAM_ID_OFFSET + SIZE_OF_INT32

/**
 * An image is no longer available to a subscription. Protocol: Aeron's `ImageMessageFlyweight`.
 * ```
 *  0 image correlation id          int64
 *  8 subscription registration id  int64
 * 16 stream id                     int32
 * 20 channel                       int32 length, ASCII
 * ```
 */
export class ImageMessageFlyweight extends Flyweight {
  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset + CORRELATION_ID_OFFSET)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset + CORRELATION_ID_OFFSET, value)
  }

  get subscriptionRegistrationId(): bigint {
    return this.buffer.getInt64(this.offset + SUBSCRIPTION_REGISTRATION_ID_OFFSET)
  }

  set subscriptionRegistrationId(value: bigint) {
    this.buffer.putInt64(this.offset + SUBSCRIPTION_REGISTRATION_ID_OFFSET, value)
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

  /** Bytes of the encoded message. */
  get length(): number {
    return CHANNEL_OFFSET + SIZE_OF_INT32 + this.buffer.getInt32(this.offset + CHANNEL_OFFSET)
  }
}
