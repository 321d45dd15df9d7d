import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const REGISTRATION_ID_OFFSET = CORRELATED_LENGTH
const CHANNEL_OFFSET = REGISTRATION_ID_OFFSET + SIZE_OF_INT64

/**
 * Adds or removes a destination of a publication or a subscription. Protocol: Aeron's `DestinationMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 registration id  int64, of the publication (the original one) or the subscription
 * 24 channel          int32 length, ASCII
 * ```
 */
export class DestinationMessageFlyweight extends CorrelatedMessageFlyweight {
  get registrationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_ID_OFFSET)
  }

  set registrationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_ID_OFFSET, value)
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
