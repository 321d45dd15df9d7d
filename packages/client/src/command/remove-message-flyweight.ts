import { SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const REGISTRATION_ID_OFFSET = CORRELATED_LENGTH

/**
 * Removes a subscription or a counter, and is the start of what removes a publication. Protocol: Aeron's `RemoveSubscriptionFlyweight`
 * and `RemoveCounterFlyweight`, which are alike.
 * ```
 *  0 client id, correlation id
 * 16 registration id  int64
 * ```
 */
export class RemoveMessageFlyweight extends CorrelatedMessageFlyweight {
  get registrationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_ID_OFFSET)
  }

  set registrationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_ID_OFFSET, value)
  }

  override get length(): number {
    return REGISTRATION_ID_OFFSET + SIZE_OF_INT64
  }
}
