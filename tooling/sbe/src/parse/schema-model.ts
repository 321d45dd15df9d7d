import type { PrimitiveType, PrimitiveValue } from './primitives.ts'
import type { Location } from './schema-error.ts'

/** How a field is present: always, as its null value when absent, or never on the wire because it is a constant. */
export type Presence = 'required' | 'optional' | 'constant'

/** What all named parts of a schema have. */
export interface Described extends Location {
  readonly name: string
  readonly description: string
  readonly sinceVersion: number
  readonly deprecated: number | undefined
  readonly semanticType: string | undefined
}

/** What all types have. */
export interface DescribedType extends Described {
  /** How a field of this type is present, unless the field says otherwise. */
  readonly presence: Presence
  /** The package of the `<types>` that declare it, where they have one. */
  readonly packageName: string | undefined
}

/** A number, a character, or an array of one of them. */
export interface EncodedType extends DescribedType {
  readonly kind: 'type'
  readonly primitiveType: PrimitiveType
  /** Elements; 1 for a single value, 0 for the bytes of variable-length data. */
  readonly length: number
  readonly nullValue: PrimitiveValue | undefined
  readonly minValue: PrimitiveValue | undefined
  readonly maxValue: PrimitiveValue | undefined
  readonly constant: PrimitiveValue | string | undefined
  readonly characterEncoding: string | undefined
}

/** A closed set of values. */
export interface EnumType extends DescribedType {
  readonly kind: 'enum'
  readonly encoding: PrimitiveType
  readonly nullValue: PrimitiveValue
  readonly values: readonly EnumValue[]
}

export interface EnumValue extends Described {
  readonly value: PrimitiveValue
}

/** A set of bits. */
export interface SetType extends DescribedType {
  readonly kind: 'set'
  readonly encoding: PrimitiveType
  readonly choices: readonly SetChoice[]
}

export interface SetChoice extends Described {
  /** Bit number, from 0 for the lowest. */
  readonly bit: number
}

/** Several types one behind the other, under one name. */
export interface CompositeType extends DescribedType {
  readonly kind: 'composite'
  readonly members: readonly CompositeMember[]
  /** Bytes on the wire. */
  readonly size: number
}

export interface CompositeMember extends Location {
  /** Name in the composite; that of the type unless a ref gives another. */
  readonly name: string
  readonly type: SchemaType
  /** Name of the type where the member is a ref to it. */
  readonly referencedName: string | undefined
  /** Bytes from the start of the composite. */
  readonly offset: number
  readonly sinceVersion: number
}

export type SchemaType = EncodedType | EnumType | SetType | CompositeType

export interface Field extends Described {
  readonly id: number
  readonly type: SchemaType
  readonly presence: Presence
  /** The constant of a field whose valueRef names an enum value. */
  readonly constant: PrimitiveValue | undefined
  /** The enum value that is the constant, as `Enum.VALUE`. */
  readonly valueRef: string | undefined
  readonly timeUnit: string | undefined
  readonly epoch: string | undefined
  /** Bytes from the start of the block. */
  readonly offset: number
}

export interface VarData extends Described {
  readonly id: number
  readonly type: CompositeType
  readonly timeUnit: string | undefined
  readonly epoch: string | undefined
  /** What the schema says of its place, which the reference tool keeps, and nothing heeds. */
  readonly offset: number | undefined
}

export interface Group extends Described {
  readonly id: number
  readonly dimensions: CompositeType
  readonly body: Body
}

/** The block, groups and variable-length data of a message or a group entry. */
export interface Body {
  readonly blockLength: number
  /** The length that the schema gives the block, where it does. */
  readonly declaredBlockLength: number | undefined
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
  readonly semanticVersion: string | undefined
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
      return type.presence === 'constant' ? 0 : sizeOf(type.encoding)
    case 'set':
      return sizeOf(type.encoding)
    case 'composite':
      return type.size
  }
}
