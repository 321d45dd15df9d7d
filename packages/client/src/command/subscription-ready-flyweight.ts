import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const CORRELATION_ID_OFFSET = 0
const CHANNEL_STATUS_ID_OFFSET = CORRELATION_ID_OFFSET + SIZE_OF_INT64

/**
 * A subscription is ready. Protocol: Aeron's `SubscriptionReadyFlyweight`.
 * ```
 *  0 correlation id             int64
 *  8 channel status counter id  int32, -1 for IPC
 * ```
 */
export class SubscriptionReadyFlyweight extends Flyweight {
  static readonly LENGTH: number = CHANNEL_STATUS_ID_OFFSET + SIZE_OF_INT32

  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset + CORRELATION_ID_OFFSET)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset + CORRELATION_ID_OFFSET, value)
  }

  get channelStatusId(): number {
    return this.buffer.getInt32(this.offset + CHANNEL_STATUS_ID_OFFSET)
  }

  set channelStatusId(value: number) {
    this.buffer.putInt32(this.offset + CHANNEL_STATUS_ID_OFFSET, value)
  }
}
