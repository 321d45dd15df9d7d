import { childrenOf, viewMembers, viewMessage } from '../../src/ir/body-view.ts'
import type { BodyView, FieldView } from '../../src/ir/body-view.ts'
import type { Encoding } from '../../src/ir/encoding.ts'
import { Signal } from '../../src/ir/signal.ts'
import type { Ir, Token } from '../../src/ir/token.ts'
import { isInteger64, PRIMITIVES } from '../../src/parse/primitives.ts'
import type { PrimitiveType } from '../../src/parse/primitives.ts'

/** What a field or composite member holds, as far as its values go. */
export type FieldShape = { readonly name: string; readonly since: number } & (
  | {
      readonly kind: 'scalar'
      readonly type: PrimitiveType
      readonly nullValue: number | bigint
      readonly minValue: number | bigint | undefined
      readonly maxValue: number | bigint | undefined
      /** A 64-bit integer that our code has as a number. */
      readonly isNumber: boolean
    }
  | {
      readonly kind: 'array'
      readonly type: PrimitiveType
      readonly length: number
      readonly nullValue: number | bigint
    }
  | { readonly kind: 'text'; readonly length: number; readonly charset: string }
  | { readonly kind: 'constant'; readonly type: PrimitiveType; readonly value: number | bigint | string }
  | {
      readonly kind: 'enum'
      readonly type: PrimitiveType
      readonly values: readonly (number | bigint)[]
      readonly nullValue: number | bigint
    }
  | { readonly kind: 'set'; readonly type: PrimitiveType; readonly bits: readonly number[] }
  | { readonly kind: 'composite'; readonly members: readonly FieldShape[] }
)

/** A repeating group. */
export interface GroupShape {
  readonly name: string
  readonly since: number
  readonly maxCount: number
  readonly body: BodyShape
}

/** Variable-length data: text where it has a charset, else bytes. */
export interface DataShape {
  readonly name: string
  readonly since: number
  readonly maxLength: number
  readonly charset: string | undefined
}

/** The fields, groups and variable-length data of a message or of a group entry. */
export interface BodyShape {
  readonly fields: readonly FieldShape[]
  readonly groups: readonly GroupShape[]
  readonly data: readonly DataShape[]
}

/** A message of a schema. */
export interface MessageShape {
  readonly name: string
  readonly id: number
  readonly since: number
  readonly blockLength: number
  readonly body: BodyShape
}

/**
 * The messages of a schema, each with the shape of its values.
 *
 * @param numberFields names of 64-bit fields that our code has as numbers
 */
export function messageShapes(ir: Ir, numberFields: readonly string[] = []): MessageShape[] {
  return ir.messages.map((tokens) => {
    const token = tokens[0] as Token
    const body = bodyShape(viewMessage(tokens), numberFields)
    return {
      name: token.name,
      id: token.id,
      since: token.version,
      blockLength: token.encodedLength,
      body,
    }
  })
}

function bodyShape(view: BodyView, numbers: readonly string[]): BodyShape {
  return {
    fields: view.fields.map((field) => fieldShape(field, numbers)),
    groups: view.groups.map(({ token, numInGroup, body }) => ({
      name: token.name,
      since: token.version,
      maxCount: Number(numInGroup.encoding?.maxValue ?? greatest(numInGroup)),
      body: bodyShape(body, numbers),
    })),
    data: view.varData.map(({ token, length, data }) => ({
      name: token.name,
      since: token.version,
      maxLength: Number(length.encoding?.maxValue ?? greatest(length)),
      charset: charsetOf(data.encoding),
    })),
  }
}

function greatest(token: Token): number {
  return 2 ** (8 * PRIMITIVES[token.encoding?.primitiveType ?? 'uint8'].size) - 2
}

// Protocol: char without characterEncoding is US-ASCII, and other bytes without one are no text.
function charsetOf(encoding: Encoding | undefined): string | undefined {
  return encoding?.characterEncoding ?? (encoding?.primitiveType === 'char' ? 'US-ASCII' : undefined)
}

function fieldShape({ token, type, tokens }: FieldView, numbers: readonly string[]): FieldShape {
  const place = { name: token.name, since: token.sinceVersion }
  const { encoding } = type
  if (type.signal === Signal.BEGIN_COMPOSITE) {
    const members = viewMembers(tokens).map((member) => fieldShape(member, numbers))
    return { ...place, kind: 'composite', members }
  }
  if (encoding === undefined) throw new Error(`Cannot read "${token.name}": its type has no encoding`)
  const { primitiveType, nullValue, constant } = encoding
  if (encoding.presence === 'constant' && constant !== undefined) {
    // A char constant of one character is a number, an enum's constant too.
    return { ...place, kind: 'constant', type: primitiveType, value: constant }
  }
  const values = childrenOf(tokens).map((child) => child.encoding?.constant as number | bigint)
  if (type.signal === Signal.BEGIN_SET) {
    return { ...place, kind: 'set', type: primitiveType, bits: values.map(Number) }
  }
  if (type.signal === Signal.BEGIN_ENUM) {
    return { ...place, kind: 'enum', type: primitiveType, values, nullValue }
  }
  if (type.arrayLength === 1) {
    const { minValue, maxValue } = encoding
    const isNumber = numbers.includes(token.name) && isInteger64(primitiveType)
    return { ...place, kind: 'scalar', type: primitiveType, nullValue, minValue, maxValue, isNumber }
  }
  if (primitiveType === 'char') {
    return { ...place, kind: 'text', length: type.arrayLength, charset: charsetOf(encoding) ?? 'US-ASCII' }
  }
  return { ...place, kind: 'array', type: primitiveType, length: type.arrayLength, nullValue }
}
