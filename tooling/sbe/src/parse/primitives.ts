/** The primitive types of SBE. */
export type PrimitiveType =
  | 'char'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float'
  | 'double'

/** A value of a primitive type: bigint for the 64-bit integers, a character code for char, number for the rest. */
export type PrimitiveValue = number | bigint

/** What SBE says of a primitive type: its size and its default null, minimum and maximum values. */
export interface PrimitiveFacts {
  /** Bytes on the wire. */
  readonly size: number
  /** The range that the wire can carry; undefined for floating point. */
  readonly range: readonly [bigint, bigint] | undefined
  readonly nullValue: PrimitiveValue
  readonly minValue: PrimitiveValue
  readonly maxValue: PrimitiveValue
}

const MAX_FLOAT = 3.4028234663852886e38

function signed(bits: bigint): PrimitiveFacts {
  const half = 1n << (bits - 1n)
  const value = (n: bigint): PrimitiveValue => (bits === 64n ? n : Number(n))
  return {
    size: Number(bits / 8n),
    range: [-half, half - 1n],
    nullValue: value(-half),
    minValue: value(-half + 1n),
    maxValue: value(half - 1n),
  }
}

function unsigned(bits: bigint): PrimitiveFacts {
  const all = (1n << bits) - 1n
  const value = (n: bigint): PrimitiveValue => (bits === 64n ? n : Number(n))
  return {
    size: Number(bits / 8n),
    range: [0n, all],
    nullValue: value(all),
    minValue: value(0n),
    maxValue: value(all - 1n),
  }
}

/** Protocol: Simple Binary Encoding 1.0, field encoding, primitive types and their null values. */
export const PRIMITIVES: Readonly<Record<PrimitiveType, PrimitiveFacts>> = {
  char: { size: 1, range: [0n, 255n], nullValue: 0, minValue: 0x20, maxValue: 0x7e },
  int8: signed(8n),
  uint8: unsigned(8n),
  int16: signed(16n),
  uint16: unsigned(16n),
  int32: signed(32n),
  uint32: unsigned(32n),
  int64: signed(64n),
  uint64: unsigned(64n),
  float: { size: 4, range: undefined, nullValue: Number.NaN, minValue: -MAX_FLOAT, maxValue: MAX_FLOAT },
  double: {
    size: 8,
    range: undefined,
    nullValue: Number.NaN,
    minValue: -Number.MAX_VALUE,
    maxValue: Number.MAX_VALUE,
  },
}

/** Bytes of a primitive type on the wire. */
export const sizeOfPrimitive = (type: PrimitiveType): number => PRIMITIVES[type].size

/** The names of the primitive types, for error messages. */
export const PRIMITIVE_LIST: string = Object.keys(PRIMITIVES).join(', ')

/** Whether a name is that of a primitive type. */
export function isPrimitiveType(name: string): name is PrimitiveType {
  return Object.hasOwn(PRIMITIVES, name)
}

/** Whether the type is a 64-bit integer: a bigint unless the field is named as a number. */
export function isInteger64(type: PrimitiveType): boolean {
  return type === 'int64' || type === 'uint64'
}

/** Whether an integer type can carry a value. */
export function holds(type: PrimitiveType, value: number): boolean {
  const { range } = PRIMITIVES[type]
  return range !== undefined && value >= range[0] && value <= range[1]
}

/** The value that schema text stands for in a primitive type, or undefined when the type cannot hold it. */
export function parsePrimitiveValue(type: PrimitiveType, text: string): PrimitiveValue | undefined {
  const { range } = PRIMITIVES[type]
  if (range === undefined) {
    const value = parseFloating(text)
    // What is read from the wire can be compared with it.
    return value === undefined || type === 'double' ? value : Math.fround(value)
  }
  // A digit of a char is the character, as in the reference tool: validValue 1 of a char enum is '1'.
  if (type === 'char') return text.length === 1 && text < '\u0080' ? text.charCodeAt(0) : undefined
  if (!/^[+-]?[0-9]+$/.test(text) && !/^0x[0-9a-f]+$/i.test(text)) return undefined
  const value = BigInt(text)
  if (value < range[0] || value > range[1]) return undefined
  return isInteger64(type) ? value : Number(value)
}

function parseFloating(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? undefined : value
}
