import { SIZE_OF_INT32 } from '@x/atomic'
import { CORRELATED_LENGTH, CorrelatedMessageFlyweight } from './correlated-message-flyweight.ts'

const TOKEN_LENGTH_OFFSET = CORRELATED_LENGTH
const TOKEN_OFFSET = TOKEN_LENGTH_OFFSET + SIZE_OF_INT32

/**
 * Asks the driver to end. Protocol: Aeron's `TerminateDriverFlyweight`.
 * ```
 *  0 client id, correlation id -1
 * 16 token  int32 length, bytes
 * ```
 */
export class TerminateDriverFlyweight extends CorrelatedMessageFlyweight {
  /** A copy of the token. */
  get token(): Uint8Array {
    const token = new Uint8Array(this.buffer.getInt32(this.offset + TOKEN_LENGTH_OFFSET))
    this.buffer.getBytes(this.offset + TOKEN_OFFSET, token, 0, token.length)
    return token
  }

  putToken(token: Uint8Array): this {
    this.buffer.putInt32(this.offset + TOKEN_LENGTH_OFFSET, token.length)
    this.buffer.putBytes(this.offset + TOKEN_OFFSET, token, 0, token.length)
    return this
  }

  override get length(): number {
    return TOKEN_OFFSET + this.buffer.getInt32(this.offset + TOKEN_LENGTH_OFFSET)
  }
}
