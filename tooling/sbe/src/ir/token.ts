import type { Presence } from '../parse/schema-model.ts'
import type { Encoding } from './encoding.ts'
import type { Signal } from './signal.ts'

/** Stands for an offset or length that only the message knows, because something of variable length is in front or inside. */
export const VARIABLE_LENGTH = -1

/** One element of the intermediate form. A schema is a flat list of them, in which BEGIN and END tokens nest. */
export interface Token {
  readonly signal: Signal
  readonly name: string
  /** Name of the declared type behind a type or ref; else that of the token. */
  readonly typeName: string
  /** Name of the type that a ref in a composite refers to. */
  readonly referencedName: string | undefined
  /** The package of the `<types>` that declare the type, where they have one. */
  readonly packageName: string | undefined
  /** Field, group, data or template id; -1 where there is none. */
  readonly id: number
  /**
   * The version of the schema that brought it, as IR files have it: inside a field no lower than that of the field, and of a
   * number in a composite that of the composite.
   */
  readonly version: number
  /** The version that brought a member to its composite; 0 from an IR file that does not say. Elsewhere the same as `version`. */
  readonly sinceVersion: number
  /** The version of the schema that deprecated it. */
  readonly deprecated: number | undefined
  readonly description: string
  /** Bytes from the start of the block or composite; VARIABLE_LENGTH for what follows a group or data. */
  readonly offset: number
  /** Bytes on the wire: a block for messages and groups, 0 for constants, VARIABLE_LENGTH for the bytes of data. */
  readonly encodedLength: number
  /** Elements of an array; 1 for a single value. */
  readonly arrayLength: number
  /** Tokens up to and including the matching END token; 1 for those that have none. */
  readonly componentTokenCount: number
  /** How a field is present; required for tokens that are none. */
  readonly presence: Presence
  /** The enum value that is the constant of a field, as `Enum.VALUE`. */
  readonly valueRef: string | undefined
  /** What a field or type means to applications, such as a type of FIX. */
  readonly semanticType: string | undefined
  readonly timeUnit: string | undefined
  readonly epoch: string | undefined
  readonly encoding: Encoding | undefined
  /** The schema file, or the file that it includes; empty where the token does not come from XML. */
  readonly file: string
  /** Line in that file; 0 where there is none. */
  readonly line: number
}

/** The intermediate form of a whole schema: all that printers and decoders need. */
export interface Ir {
  /** Name of the schema file, without its folder. */
  readonly file: string
  readonly package: string
  /** The namespace that the reference tool was told to generate for; only in its IR files. */
  readonly namespace: string | undefined
  readonly id: number
  readonly version: number
  readonly semanticVersion: string | undefined
  /** Empty where the form is read from an IR file, which does not have it. */
  readonly description: string
  readonly littleEndian: boolean
  /** Tokens of the message header composite. */
  readonly header: readonly Token[]
  /** Tokens of each declared enum, set and composite; from an IR file, of those that are used. */
  readonly types: readonly (readonly Token[])[]
  /** Tokens of each message, in the order of the file. */
  readonly messages: readonly (readonly Token[])[]
}
