import { childrenOf, viewMessage } from '../ir/body-view.ts'
import type { BodyView, FieldView, GroupView, VarDataView } from '../ir/body-view.ts'
import { lengthAt } from '../ir/length-at.ts'
import { Signal } from '../ir/signal.ts'
import type { Token } from '../ir/token.ts'
import { sizeOfPrimitive } from '../parse/primitives.ts'
import type { PrimitiveValue } from '../parse/primitives.ts'
import { DecodeError } from './decode-error.ts'
import { readPrimitive, readValue } from './read-value.ts'
import type { DecodedValue, TokenListener } from './token-listener.ts'

/** What the message header says of the message behind it. */
export interface Acting {
  readonly blockLength: number
  readonly version: number
}

/** Entries of no bytes that the groups of a message may have together: damaged counts must not keep the decoder busy. */
const MAX_EMPTY_ENTRIES = 0xffff

/**
 * Decodes a message from the tokens of its schema, without generated code. Returns where it ends.
 *
 * @param tokens those of the message, one of `Ir.messages`
 * @param offset where the message begins, behind its header
 * @throws DecodeError where the bytes end too soon, or a length in them is more than there is
 */
export function decodeMessage(
  bytes: Uint8Array,
  offset: number,
  tokens: readonly Token[],
  acting: Acting,
  listener: TokenListener,
): number {
  const [message] = tokens
  const last = tokens.at(-1)
  if (message?.signal !== Signal.BEGIN_MESSAGE || last === undefined) {
    throw new TypeError('Cannot decode: the tokens are not those of a message; pass one of Ir.messages')
  }
  const decoder = new MessageDecoder(bytes, tokens, acting.version, listener)
  listener.onBeginMessage?.(message)
  const end = decoder.body(viewMessage(tokens), {
    name: message.name,
    offset,
    blockLength: acting.blockLength,
  })
  listener.onEndMessage?.(last)
  return end
}

/** A block, and where it stands. */
interface Block {
  readonly name: string
  readonly offset: number
  readonly blockLength: number
}

class MessageDecoder {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #tokens: readonly Token[]
  readonly #version: number
  readonly #listener: TokenListener
  #emptyEntries = 0

