import { SIZE_OF_INT64 } from '@x/atomic'
import { CORRELATED_LENGTH } from './correlated-message-flyweight.ts'
import { RemoveMessageFlyweight } from './remove-message-flyweight.ts'

const FLAGS_OFFSET = CORRELATED_LENGTH + SIZE_OF_INT64

/**
 * Removes a publication. Protocol: Aeron's `RemovePublicationFlyweight`; drivers before 1.48 do not read the flags.
 * ```
 *  0 client id, correlation id
 * 16 registration id  int64
 * 24 flags            uint64, bit 0 revokes
 * ```
 */
export class RemovePublicationFlyweight extends RemoveMessageFlyweight {
  get flags(): bigint {
    return this.buffer.getUint64(this.offset + FLAGS_OFFSET)
  }

  set flags(value: bigint) {
    this.buffer.putUint64(this.offset + FLAGS_OFFSET, value)
  }

  override get length(): number {
    return FLAGS_OFFSET + SIZE_OF_INT64
  }
}
