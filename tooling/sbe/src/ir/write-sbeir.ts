import { charsetNamed } from '../parse/character-encoding.ts'
import { isInteger64, PRIMITIVES, sizeOfPrimitive } from '../parse/primitives.ts'
import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import {
  FRAME_LENGTH,
  IR_VERSION,
  PRESENCES,
  PRIMITIVE_CODES,
  SIGNALS,
  TOKEN_LENGTH,
} from './sbeir-format.ts'
import { Signal } from './signal.ts'
import type { Ir, Token } from './token.ts'

const NOTHING = new Uint8Array(0)
const UTF_8 = new TextEncoder()

/**
 * Writes an IR file (`.sbeir`), byte for byte as the reference tool writes that of the same schema.
 *
 * @throws RangeError where a text is longer than 65534 bytes
 */
export function writeSbeir(ir: Ir): Uint8Array {
  const out = new ByteWriter()
  const frame = new DataView(new ArrayBuffer(FRAME_LENGTH))
  for (const [index, value] of [ir.id, IR_VERSION, ir.version].entries())
    frame.setInt32(index * 4, value, true)
  out.bytes(new Uint8Array(frame.buffer))
  for (const text of [ir.package, ir.namespace, ir.semanticVersion]) out.data(utf8(text))
  for (const tokens of [ir.header, ...inReferenceOrder(ir.messages)]) {
    let depth = 0
    for (const token of tokens) {
      if (token.signal === Signal.END_COMPOSITE) depth--
      writeToken(out, token, depth > 0)
      if (token.signal === Signal.BEGIN_COMPOSITE) depth++
    }
  }
  return out.toBytes()
}

/**
 * The reference tool keeps messages in a Java HashMap, and writes them in its order: by the hash of the id modulo the number of buckets,
 * which is a power of two, 16 or more: the messages fill three quarters of them at most, and of less than 64 each has eight at most.
 */
function inReferenceOrder(messages: Ir['messages']): Ir['messages'] {
  let buckets = 16
  const bucketOf = (tokens: readonly Token[]): number => {
    const id = tokens[0]?.id ?? 0
    return (id ^ (id >>> 16)) & (buckets - 1)
  }
  for (const [index, tokens] of messages.entries()) {
    const neighbours = messages.slice(0, index).filter((other) => bucketOf(other) === bucketOf(tokens))
    if (neighbours.length >= 8 && buckets < 64) buckets *= 2
    if (index + 1 > buckets * 0.75) buckets *= 2
  }
  return messages.toSorted((a, b) => bucketOf(a) - bucketOf(b))
}

function writeToken(out: ByteWriter, token: Token, isMember: boolean): void {
  const { encoding, signal } = token
  const isField = signal === Signal.BEGIN_FIELD || signal === Signal.END_FIELD
  const isEnum = signal === Signal.BEGIN_ENUM || signal === Signal.END_ENUM
  const isNumber = signal === Signal.ENCODING
  const hasValueRef = isField && token.valueRef !== undefined
  const type = hasValueRef ? 'char' : encoding?.primitiveType
  const length =
    isEnum && encoding !== undefined ? sizeOfPrimitive(encoding.primitiveType) : token.encodedLength
  const presence = isNumber ? (encoding?.presence ?? 'required') : token.presence
  // The reference tool leaves sets, and whatever has no encoding, little endian.
  const isSet = signal === Signal.BEGIN_SET || signal === Signal.END_SET
  const isBigEndian = encoding?.littleEndian === false && !isSet
  const fields = new DataView(new ArrayBuffer(TOKEN_LENGTH))
  const numbers = [token.offset, length, token.id, token.version, token.componentTokenCount]
  for (const [index, value] of numbers.entries()) fields.setInt32(index * 4, value, true)
  fields.setUint8(20, SIGNALS.indexOf(signal))
  fields.setUint8(21, Math.max(0, PRIMITIVE_CODES.indexOf(type)))
  fields.setUint8(22, isBigEndian ? 1 : 0)
  fields.setUint8(23, PRESENCES.indexOf(presence))
  fields.setInt32(24, token.deprecated ?? 0, true)
  out.bytes(new Uint8Array(fields.buffer))

  out.data(utf8(token.name))
  out.data(hasValueRef ? utf8(token.valueRef) : isEnum ? NOTHING : constantBytes(token))
  out.data(valueBytes(type, encoding?.minValue))
  out.data(valueBytes(type, encoding?.maxValue))
  out.data(valueBytes(type, isEnum ? encoding?.nullValue : encoding?.declaredNullValue))
  out.data(utf8(encoding?.characterEncoding))
  out.data(utf8(token.epoch))
  out.data(utf8(token.timeUnit))
  // The reference tool does not keep that of a number in a composite.
  out.data(isNumber && isMember ? NOTHING : utf8(token.semanticType))
  out.data(utf8(token.description))
  out.data(utf8(token.referencedName))
  out.data(utf8(token.packageName))
}

function constantBytes(token: Token): Uint8Array {
  const { encoding } = token
  const constant = encoding?.constant
  if (encoding === undefined || constant === undefined) return NOTHING
  if (typeof constant !== 'string') return valueBytes(encoding.primitiveType, constant)
  const text = textBytes(constant, encoding.characterEncoding)
  if (text.length >= token.arrayLength) return text
  const padded = new Uint8Array(token.arrayLength)
  padded.set(text)
  return padded
}

/** The bytes of text as Java makes them: what an encoding of one byte cannot say is a question mark. */
function textBytes(text: string, characterEncoding: string | undefined): Uint8Array {
  const charset = charsetNamed(characterEncoding ?? 'UTF-8')
  if (charset === 'utf16le' || charset === 'utf16be' || charset === 'utf16') {
    const marked = charset === 'utf16' ? `\uFEFF${text}` : text
    const view = new DataView(new ArrayBuffer(marked.length * 2))
    for (let i = 0; i < marked.length; i++) view.setUint16(i * 2, marked.charCodeAt(i), charset === 'utf16le')
    return new Uint8Array(view.buffer)
  }
  if (charset !== 'ascii' && charset !== 'latin1') return UTF_8.encode(text)
  const limit = charset === 'ascii' ? 0x80 : 0x100
  return Uint8Array.from(Array.from(text), (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < limit ? code : 0x3f
  })
}

function valueBytes(type: PrimitiveType | undefined, value: PrimitiveValue | undefined): Uint8Array {
  if (type === undefined || value === undefined) return NOTHING
  const { size, range } = PRIMITIVES[type]
  const view = new DataView(new ArrayBuffer(8))
  if (type === 'float') view.setFloat32(0, Number(value), true)
  else if (range === undefined) view.setFloat64(0, Number(value), true)
  else view.setBigInt64(0, isInteger64(type) ? BigInt(value) : BigInt(Math.trunc(Number(value))), true)
  return new Uint8Array(view.buffer, 0, size)
}

function utf8(text: string | undefined): Uint8Array {
  return text === undefined ? NOTHING : UTF_8.encode(text)
}

class ByteWriter {
  readonly #parts: Uint8Array[] = []

  bytes(bytes: Uint8Array): void {
    this.#parts.push(bytes)
  }

  /** A uint16 length, and so many bytes. */
  data(bytes: Uint8Array): void {
    if (bytes.length > 0xfffe) {
      throw new RangeError(
        `Cannot write the IR file: a text has ${bytes.length} bytes, and at most 65534 fit; shorten the description`,
      )
    }
    this.#parts.push(Uint8Array.of(bytes.length & 0xff, bytes.length >> 8), bytes)
  }

  toBytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}
