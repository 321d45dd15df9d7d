import { MessageHeaderEncoder } from '@x/codecs/archive'
import { messageBytes } from '../archive-proxy.ts'

/** Makes the message of a request for one control session. */
export type EncodeRequest = (controlSessionId: bigint, correlationId: bigint) => Uint8Array

/** What all request encoders begin with. */
interface RequestEncoder {
  wrapAndApplyHeader(bytes: Uint8Array, offset: number, header: MessageHeaderEncoder): this
  controlSessionId(value: bigint): this
  correlationId(value: bigint): this
}

interface RequestEncoderClass<E extends RequestEncoder> {
  readonly BLOCK_LENGTH: number
  new (): E
}

/**
 * Encodes a request that has at most one piece of variable data.
 *
 * @param encoderClass the generated encoder
 * @param fill sets what is particular to the request
 * @param channel its channel, when it has one; only the length matters here
 */
export function encodeRequest<E extends RequestEncoder>(
  encoderClass: RequestEncoderClass<E>,
  fill: (encoder: E) => void,
  channel?: string,
): EncodeRequest {
  return (controlSessionId, correlationId) => {
    const bytes =
      channel === undefined
        ? messageBytes(encoderClass.BLOCK_LENGTH)
        : messageBytes(encoderClass.BLOCK_LENGTH, channel.length)
    const encoder = new encoderClass()
      .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
      .controlSessionId(controlSessionId)
      .correlationId(correlationId)
    fill(encoder)
    return bytes
  }
}
