import type { Encoding } from '../ir/encoding.ts'
import { isInteger64, PRIMITIVES } from '../parse/primitives.ts'
import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import type { Printer } from './printer.ts'
import type { PrintContext } from './context.ts'

const ACCESSORS: Readonly<Record<PrimitiveType, string>> = {
  char: 'Uint8',
  int8: 'Int8',
  uint8: 'Uint8',
  int16: 'Int16',
  uint16: 'Uint16',
  int32: 'Int32',
  uint32: 'Uint32',
  int64: 'BigInt64',
  uint64: 'BigUint64',
  float: 'Float32',
  double: 'Float64',
}

/** The null value of int64: not a safe integer, but exact as a number. */
const INT64_NULL = -(2n ** 63n)

/** Whether a null value can be told as a number. */
export function isNumberNull(value: PrimitiveValue): boolean {
  return value === INT64_NULL || Number.isSafeInteger(Number(value))
}

/** One scalar on the wire, and how TypeScript sees it. */
export interface Scalar {
  readonly encoding: Encoding
  /** Where it is, as an expression. */
  readonly at: string
  /** A 64-bit integer as a number. */
  readonly asNumber: boolean
  /** Message and field, for the errors of the generated code. */
  readonly name: string
}

/** Where a value of a header is. */
export interface Place {
  readonly encoding: Encoding
  readonly offset: number
}

/** `number` or `bigint`. */
export function scalarType(encoding: Encoding, asNumber: boolean): string {
  return isInteger64(encoding.primitiveType) && !asNumber ? 'bigint' : 'number'
}

/** A value as source text. */
export function literal(value: PrimitiveValue, asNumber = false): string {
  if (typeof value === 'bigint') {
    // Digits, and no calculation: bundlers drop a class whose static fields are literals.
    return asNumber ? String(value) : `${value}n`
  }
  return Object.is(value, -0) ? '-0' : Number.isNaN(value) ? 'Number.NaN' : String(value)
}

/** A string as source text. */
export function stringLiteral(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1)
  // In the quotes that need no escape, as a formatter would.
  if (text.includes("'") && !text.includes('"')) return `"${inside}"`
  return `'${inside.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** The expression that reads a scalar. */
export function readScalar(out: Printer, context: PrintContext, scalar: Scalar): string {
  const { encoding, at } = scalar
  const type = encoding.primitiveType
  if (scalar.asNumber && isInteger64(type)) {
    const kind = type === 'int64' ? 'Int64' : 'Uint64'
    const read = out.import(`get${kind}AsNumber${encoding.littleEndian ? 'Le' : 'Be'}`, context.runtime)
    return `${read}(this.#view, ${at}, ${stringLiteral(scalar.name)})`
  }
  if (PRIMITIVES[type].size === 1) return `this.#view.get${ACCESSORS[type]}(${at})`
  const read = out.import(`get${ACCESSORS[type]}${encoding.littleEndian ? 'Le' : 'Be'}`, context.runtime)
  return `${read}(this.#view, ${at})`
}

/** The statement that writes the expression `value` to a scalar, after checking that it fits. */
export function writeScalar(out: Printer, context: PrintContext, scalar: Scalar, value: string): string {
  const { encoding, at } = scalar
  const type = encoding.primitiveType
  const name = stringLiteral(scalar.name)
  if (scalar.asNumber && isInteger64(type)) {
    const kind = type === 'int64' ? 'Int64' : 'Uint64'
    const write = out.import(`put${kind}FromNumber${encoding.littleEndian ? 'Le' : 'Be'}`, context.runtime)
    return `${write}(this.#view, ${at}, ${value}, ${name})`
  }
  const { range } = PRIMITIVES[type]
  if (range === undefined) return writeUnchecked(encoding, at, value)
  const check = out.import(`check${ACCESSORS[type]}`, context.runtime)
  return writeUnchecked(encoding, at, `${check}(${value}, ${name})`)
}

/** The statement that writes an expression that is known to fit. */
export function writeUnchecked(encoding: Encoding, at: string, value: string): string {
  return `this.#view.set${ACCESSORS[encoding.primitiveType]}(${at}, ${value}${endian(encoding)})`
}

/**
 * The expression that reads a length or count from a view in a variable. Always as unsigned: what is negative in a
 * signed type is then too large for any message.
 */
export function readLength(
  out: Printer,
  context: PrintContext,
  encoding: Encoding,
  view: string,
  at: string,
): string {
  const { size } = PRIMITIVES[encoding.primitiveType]
  if (size === 8)
    return `${out.import('getLength64', context.runtime)}(${view}, ${at}, ${encoding.littleEndian})`
  return `${view}.getUint${size * 8}(${at}${endian(encoding)})`
}

/** The largest length or count that a type can carry and the schema allows, as source text. */
export function maxLength(encoding: Encoding): string {
  const max = encoding.maxValue ?? PRIMITIVES[encoding.primitiveType].maxValue
  return max > Number.MAX_SAFE_INTEGER ? 'Number.MAX_SAFE_INTEGER' : String(max)
}

/** The statement that writes a length or count that is known to fit; `value` is an expression of a number. */
export function writeLength(
  out: Printer,
  context: PrintContext,
  encoding: Encoding,
  view: string,
  at: string,
  value: string,
): string {
  if (isInteger64(encoding.primitiveType))
    return `${out.import('putLength64', context.runtime)}(${view}, ${at}, ${value}, ${encoding.littleEndian})`
  return `${view}.set${ACCESSORS[encoding.primitiveType]}(${at}, ${value}${endian(encoding)})`
}

/** Whether two values are next to each other on the wire, of 16 bits and in the same byte order, so that they are written as one. */
export function isPair(first: Place, second: Place): boolean {
  return (
    [first, second].every(({ encoding }) => PRIMITIVES[encoding.primitiveType].size === 2) &&
    first.encoding.littleEndian === second.encoding.littleEndian &&
    first.offset + 2 === second.offset
  )
}

/** The statement that writes a pair of expressions that are known to fit. */
export function writePair(
  encoding: Encoding,
  view: string,
  at: string,
  first: string | number,
  second: string | number,
): string {
  const [low, high] = encoding.littleEndian ? [first, second] : [second, first]
  return `${view}.setInt32(${at}, ${low} | (${high} << 16), ${encoding.littleEndian})`
}

function endian(encoding: Encoding): string {
  return PRIMITIVES[encoding.primitiveType].size === 1 ? '' : `, ${encoding.littleEndian}`
}

/** `base + offset` as source text. */
export function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`
}
