import type { PrimitiveValue } from '../parse/primitives.ts'
import type { Token } from '../ir/token.ts'

/**
 * What a field, or a member of a composite, holds: a number, the text of characters, the elements of an array. Undefined
 * where it is null, or not in the acting version.
 */
export type DecodedValue = PrimitiveValue | string | readonly PrimitiveValue[] | undefined

/**
 * Told what a message holds, in the order of the schema, while it is decoded from the tokens of its schema. The first token of
 * a call is the one that has the name: that of the field, group or data, or of the member of a composite. Every method may be
 * left out.
 */
export interface TokenListener {
  onBeginMessage?(message: Token): void
  onEndMessage?(message: Token): void
  /** A number, characters or an array; `type` is the token of its encoding. */
  onEncoding?(named: Token, type: Token, value: DecodedValue): void
  /** An enum; `type` has its BEGIN_ENUM token and its values. The value may be none of them. */
  onEnum?(named: Token, type: readonly Token[], value: PrimitiveValue | undefined): void
  /** A set; `type` has its BEGIN_SET token and its choices. */
  onSet?(named: Token, type: readonly Token[], bits: bigint | undefined): void
  /** A composite that is there; its members follow. */
  onBeginComposite?(named: Token, type: Token): void
  onEndComposite?(named: Token, type: Token): void
  /** A composite that the acting version does not have. */
  onAbsentComposite?(named: Token, type: Token): void
  /** A group, also one without entries or that the acting version does not have; its entries follow. */
  onGroup?(group: Token, count: number): void
  onBeginEntry?(group: Token, index: number, count: number): void
  onEndEntry?(group: Token, index: number, count: number): void
  onEndGroup?(group: Token, count: number): void
  /** Variable-length data; `bytes` is a view of the message, empty where the acting version does not have it. */
  onVarData?(data: Token, type: Token, bytes: Uint8Array): void
}
