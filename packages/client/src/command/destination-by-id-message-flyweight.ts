import { SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH } from './correlated-message-flyweight.ts'
import { RemoveMessageFlyweight } from './remove-message-flyweight.ts'

const DESTINATION_REGISTRATION_ID_OFFSET = CORRELATED_LENGTH + SIZE_OF_INT64

/**
 * Removes a destination of a publication by its id. Protocol: Aeron's `DestinationByIdMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 registration id              int64, of the publication (the original one)
 * 24 destination registration id  int64, the correlation id of the command that added it
 * ```
 */
export class DestinationByIdMessageFlyweight extends RemoveMessageFlyweight {
  get destinationRegistrationId(): bigint {
    return this.buffer.getInt64(this.offset + DESTINATION_REGISTRATION_ID_OFFSET)
  }

  set destinationRegistrationId(value: bigint) {
    this.buffer.putInt64(this.offset + DESTINATION_REGISTRATION_ID_OFFSET, value)
  }

  override get length(): number {
    return DESTINATION_REGISTRATION_ID_OFFSET + SIZE_OF_INT64
  }
}
