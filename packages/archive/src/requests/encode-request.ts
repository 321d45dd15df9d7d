import { MessageHeaderEncoder } from '@x/codecs/archive'
import { messageBytes } from '../session/archive-proxy.ts'

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
 * Encodes a request.
 *
 * @param encoderClass the generated encoder
 * @param fill sets what is particular to the request
 * @param varDataLengths lengths in bytes of its variable data
 */
export function encodeRequest<E extends RequestEncoder>(
  encoderClass: RequestEncoderClass<E>,
  fill: (encoder: E) => void,
  ...varDataLengths: readonly number[]
): EncodeRequest {
  return (controlSessionId, correlationId) => {
    const bytes = messageBytes(encoderClass.BLOCK_LENGTH, ...varDataLengths)
    const encoder = new encoderClass()
      .wrapAndApplyHeader(bytes, 0, new MessageHeaderEncoder())
      .controlSessionId(controlSessionId)
      .correlationId(correlationId)
    fill(encoder)
    return bytes
  }
}