  constructor(bytes: Uint8Array, tokens: readonly Token[], version: number, listener: TokenListener) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#tokens = tokens
    this.#version = version
    this.#listener = listener
  }

  body(body: BodyView, block: Block): number {
    const { name, offset, blockLength } = block
    this.#need(name, offset, blockLength)
    for (const field of body.fields) this.#field(field, block)
    let end = offset + blockLength
    for (const group of body.groups) end = this.#group(group, end)
    for (const data of body.varData) end = this.#varData(data, end)
    return end
  }

  #field(field: FieldView, block: Block): void {
    const { token, type } = field
    const isPresent = token.version <= this.#version
    const length = isPresent ? lengthAt(field, this.#version) : 0
    if (length > 0 && token.offset + length > block.blockLength) {
      throw new DecodeError(
        `${block.name}.${token.name}`,
        block.offset + token.offset,
        `it needs ${length} bytes, and the block ends after ${block.blockLength}; the block length of the message is damaged`,
      )
    }
    this.#part(token, type, isPresent ? block.offset + token.offset : undefined)
  }

  /**
   * @param at where the part begins; undefined where the acting version does not have it
   */
  #part(named: Token, type: Token, at: number | undefined): void {
    const { signal } = type
    if (signal === Signal.ENCODING) this.#encoding(named, type, at)
    else if (signal === Signal.BEGIN_ENUM) {
      this.#listener.onEnum?.(named, this.#tokensOf(type), this.#number(type, at))
    } else if (signal === Signal.BEGIN_SET) {
      const bits = this.#number(type, at)
      this.#listener.onSet?.(named, this.#tokensOf(type), bits === undefined ? undefined : BigInt(bits))
    } else if (at === undefined) this.#listener.onAbsentComposite?.(named, type)
    else {
      this.#listener.onBeginComposite?.(named, type)
      for (const member of childrenOf(this.#tokensOf(type))) {
        const isPresent = member.sinceVersion <= this.#version
        this.#part(member, member, isPresent ? at + member.offset : undefined)
      }
      this.#listener.onEndComposite?.(named, type)
    }
  }

  #encoding(named: Token, type: Token, at: number | undefined): void {
    const { encoding } = type
    if (encoding === undefined) return
    let value: DecodedValue
    if (encoding.presence === 'constant') value = encoding.constant
    else if (at !== undefined) {
      value = readValue(this.#view, at, type, encoding)
      const mayBeNull = encoding.presence === 'optional' || named.sinceVersion > 0
      if (mayBeNull && Object.is(value, encoding.nullValue)) value = undefined
    }
    this.#listener.onEncoding?.(named, type, value)
  }

  /** The value of an enum or set; undefined where it is null or absent. */
  #number(type: Token, at: number | undefined): PrimitiveValue | undefined {
    const { encoding } = type
    if (encoding?.presence === 'constant') {
      return typeof encoding.constant === 'string' ? undefined : encoding.constant
    }
    if (encoding === undefined || at === undefined) return undefined
    const value = readPrimitive(this.#view, at, encoding.primitiveType, encoding.littleEndian)
    return type.signal === Signal.BEGIN_ENUM && value === encoding.nullValue ? undefined : value
  }

  #group(group: GroupView, at: number): number {
    const { token, headerLength, body } = group
    if (token.version > this.#version) {
      this.#listener.onGroup?.(token, 0)
      this.#listener.onEndGroup?.(token, 0)
      return at
    }
    this.#need(token.name, at, headerLength)
    const blockLength = this.#length(group.blockLength, at)
    const count = this.#length(group.numInGroup, at)
    let offset = at + headerLength
    this.#need(token.name, offset, blockLength * count)
    if (blockLength === 0) this.#emptyEntries += count
    if (this.#emptyEntries > MAX_EMPTY_ENTRIES) {
      throw new DecodeError(
        token.name,
        at,
        `with its ${count} entries, the message has ${this.#emptyEntries} of no bytes, and may have ${MAX_EMPTY_ENTRIES}; it is damaged`,
      )
    }
    this.#listener.onGroup?.(token, count)
    for (let index = 0; index < count; index++) {
      this.#listener.onBeginEntry?.(token, index, count)
      offset = this.body(body, { name: token.name, offset, blockLength })
      this.#listener.onEndEntry?.(token, index, count)
    }
    this.#listener.onEndGroup?.(token, count)
    return offset
  }

  #varData(data: VarDataView, at: number): number {
    const { token, length: lengthToken, data: type } = data
    if (token.version > this.#version) {
      this.#listener.onVarData?.(token, type, this.#bytes.subarray(at, at))
      return at
    }
    const size = lengthToken.encoding === undefined ? 0 : sizeOfPrimitive(lengthToken.encoding.primitiveType)
    this.#need(token.name, at, size)
    const length = this.#length(lengthToken, at)
    this.#need(token.name, at + size, length)
    const end = at + size + length
    this.#listener.onVarData?.(token, type, this.#bytes.subarray(at + size, end))
    return end
  }

  /** A length or count; what is negative or more than a safe integer becomes more than any message has. */
  #length(token: Token, at: number): number {
    const { encoding } = token
    if (encoding === undefined) return 0
    const value = Number(
      readPrimitive(this.#view, at + token.offset, encoding.primitiveType, encoding.littleEndian),
    )
    return value >= 0 ? value : Number.MAX_SAFE_INTEGER
  }

  #tokensOf(type: Token): readonly Token[] {
    const start = this.#tokens.indexOf(type)
    return this.#tokens.slice(start, start + type.componentTokenCount)
  }

  #need(name: string, at: number, length: number): void {
    if (!(at + length <= this.#bytes.length)) {
      throw new DecodeError(
        name,
        at,
        `it needs ${length} bytes, and there are ${Math.max(0, this.#bytes.length - at)}; the message is truncated or damaged`,
      )
    }
  }
}
