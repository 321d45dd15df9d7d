import { Flyweight } from './flyweight.ts'

/**
 * A command was carried out that has no other answer. Protocol: Aeron's `OperationSucceededFlyweight`.
 * ```
 *  0 correlation id  int64
 * ```
 */
export class OperationSuccessFlyweight extends Flyweight {
  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset, value)
  }
}
