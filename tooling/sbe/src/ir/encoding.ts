import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import type { Presence } from '../parse/schema-model.ts'

/** How the value of a token is laid out, and which values it may have. */
export interface Encoding {
  readonly presence: Presence
  readonly primitiveType: PrimitiveType
  readonly littleEndian: boolean
  /** The null value: that of the schema where the value is optional, or else the default of the primitive type. */
  readonly nullValue: PrimitiveValue
  /** The null value that the schema gives an optional value, where it does. */
  readonly declaredNullValue: PrimitiveValue | undefined
  /** Undefined unless the schema says it. */
  readonly minValue: PrimitiveValue | undefined
  /** Undefined unless the schema says it. */
  readonly maxValue: PrimitiveValue | undefined
  /** The value of a constant, of an enum's valid value, or the bit of a set's choice. */
  readonly constant: PrimitiveValue | string | undefined
  readonly characterEncoding: string | undefined
}
