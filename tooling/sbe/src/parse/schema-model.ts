import type { PrimitiveType, PrimitiveValue } from './primitives.ts'

/** How a field is present: always, as its null value when absent, or never on the wire because it is a constant. */
export type Presence = 'required' | 'optional' | 'constant'

/** What all named parts of a schema have. */
export interface Described {
  readonly name: string
  readonly description: string
  readonly sinceVersion: number
  readonly deprecated: number | undefined
  readonly line: number
}

/** A number, a character, or an array of one of them. */
export interface EncodedType extends Described {
  readonly kind: 'type'
  readonly primitiveType: PrimitiveType
  /** Elements; 1 for a single value, 0 for the bytes of variable-length data. */
  readonly length: number
  readonly presence: Presence
  readonly nullValue: PrimitiveValue | undefined
  readonly minValue: PrimitiveValue | undefined
  readonly maxValue: PrimitiveValue | undefined
  readonly constant: PrimitiveValue | string | undefined
  readonly characterEncoding: string | undefined
  readonly semanticType: string | undefined
}

/** A closed set of values. */
export interface EnumType extends Described {
  readonly kind: 'enum'
  readonly encoding: PrimitiveType
  readonly nullValue: PrimitiveValue
  readonly values: readonly EnumValue[]
}

export interface EnumValue extends Described {
  readonly value: PrimitiveValue
}

/** A set of bits. */
export interface SetType extends Described {
  readonly kind: 'set'
  readonly encoding: PrimitiveType
  readonly choices: readonly SetChoice[]
}

export interface SetChoice extends Described {
  /** Bit number, from 0 for the lowest. */
  readonly bit: number
}

/** Several types one behind the other, under one name. */
export interface CompositeType extends Described {
  readonly kind: 'composite'
  readonly members: readonly CompositeMember[]
  /** Bytes on the wire. */
  readonly size: number
}

export interface CompositeMember {
  /** Name in the composite; that of the type unless a ref gives another. */
  readonly name: string
  readonly type: SchemaType
  /** Bytes from the start of the composite. */
  readonly offset: number
  readonly sinceVersion: number
  readonly line: number
}

export type SchemaType = EncodedType | EnumType | SetType | CompositeType

export interface Field extends Described {
  readonly id: number
  readonly type: SchemaType
  readonly presence: Presence
  /** The constant of a field whose valueRef names an enum value. */
  readonly constant: PrimitiveValue | undefined
  /** Bytes from the start of the block. */
  readonly offset: number
}

export interface VarData extends Described {
  readonly id: number
  readonly type: CompositeType
}

export interface Group extends Described {
  readonly id: number
  readonly dimensions: CompositeType
  readonly body: Body
}

/** The block, groups and variable-length data of a message or a group entry. */
export interface Body {
  readonly blockLength: number
  readonly fields: readonly Field[]
  readonly groups: readonly Group[]
  readonly varData: readonly VarData[]
}

export interface Message extends Described {
  readonly id: number
  readonly body: Body
}

/** A checked schema: every type is resolved and every offset known. */
export interface Schema {
  readonly file: string
  readonly package: string
  readonly id: number
  readonly version: number
  readonly description: string
  readonly littleEndian: boolean
  readonly header: CompositeType
  /** The named types of the schema, in its order. */
  readonly types: readonly SchemaType[]
  readonly messages: readonly Message[]
}

/** Bytes of a type on the wire; a constant has none. */
export function sizeOfType(type: SchemaType, sizeOf: (primitive: PrimitiveType) => number): number {
  switch (type.kind) {
    case 'type':
      return type.presence === 'constant' ? 0 : type.length * sizeOf(type.primitiveType)
    case 'enum':
    case 'set':
      return sizeOf(type.encoding)
    case 'composite':
      return type.size
  }
}
