import { SIZE_OF_INT32 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const STREAM_ID_OFFSET = CORRELATED_LENGTH

/**
 * Asks for a session id that no publication of the stream has. Protocol: Aeron's `GetNextAvailableSessionIdMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 stream id  int32
 * ```
 */
export class NextSessionIdMessageFlyweight extends CorrelatedMessageFlyweight {
  get streamId(): number {
    return this.buffer.getInt32(this.offset + STREAM_ID_OFFSET)
  }

  set streamId(value: number) {
    this.buffer.putInt32(this.offset + STREAM_ID_OFFSET, value)
  }

  override get length(): number {
    return STREAM_ID_OFFSET + SIZE_OF_INT32
  }
}
