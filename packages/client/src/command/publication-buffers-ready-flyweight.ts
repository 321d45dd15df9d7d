import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const CORRELATION_ID_OFFSET = 0
const REGISTRATION_ID_OFFSET = CORRELATION_ID_OFFSET + SIZE_OF_INT64
const SESSION_ID_OFFSET = REGISTRATION_ID_OFFSET + SIZE_OF_INT64
const STREAM_ID_OFFSET = SESSION_ID_OFFSET + SIZE_OF_INT32
const LIMIT_COUNTER_ID_OFFSET = STREAM_ID_OFFSET + SIZE_OF_INT32
const CHANNEL_STATUS_ID_OFFSET = LIMIT_COUNTER_ID_OFFSET + SIZE_OF_INT32
const LOG_FILE_OFFSET = CHANNEL_STATUS_ID_OFFSET + SIZE_OF_INT32

/**
 * A publication is ready. Protocol: Aeron's `PublicationBuffersReadyFlyweight`.
 * ```
 *  0 correlation id             int64
 *  8 original registration id   int64
 * 16 session id                 int32
 * 20 stream id                  int32
 * 24 limit counter id           int32
 * 28 channel status counter id  int32, -1 for IPC
 * 32 log file                   int32 length, ASCII
 * ```
 */
export class PublicationBuffersReadyFlyweight extends Flyweight {
  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset + CORRELATION_ID_OFFSET)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset + CORRELATION_ID_OFFSET, value)
  }

  get registrationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_ID_OFFSET)
  }

  set registrationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_ID_OFFSET, value)
  }

  get sessionId(): number {
    return this.buffer.getInt32(this.offset + SESSION_ID_OFFSET)
  }

  set sessionId(value: number) {
    this.buffer.putInt32(this.offset + SESSION_ID_OFFSET, value)
  }

  get streamId(): number {
    return this.buffer.getInt32(this.offset + STREAM_ID_OFFSET)
  }

  set streamId(value: number) {
    this.buffer.putInt32(this.offset + STREAM_ID_OFFSET, value)
  }

  get limitCounterId(): number {
    return this.buffer.getInt32(this.offset + LIMIT_COUNTER_ID_OFFSET)
  }

  set limitCounterId(value: number) {
    this.buffer.putInt32(this.offset + LIMIT_COUNTER_ID_OFFSET, value)
  }

  get channelStatusId(): number {
    return this.buffer.getInt32(this.offset + CHANNEL_STATUS_ID_OFFSET)
  }

  set channelStatusId(value: number) {
    this.buffer.putInt32(this.offset + CHANNEL_STATUS_ID_OFFSET, value)
  }

  get logFileName(): string {
    return this.buffer.getStringAscii(this.offset + LOG_FILE_OFFSET)
  }

  set logFileName(value: string) {
    this.buffer.putStringAscii(this.offset + LOG_FILE_OFFSET, value)
  }

  /** Bytes of the encoded message. */
  get length(): number {
    return LOG_FILE_OFFSET + SIZE_OF_INT32 + this.buffer.getInt32(this.offset + LOG_FILE_OFFSET)
  }
}
