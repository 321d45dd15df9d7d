import type { Token } from '../ir/token.ts'
import { charsetNamed } from '../parse/character-encoding.ts'
import type { PrimitiveValue } from '../parse/primitives.ts'
import { decodeText } from './read-value.ts'
import type { DecodedValue, TokenListener } from './token-listener.ts'

/** What `JSON.stringify()` takes as it is. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/**
 * Makes a plain object of a message, as `toJSON()` of generated decoders does: 64-bit integers as text, enums and sets by their
 * names, bytes in hexadecimal, null where absent.
 */
export class JsonListener implements TokenListener {
  readonly #open: (Record<string, Json> | Json[])[] = []
  /** The message that was decoded last. */
  message: Record<string, Json> = {}

  onBeginMessage(): void {
    this.message = {}
    this.#open.push(this.message)
  }

  onEndMessage(): void {
    this.#open.pop()
  }

  onEncoding(named: Token, _: Token, value: DecodedValue): void {
    this.#put(named.name, valueJson(value))
  }

  onEnum(named: Token, type: readonly Token[], value: PrimitiveValue | undefined): void {
    const member = value === undefined ? undefined : type.find((token) => isValue(token, value))
    this.#put(named.name, member?.name ?? valueJson(value))
  }

  onSet(named: Token, type: readonly Token[], bits: bigint | undefined): void {
    const names = type.slice(1, -1).filter(({ encoding }) => {
      const bit = encoding?.constant
      return bits !== undefined && typeof bit === 'number' && ((bits >> BigInt(bit)) & 1n) === 1n
    })
    this.#put(
      named.name,
      names.map(({ name }) => name),
    )
  }

  onBeginComposite(named: Token): void {
    this.#begin(named.name, {})
  }

  onEndComposite(): void {
    this.#open.pop()
  }

  onAbsentComposite(named: Token): void {
    this.#put(named.name, null)
  }

  onGroup(group: Token): void {
    this.#begin(group.name, [])
  }

  onBeginEntry(group: Token): void {
    this.#begin(group.name, {})
  }

  onEndEntry(): void {
    this.#open.pop()
  }

  onEndGroup(): void {
    this.#open.pop()
  }

  onVarData(data: Token, type: Token, bytes: Uint8Array): void {
    const { encoding } = type
    const named = encoding?.characterEncoding ?? (encoding?.primitiveType === 'char' ? 'US-ASCII' : '')
    const charset = charsetNamed(named)
    this.#put(
      data.name,
      charset === undefined ? Buffer.from(bytes).toString('hex') : decodeText(bytes, charset),
    )
  }

  #begin(name: string, json: Record<string, Json> | Json[]): void {
    this.#put(name, json)
    this.#open.push(json)
  }

  #put(name: string, json: Json): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) return
    if (Array.isArray(parent)) parent.push(json)
    // Also a name that is special, such as __proto__.
    else
      Object.defineProperty(parent, name, {
        value: json,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
}

function isValue({ encoding, signal }: Token, value: PrimitiveValue): boolean {
  return signal === 'VALID_VALUE' && encoding?.constant === value
}

function valueJson(value: DecodedValue): Json {
  if (value === undefined) return null
  if (typeof value === 'object') return value.map(valueJson)
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}
