import { align, SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const CORRELATION_ID_OFFSET = 0
const SESSION_ID_OFFSET = CORRELATION_ID_OFFSET + SIZE_OF_INT64
const STREAM_ID_OFFSET = SESSION_ID_OFFSET + SIZE_OF_INT32
const SUBSCRIPTION_REGISTRATION_ID_OFFSET = STREAM_ID_OFFSET + SIZE_OF_INT32
const POSITION_COUNTER_ID_OFFSET = SUBSCRIPTION_REGISTRATION_ID_OFFSET + SIZE_OF_INT64
const LOG_FILE_OFFSET = POSITION_COUNTER_ID_OFFSET + SIZE_OF_INT32

/**
 * An image is available to a subscription. Protocol: Aeron's `ImageBuffersReadyFlyweight`.
 * ```
 *  0 image correlation id             int64
 *  8 session id                       int32
 * 12 stream id                        int32
 * 16 subscription registration id     int64
 * 24 subscriber position counter id   int32
 * 28 log file                         int32 length, ASCII, padded to a multiple of 4
 *  . source identity                  int32 length, ASCII
 * ```
 */
export class ImageBuffersReadyFlyweight extends Flyweight {
  get correlationId(): bigint {
    return this.buffer.getInt64(this.offset + CORRELATION_ID_OFFSET)
  }

  set correlationId(value: bigint) {
    this.buffer.putInt64(this.offset + CORRELATION_ID_OFFSET, value)
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

  get subscriptionRegistrationId(): bigint {
    return this.buffer.getInt64(this.offset + SUBSCRIPTION_REGISTRATION_ID_OFFSET)
  }

  set subscriptionRegistrationId(value: bigint) {
    this.buffer.putInt64(this.offset + SUBSCRIPTION_REGISTRATION_ID_OFFSET, value)
  }

  get positionCounterId(): number {
    return this.buffer.getInt32(this.offset + POSITION_COUNTER_ID_OFFSET)
  }

  set positionCounterId(value: number) {
    this.buffer.putInt32(this.offset + POSITION_COUNTER_ID_OFFSET, value)
  }

  get logFileName(): string {
    return this.buffer.getStringAscii(this.offset + LOG_FILE_OFFSET)
  }

  get sourceIdentity(): string {
    return this.buffer.getStringAscii(this.#sourceIdentityOffset)
  }

  /** Writes both of variable length, in their order on the wire. */
  putLogFileNameAndSourceIdentity(logFileName: string, sourceIdentity: string): this {
    this.buffer.putStringAscii(this.offset + LOG_FILE_OFFSET, logFileName)
    this.buffer.putStringAscii(this.#sourceIdentityOffset, sourceIdentity)
    return this
  }

  /** Bytes of the encoded message. */
  get length(): number {
    const offset = this.#sourceIdentityOffset
    return offset - this.offset + SIZE_OF_INT32 + this.buffer.getInt32(offset)
  }

  get #sourceIdentityOffset(): number {
    const logFileLength = this.buffer.getInt32(this.offset + LOG_FILE_OFFSET)
    return this.offset + LOG_FILE_OFFSET + SIZE_OF_INT32 + align(logFileLength, SIZE_OF_INT32)
  }
}
