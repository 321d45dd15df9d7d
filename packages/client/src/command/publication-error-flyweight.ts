import { SIZE_OF_INT32, SIZE_OF_INT64 } from '@x/atomic'
import { Flyweight } from './flyweight.ts'

const REGISTRATION_ID_OFFSET = 0
const DESTINATION_REGISTRATION_ID_OFFSET = REGISTRATION_ID_OFFSET + SIZE_OF_INT64
const SESSION_ID_OFFSET = DESTINATION_REGISTRATION_ID_OFFSET + SIZE_OF_INT64
const STREAM_ID_OFFSET = SESSION_ID_OFFSET + SIZE_OF_INT32
const RECEIVER_ID_OFFSET = STREAM_ID_OFFSET + SIZE_OF_INT32
const GROUP_TAG_OFFSET = RECEIVER_ID_OFFSET + SIZE_OF_INT64
const ADDRESS_TYPE_OFFSET = GROUP_TAG_OFFSET + SIZE_OF_INT64
const PORT_OFFSET = ADDRESS_TYPE_OFFSET + 2
const ADDRESS_OFFSET = PORT_OFFSET + 2
const ADDRESS_LENGTH = 16
const ERROR_CODE_OFFSET = ADDRESS_OFFSET + ADDRESS_LENGTH
const ERROR_MESSAGE_OFFSET = ERROR_CODE_OFFSET + SIZE_OF_INT32

const ADDRESS_TYPE_IPV4 = 1

/**
 * A receiver sent an error frame to a publication. Protocol: Aeron's `PublicationErrorFrameFlyweight`.
 * ```
 *  0 registration id              int64, the original one of the publication
 *  8 destination registration id  int64, -1 when none
 * 16 session id                   int32
 * 20 stream id                    int32
 * 24 receiver id                  int64
 * 32 group tag                    int64, -1 when none
 * 40 address type                 int16, 1 for IPv4, 2 for IPv6
 * 42 port                         uint16
 * 44 address                      16 bytes, an IPv4 address in the first 4
 * 60 error code                   int32
 * 64 message                      int32 length, ASCII
 * ```
 */
export class PublicationErrorFlyweight extends Flyweight {
  get registrationId(): bigint {
    return this.buffer.getInt64(this.offset + REGISTRATION_ID_OFFSET)
  }

  set registrationId(value: bigint) {
    this.buffer.putInt64(this.offset + REGISTRATION_ID_OFFSET, value)
  }

  get destinationRegistrationId(): bigint {
    return this.buffer.getInt64(this.offset + DESTINATION_REGISTRATION_ID_OFFSET)
  }

  set destinationRegistrationId(value: bigint) {
    this.buffer.putInt64(this.offset + DESTINATION_REGISTRATION_ID_OFFSET, value)
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

  get receiverId(): bigint {
    return this.buffer.getInt64(this.offset + RECEIVER_ID_OFFSET)
  }

  set receiverId(value: bigint) {
    this.buffer.putInt64(this.offset + RECEIVER_ID_OFFSET, value)
  }

  get groupTag(): bigint {
    return this.buffer.getInt64(this.offset + GROUP_TAG_OFFSET)
  }

  set groupTag(value: bigint) {
    this.buffer.putInt64(this.offset + GROUP_TAG_OFFSET, value)
  }

  /** Where the frame came from, as `host:port`. */
  get sourceAddress(): string {
    const port = this.buffer.getUint16(this.offset + PORT_OFFSET)
    const at = this.offset + ADDRESS_OFFSET
    if (this.buffer.getInt16(this.offset + ADDRESS_TYPE_OFFSET) === ADDRESS_TYPE_IPV4) {
      return `${[0, 1, 2, 3].map((i) => this.buffer.getUint8(at + i)).join('.')}:${port}`
    }
    // Addresses are bytes in network order: the groups of an IPv6 address are big endian.
    const groups = Array.from({ length: ADDRESS_LENGTH / 2 }, (_, i) =>
      ((this.buffer.getUint8(at + 2 * i) << 8) | this.buffer.getUint8(at + 2 * i + 1)).toString(16),
    )
    return `[${groups.join(':')}]:${port}`
  }

  /** Writes an IPv4 address, or an IPv6 address, by its bytes. */
  putSourceAddress(address: Uint8Array, port: number): this {
    const isIpv4 = address.length === 4
    this.buffer.putInt16(this.offset + ADDRESS_TYPE_OFFSET, isIpv4 ? ADDRESS_TYPE_IPV4 : 2)
    this.buffer.putUint16(this.offset + PORT_OFFSET, port)
    this.buffer.putBytes(this.offset + ADDRESS_OFFSET, address, 0, address.length)
    return this
  }

  get errorCode(): number {
    return this.buffer.getInt32(this.offset + ERROR_CODE_OFFSET)
  }

  set errorCode(value: number) {
    this.buffer.putInt32(this.offset + ERROR_CODE_OFFSET, value)
  }

  get errorMessage(): string {
    return this.buffer.getStringAscii(this.offset + ERROR_MESSAGE_OFFSET)
  }

  set errorMessage(value: string) {
    this.buffer.putStringAscii(this.offset + ERROR_MESSAGE_OFFSET, value)
  }

  /** Bytes of the encoded message. */
  get length(): number {
    return ERROR_MESSAGE_OFFSET + SIZE_OF_INT32 + this.buffer.getInt32(this.offset + ERROR_MESSAGE_OFFSET)
  }
}
