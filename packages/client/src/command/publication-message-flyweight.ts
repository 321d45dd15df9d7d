import { SIZE_OF_INT32 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const STREAM_ID_OFFSET = CORRELATED_LENGTH
const CHANNEL_OFFSET = STREAM_ID_OFFSET + SIZE_OF_INT32

/**
 * Adds a publication, concurrent or exclusive. Protocol: Aeron's `PublicationMessageFlyweight`.
 * ```
 *  0 client id, correlation id
 * 16 stream id  int32
 * 20 channel    int32 length, ASCII
 * ```
 */
export class PublicationMessageFlyweight extends CorrelatedMessageFlyweight {
  get streamId(): number {
    return this.buffer.getInt32(this.offset + STREAM_ID_OFFSET)
  }

  set streamId(value: number) {
    this.buffer.putInt32(this.offset + STREAM_ID_OFFSET, value)
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
