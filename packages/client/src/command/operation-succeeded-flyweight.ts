import { SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

/**
 * A command that makes nothing was carried out. Protocol: Aeron's `OperationSucceededFlyweight`.
 * ```
 *  0 correlation id  int64
 * ```
 */
export class OperationSucceededFlyweight extends Flyweight {
  static readonly LENGTH: number = SIZE_OF_INT64

  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset, value)
  }
}
