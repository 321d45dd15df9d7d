import type { Encoding } from './encoding.ts'
import type { Signal } from './signal.ts'

/** One element of the intermediate form. A schema is a flat list of them, in which BEGIN and END tokens nest. */
export interface Token {
  readonly signal: Signal
  readonly name: string
  /** Name of the declared type behind a type or ref; else that of the token. */
  readonly typeName: string
  /** Field, group, data or template id; -1 where there is none. */
  readonly id: number
  /** The version of the schema that brought it. */
  readonly version: number
  /** The version of the schema that deprecated it. */
  readonly deprecated: number | undefined
  readonly description: string
  /** Bytes from the start of the block or composite. */
  readonly offset: number
  /** Bytes on the wire: a block for messages and groups, 0 for constants and variable-length data. */
  readonly encodedLength: number
  /** Elements of an array; 1 for a single value. */
  readonly arrayLength: number
  /** Tokens up to and including the matching END token; 1 for those that have none. */
  readonly componentTokenCount: number
  readonly encoding: Encoding | undefined
  /** Line in the schema file. */
  readonly line: number
}

/** The intermediate form of a whole schema: all that printers need. */
export interface Ir {
  /** Name of the schema file, without its folder. */
  readonly file: string
  readonly package: string
  readonly id: number
  readonly version: number
  readonly description: string
  readonly littleEndian: boolean
  /** Tokens of the message header composite. */
  readonly header: readonly Token[]
  /** Tokens of each declared enum, set and composite. */
  readonly types: readonly (readonly Token[])[]
  /** Tokens of each message. */
  readonly messages: readonly (readonly Token[])[]
}
