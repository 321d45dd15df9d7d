import { SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

/**
 * The driver gave a client up. Protocol: Aeron's `ClientTimeoutFlyweight`.
 * ```
 *  0 client id  int64
 * ```
 */
export class ClientTimeoutFlyweight extends Flyweight {
  static readonly LENGTH: number = SIZE_OF_INT64

  get clientId(): bigint {
    return this.buffer.getInt64(this.offset)
  }

  set clientId(value: bigint) {
    this.buffer.putInt64(this.offset, value)
  }
}
