import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const REGISTRATION_ID_OFFSET = 0
const COUNTER_ID_OFFSET = REGISTRATION_ID_OFFSET + SIZE_OF_INT64

/**
 * A counter became ready or unavailable. Protocol: Aeron's `CounterUpdateFlyweight`.
 * ```
 *  0 registration id  int64, the correlation id of the command that added it
 *  8 counter id       int32
 * ```
 */
export class CounterUpdateFlyweight extends Flyweight {
  static readonly LENGTH: number = COUNTER_ID_OFFSET + SIZE_OF_INT32

  get registrationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_ID_OFFSET)
  }

  set registrationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_ID_OFFSET, value)
  }

  get counterId(): number {
    return this.buffer.getInt32(this.offset + COUNTER_ID_OFFSET)
  }

  set counterId(value: number) {
    this.buffer.putInt32(this.offset + COUNTER_ID_OFFSET, value)
  }
}
