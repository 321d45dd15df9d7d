import { childrenOf } from '../ir/body-view.ts'
import type { Ir } from '../ir/token.ts'
import { DecodeError } from './decode-error.ts'
import { readPrimitive } from './read-value.ts'

/** What a message header says. */
export interface MessageHeader {
  readonly blockLength: number
  readonly templateId: number
  readonly schemaId: number
  readonly version: number
  /** Bytes of the header: the message begins behind it. */
  readonly length: number
}

/**
 * Reads the message header at an offset, whichever the schema has.
 *
 * @throws DecodeError where the bytes end inside it
 */
export function readMessageHeader(ir: Ir, bytes: Uint8Array, offset: number): MessageHeader {
  const length = ir.header[0]?.encodedLength ?? 0
  if (!(offset >= 0 && offset + length <= bytes.length)) {
    throw new DecodeError(
      'the message header',
      offset,
      `it has ${length} bytes, and there are ${Math.max(0, bytes.length - offset)}; the message is truncated`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const members = childrenOf(ir.header)
  const read = (name: string): number => {
    const member = members.find((other) => other.name === name)
    if (member?.encoding === undefined) {
      throw new TypeError(`Cannot decode: the message header of the schema has no ${name}`)
    }
    const { encoding } = member
    if (encoding.presence === 'constant') return Number(encoding.constant)
    return Number(readPrimitive(view, offset + member.offset, encoding.primitiveType, encoding.littleEndian))
  }
  const [blockLength, templateId, schemaId] = [read('blockLength'), read('templateId'), read('schemaId')]
  return { blockLength, templateId, schemaId, version: read('version'), length }
}
